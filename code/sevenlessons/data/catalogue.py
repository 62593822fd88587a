"""The catalogue: every data set and every set of pretrained weights.

All facts stand in ``catalogue.json`` beside this file: what a set is, who
made it, its licence and flaws, where its bytes may come from (in order), and
the SHA-256 of what must lie in the cache in the end. Here they become frozen
dataclasses. Read next: `records`, `sources`, `unpack`, `cache`, `cards`.
"""

import difflib
import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .records import (
    AptSource,
    Content,
    FileSpec,
    GitSource,
    PipSource,
    Source,
    TorchvisionSource,
    TreeSpec,
    UrlSource,
)

__all__ = [
    "DataSet",
    "asked_for",
    "find_set",
    "load_catalogue",
    "sets_for_book",
]

_asked: set[str] = set()


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One entry of the catalogue; `sevenlessons.data.cards` prints it."""

    name: str
    title: str
    about: str
    made_by: str
    licence: str
    credit: str
    rows: int
    unit: str
    known_flaws: tuple[str, ...]
    used_for: str
    in_book: bool
    content: Content
    sources: tuple[Source, ...]


_KINDS: dict[str, type[Source]] = {
    "wheel": PipSource,
    "sdist": PipSource,
    "deb": AptSource,
    "git": GitSource,
    "url": UrlSource,
    "torchvision": TorchvisionSource,
}


def _content(entry: dict[str, Any]) -> Content:
    if "tree" in entry:
        tree = entry["tree"]
        return Content(tree=TreeSpec(**tree | {"keep": tuple(tree["keep"])}))
    files = entry["files"].items()
    return Content(files={name: FileSpec(**spec) for name, spec in files})


def _data_set(name: str, entry: dict[str, Any]) -> DataSet:
    facts = {k: v for k, v in entry.items() if k not in ("files", "tree")}
    facts["known_flaws"] = tuple(entry["known_flaws"])
    facts["sources"] = tuple(_KINDS[s["kind"]](**s) for s in entry["sources"])
    return DataSet(name=name, content=_content(entry), **facts)


@functools.cache
def _read(path: Path | None = None) -> dict[str, DataSet]:
    path = path or Path(__file__).with_name("catalogue.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: _data_set(name, entries[name]) for name in entries}


def asked_for() -> list[str]:
    """Return the entries that this process has looked up, sorted.

    The book's runner asks at the end of each page, so that a page runs again
    when an entry that it reads has changed, and only then. A star stands for
    all entries.

    Examples
    --------
    >>> unit = find_set("deep_sky").unit
    >>> "deep_sky" in asked_for()
    True

    """
    return sorted(_asked)


def load_catalogue(path: Path | None = None) -> dict[str, DataSet]:
    """Return all data sets by name.

    Parameters
    ----------
    path
        Another catalogue file; the package's own when None.

    Examples
    --------
    >>> load_catalogue()["mnist_5k"].rows
    5000

    """
    _asked.add("*")
    return _read(path)


def find_set(name: str) -> DataSet:
    """Return the entry `name`.

    Raises
    ------
    ValueError
        If there is none; the message names the closest one.

    Examples
    --------
    >>> find_set("deep_sky").unit
    'photos'

    """
    catalogue = _read()
    if name in catalogue:
        _asked.add(name)
        return catalogue[name]
    close = difflib.get_close_matches(name, catalogue, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise ValueError(
        f"unknown data set {name!r}; {hint}the data sets are "
        f"{', '.join(catalogue)}"
    )


def sets_for_book() -> list[str]:
    """Return the names of the sets that the pages of the book read.

    Examples
    --------
    >>> "deep_sky" in sets_for_book()
    True

    """
    return [s.name for s in load_catalogue().values() if s.in_book]
