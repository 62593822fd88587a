"""Entry of ``python -m sevenlessons``: see `sevenlessons.cli.main`."""

import sys

try:
    from sevenlessons.cli.main import main
except ModuleNotFoundError as error:
    sys.exit(
        f"sevenlessons needs the package {error.name!r}, which is missing "
        f"in {sys.executable}; run `make book`, or `pip install -e .` in "
        "the folder of the book"
    )

__all__ = []

if __name__ == "__main__":
    sys.exit(main())
