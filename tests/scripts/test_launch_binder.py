"""Binder gets what the site was built with; one file says where that is."""

import re
import subprocess
from pathlib import Path

import pytest
from scripts.launch.address import load_site
from scripts.launch.branch import assemble
from tests.launch.bare import dependencies

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("book", "scripts", ".github", ".binder")
PIN = re.compile(r"^([\w.-]+)==([\w.]+)(\+cpu)?$", re.M)


def pins(name):
    text = (ROOT / name).read_text()
    return {found[0]: found[1:] for found in PIN.findall(text)}


def faults():
    """Say where Binder's pins differ from those of the site."""
    site, binder = pins("requirements.txt"), pins(".binder/requirements.txt")
    wrong = [
        f"{name}: {version}, the site has {site.get(name)}"
        for name, (version, _) in binder.items()
        if site.get(name, ("",))[0] != version
    ]
    for line in dependencies():
        name = re.match(r"[\w.-]+", line)[0]
        if name not in binder:
            wrong.append(f"{name} is missing")
    return wrong


def test_binder_has_the_versions_of_the_site():
    assert faults() == []
    binder = pins(".binder/requirements.txt")
    assert {n for n in binder if binder[n][1]} == {"torch", "torchvision"}
    assert not set(binder) & {"jupyter-book", "sphinx", "pytest", "myst-nb"}


def test_what_colab_brings_may_stay():
    """Lower bounds only: pip replaces nothing that is new enough."""
    for line in dependencies():
        assert re.fullmatch(r"[\w-]+>=[\d.]+", line), line


def test_the_steps_of_binder_can_run():
    for name in ("postBuild", "start"):
        path = ROOT / ".binder" / name
        assert path.stat().st_mode & 0o111, f"{name} is not executable"
        subprocess.run(["bash", "-n", str(path)], check=True)
    assert (ROOT / ".binder/runtime.txt").read_text() == "python-3.11\n"


def tracked(*folders):
    command = ["git", "ls-files", "-z", *folders]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    for name in done.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            yield name, path.read_bytes().decode(errors="ignore")


def strays(files, slug):
    """Return the files that name the repository beside the one place."""
    words = ["ORG/REPO"] + ([slug] if slug else [])
    allowed = {"book/site.toml", "scripts/launch/address.py"}
    return [
        name
        for name, text in files
        if name not in allowed and any(word in text for word in words)
    ]


def test_one_file_says_where_the_book_lives():
    slug = load_site(ROOT / "book/site.toml").slug
    assert strays(tracked(*FOLDERS), slug) == []
    assert strays([("book/a.md", "https://github.com/a/b")], "a/b")
    assert strays([("scripts/b.py", "/ORG/REPO/")], "")


def test_one_file_knows_the_services():
    hosts = ("colab.research.google.com", "mybinder.org")
    found = [
        name
        for name, text in tracked(*FOLDERS)
        if any(host in text for host in hosts)
    ]
    assert set(found) <= {"scripts/launch/address.py"}


def test_the_branch_has_all_that_binder_needs(tmp_path):
    root = tmp_path / "root"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        root.mkdir(exist_ok=True)
        (root / name).write_text(name)
    for name in ("code/p/a.py", "code/p/__pycache__/a.pyc", ".binder/start"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    with pytest.raises(FileNotFoundError, match="run make book"):
        assemble(root, tmp_path / "branch")
    notebook = root / "_build/launch/lesson1/page.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{}")
    assert assemble(root, tmp_path / "branch") == 1
    made = {
        p.relative_to(tmp_path / "branch").as_posix()
        for p in (tmp_path / "branch").rglob("*")
        if p.is_file()
    }
    assert made == {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "code/p/a.py",
        ".binder/start",
        "lesson1/page.ipynb",
    }
    with pytest.raises(FileExistsError, match="is not empty"):
        assemble(root, tmp_path / "branch")
