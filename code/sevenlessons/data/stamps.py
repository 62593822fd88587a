"""The stamp that makes a complete folder known at little cost.

It holds the fingerprint of the content that was checked, and the size of
each file. Reading it again and looking at the sizes takes milliseconds.
"""

import json
from pathlib import Path

from .records import Content

__all__ = ["is_stamped", "remove_stamp", "write_stamp"]

_NAME = ".complete"


def is_stamped(content: Content, folder: Path) -> bool:
    """Tell whether `folder` is stamped as `content` and its sizes fit.

    Examples
    --------
    >>> is_stamped(Content(), Path("no such folder"))
    False

    """
    try:
        stamp = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        sizes: dict[str, int] = stamp["sizes"]
        if stamp["content"] != content.fingerprint:
            return False
        return all(
            (folder / name).stat().st_size == size
            for name, size in sizes.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write_stamp(content: Content, folder: Path) -> None:
    """Stamp `folder`, whose files were checked before, as `content`."""
    sizes = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _NAME
    }
    stamp = {"content": content.fingerprint, "sizes": sizes}
    (folder / _NAME).write_text(json.dumps(stamp), encoding="utf-8")


def remove_stamp(folder: Path) -> None:
    """Take the stamp away, so that the folder is checked at the next use."""
    (folder / _NAME).unlink(missing_ok=True)
