"""What the catalogue records of a data set: its content and its sources.

`Content` says what must lie in the cache in the end, to the byte. A `Source`
says where it may come from; there is one class a kind.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

__all__ = [
    "AptSource",
    "Content",
    "FileSpec",
    "GitSource",
    "PipSource",
    "Source",
    "TorchvisionSource",
    "TreeSpec",
    "UrlSource",
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
