"""Put together what CI pushes to the branch that Colab and Binder open.

    .venv/bin/python -m scripts.launch.branch _build/branch

The folder then holds the launch notebooks, `.binder/` and the package: all
that Binder needs to build its machine, and nothing else.
"""

import shutil
import sys
from pathlib import Path

__all__ = ["assemble", "main"]

PACKAGE = ("pyproject.toml", "README.md", "LICENSE", "code", ".binder")
SKIP = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.pyc")


def assemble(root: Path, target: Path) -> int:
    """Fill the empty folder `target`; return how many notebooks it got."""
    launch = root / "_build/launch"
    notebooks = sorted(launch.rglob("*.ipynb"))
    if not notebooks:
        raise FileNotFoundError(f"no notebook in {launch}; run make book")
    if target.is_dir() and any(p.name != ".git" for p in target.iterdir()):
        raise FileExistsError(f"{target} is not empty; choose another folder")
    target.mkdir(parents=True, exist_ok=True)
    for name in PACKAGE:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=SKIP)
        else:
            shutil.copy2(source, target / name)
    for path in notebooks:
        copy = target / path.relative_to(launch)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return len(notebooks)


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    if len(argv) != 1:
        print("usage: python -m scripts.launch.branch FOLDER")
        return 2
    root = Path(__file__).resolve().parents[2]
    count = assemble(root, Path(argv[0]))
    print(f"{count} notebooks, .binder and the package are in {argv[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
