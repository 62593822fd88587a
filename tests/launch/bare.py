"""An environment with what `pip install` of the package and the extra brings.

Nothing is downloaded: the package is built into a wheel from a copy of the
checkout, and the files of what it depends on are linked from the environment
that runs the tests, as their RECORDs list them.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE")
# The kernel is what Colab, Binder and Jupyter bring.
KERNEL = ("ipykernel",)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(roots: Iterable[str]) -> list[str]:
    """Return the distributions that `roots` need here, transitively."""
    found, waiting = [], list(roots)
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonical(requirement.name)
        if name in found:
            continue
        found.append(name)
        for line in metadata.requires(name) or []:
            inner = Requirement(line)
            extras = {"", *requirement.extras}
            marker = inner.marker
            if marker is None or any(
                marker.evaluate({"extra": extra}) for extra in extras
            ):
                waiting.append(line)
    return sorted(found)


def dependencies() -> list[str]:
    """Return what pyproject.toml says that the pages need.

    That is what the package needs and the extra `lessons`, which the
    notebooks ask for.
    """
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"]
    (lessons,) = map(Requirement, extras["lessons"])
    more = [line for name in sorted(lessons.extras) for line in extras[name]]
    return [*project["dependencies"], *more]


def link(name: str, target: Path) -> None:
    """Link the files of one distribution into the folder `target`."""
    for file in metadata.distribution(name).files or []:
        if file.parts[0] == "..":
            continue  # a command or a manual page
        copy = target / file
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(file.locate())


def sources(target: Path) -> Path:
    """Copy what a wheel is built from, so that the checkout stays clean."""
    target.mkdir()
    for name in SOURCES:
        shutil.copy2(ROOT / name, target / name)
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "code", target / "code", ignore=skip)
    return target


def clean() -> dict[str, str]:
    """Return an environment in which nothing points to the checkout."""
    keep = ("HOME", "LANG", "PATH", "TMPDIR", "XDG_CACHE_HOME")
    keep += ("SEVENLESSONS_DATA", "SEVENLESSONS_PROGRESS")
    env = {name: os.environ[name] for name in keep if name in os.environ}
    return env | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


def pip(python: Path, *arguments: str, cwd: Path) -> None:
    """Let the pip of this environment install into that of `python`."""
    command = [sys.executable, "-m", "pip", f"--python={python}"]
    command += ["--disable-pip-version-check", "--no-input", *arguments]
    done = subprocess.run(
        command,
        cwd=cwd,
        env=clean(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def venv(folder: Path) -> Path:
    """Make an empty environment; return its Python."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    return folder / "bin/python"


def make(folder: Path) -> Path:
    """Return the Python of the bare environment made below `folder`."""
    python = venv(folder / "env")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = folder / "env/lib" / version / "site-packages"
    for name in closure([*dependencies(), *KERNEL]):
        link(name, packages)
    wheel = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index"]
    wheel += ["--no-build-isolation", "--disable-pip-version-check", "-q"]
    wheel += ["-w", str(folder), str(sources(folder / "sources"))]
    subprocess.run(wheel, check=True, cwd=folder, capture_output=True)
    (built,) = folder.glob("sevenlessons-*.whl")
    pip(python, "install", "--no-deps", "--no-index", str(built), cwd=folder)
    shutil.rmtree(folder / "sources")
    return python


def kernel(folder: Path, python: Path) -> Path:
    """Describe `python` as the kernel `bare`; return Jupyter's folder."""
    spec = folder / "share/kernels/bare"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        f'{{"argv": ["{python}", "-m", "ipykernel_launcher", "-f",'
        ' "{connection_file}"], "display_name": "bare",'
        ' "language": "python"}'
    )
    return folder / "share"
