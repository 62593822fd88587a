"""Twenty photos of ImageNet, to ask a network of 1000 classes what it sees.

The file name holds the class number: ``imagenet_07_609.jpg`` is photo 7, of
class 609.
"""

import re
from pathlib import Path

from .cache import ensure

__all__ = ["load"]

_NAME = re.compile(r"imagenet_\d+_(\d+)\.jpg$")


def load(folder: Path | None = None) -> list[tuple[Path, int]]:
    """Return the path and the class number, 0 to 999, of each photo.

    Parameters
    ----------
    folder
        Where the photos are; fetched when None.

    Examples
    --------
    >>> path, number = load()[7]  # doctest: +SKIP
    >>> path.name, number  # doctest: +SKIP
    ('imagenet_07_609.jpg', 609)

    """
    folder = ensure("imagenet_20") if folder is None else Path(folder)
    found = [
        (path, int(match[1]))
        for path in sorted(folder.iterdir())
        if (match := _NAME.match(path.name))
    ]
    if not found:
        raise ValueError(
            f"no photo named like imagenet_07_609.jpg in {folder}; delete "
            "the folder, and it is fetched again"
        )
    return found
