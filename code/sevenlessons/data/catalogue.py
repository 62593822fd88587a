"""The catalogue: every data set and every set of pretrained weights.

All facts stand in ``catalogue.json`` beside this file: what a set is, who
made it, its licence and flaws, where its bytes may come from (in order), and
the SHA-256 of what must lie in the cache in the end. Here they become frozen
dataclasses. Read next: `sources`, `archives`, `cache`, `cards`.
"""

import difflib
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = [
    "AptSource",
    "Content",
    "DataSet",
    "FileSpec",
    "GitSource",
    "PipSource",
    "Source",
    "TorchvisionSource",
    "TreeSpec",
    "UrlSource",
    "find_set",
    "load_catalogue",
    "sets_for_book",
]


@dataclass(frozen=True, kw_only=True)
class FileSpec:
    """Size in bytes and SHA-256 that one file must have."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class TreeSpec:
    """What a folder of many files must be.

    Parameters
    ----------
    keep
        Patterns of the names to keep, such as ``"*.png"``.
    count
        Number of files.
    size
        Bytes of all files together.
    sha256
        SHA-256 of the listing that ``sha256sum`` prints, sorted by name.

    """

    keep: tuple[str, ...]
    count: int
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """What must lie in the cache: single files, or a tree of files."""

    files: Mapping[str, FileSpec] = field(default_factory=dict)
    tree: TreeSpec | None = None

    @property
    def size(self) -> int:
        """Bytes on disk."""
        if self.tree is not None:
            return self.tree.size
        return sum(spec.size for spec in self.files.values())

    @property
    def count(self) -> int:
        """Number of files."""
        return self.tree.count if self.tree is not None else len(self.files)

    @property
    def fingerprint(self) -> str:
        """One SHA-256 that stands for the whole content."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Source:
    """One place where the bytes may come from.

    Parameters
    ----------
    kind
        ``wheel``, ``sdist``, ``deb``, ``git``, ``url`` or ``torchvision``.
    archive
        File name of the archive; empty where the source gives a folder.
    sha256
        SHA-256 of the archive; empty where only the content is checked.
    size
        Bytes of the archive; 0 where unknown.
    where
        For each file to keep, its path in the archive. ``a.tar.gz!b`` goes
        through a nested archive, ``a.gz|gunzip`` through a gzip layer.
    folder
        For a tree: the folder in the archive that holds it.

    """

    kind: str
    archive: str = ""
    sha256: str = ""
    size: int = 0
    where: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""

    @property
    def label(self) -> str:
        """A short name for lists and messages."""
        return f"{self.kind} {self.archive}"


@dataclass(frozen=True, kw_only=True)
class PipSource(Source):
    """A pinned wheel or sdist, fetched by pip as an archive."""

    requirement: str

    @property
    def label(self) -> str:
        return f"pip {self.kind} {self.requirement}"


@dataclass(frozen=True, kw_only=True)
class AptSource(Source):
    """A pinned Debian package."""

    package: str
    version: str

    @property
    def label(self) -> str:
        return f"apt {self.package}={self.version}"


@dataclass(frozen=True, kw_only=True)
class GitSource(Source):
    """A folder of a git repository at a tag."""

    repository: str
    tag: str

    @property
    def label(self) -> str:
        return f"git {self.repository} at {self.tag}"


@dataclass(frozen=True, kw_only=True)
class UrlSource(Source):
    """An archive at an https address."""

    url: str

    @property
    def label(self) -> str:
        return f"url {self.url}"


@dataclass(frozen=True, kw_only=True)
class TorchvisionSource(Source):
    """A data set that torchvision can download."""

    dataset: str

    @property
    def label(self) -> str:
        return f"torchvision.datasets.{self.dataset}"


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
    path = path or Path(__file__).with_name("catalogue.json")
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: _data_set(name, entries[name]) for name in entries}


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
    catalogue = load_catalogue()
    if name in catalogue:
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
