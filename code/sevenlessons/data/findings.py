"""What was found wrong with a folder of pictures: a report to read and keep.

A report only tells. It deletes nothing, moves nothing and has no method that
would; what to do about a finding is a decision of its own (`decisions`).
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path

import pandas as pd

__all__ = ["Finding", "FolderReport"]

# kind of finding: what it means; faults first
FAULTS = {
    "empty": "0 bytes",
    "not an image": "the content is something else",
    "truncated": "cut off or damaged: it cannot be decoded to its end",
    "wrong name": "the content is an image of another format than the name",
    "too small": "fewer pixels on one side than asked for",
    "too large": "more pixels than allowed; it was not decoded",
    "exact duplicate": "the same bytes, or the same pixels, as another file",
    "near duplicate": "looks like another file",
    "leak": "the same picture on both sides of the split",
}
NOTES = {
    "mode": "stored in another way than 8-bit RGB; it is converted",
    "turned": "the camera says in EXIF how to turn it; it is turned",
}
KINDS = {**FAULTS, **NOTES}
UNREADABLE = ("empty", "not an image", "truncated", "too large")
_SHOWN = 5  # files a kind that are printed


@dataclass(frozen=True)
class Finding:
    """One thing about one file.

    Parameters
    ----------
    kind
        One of `KINDS`.
    path
        The file.
    detail
        What was found, in words.
    other
        The other file of a pair; None where there is none.

    Examples
    --------
    >>> Finding("empty", Path("a.jpg"), "0 bytes").is_fault
    True

    """

    kind: str
    path: Path
    detail: str = ""
    other: Path | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"no finding is called {self.kind!r}; there are "
                f"{', '.join(KINDS)}"
            )

    @property
    def is_fault(self) -> bool:
        """Whether something should be done; notes are for information."""
        return self.kind in FAULTS


@dataclass(frozen=True)
class FolderReport:
    """All findings about a list of files; shown as text or as HTML.

    Parameters
    ----------
    paths
        Every file that was looked at, in order.
    findings
        What was found.
    sides
        For each file the side of the split it is on; empty without a split.

    Examples
    --------
    >>> report = FolderReport(
    ...     [Path("a.jpg"), Path("b.jpg")],
    ...     [Finding("empty", Path("a.jpg"), "0 bytes")],
    ... )
    >>> report
    2 files, 1 finding; nothing was changed
    empty: 1 (0 bytes)
      a.jpg: 0 bytes
    >>> report.usable
    [PosixPath('b.jpg')]

    """

    paths: Sequence[Path]
    findings: Sequence[Finding]
    sides: Sequence[str] = ()

    def of(self, kind: str) -> list[Finding]:
        """Return the findings of one kind."""
        if kind not in KINDS:
            raise ValueError(
                f"no finding is called {kind!r}; there are {', '.join(KINDS)}"
            )
        return [found for found in self.findings if found.kind == kind]

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each kind that occurs."""
        found = Counter(finding.kind for finding in self.findings)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    @property
    def faults(self) -> list[Finding]:
        """The findings that something should be done about."""
        return [finding for finding in self.findings if finding.is_fault]

    @property
    def usable(self) -> list[Path]:
        """The files that can be decoded, duplicates included."""
        broken = {
            finding.path
            for finding in self.findings
            if finding.kind in UNREADABLE
        }
        return [path for path in self.paths if path not in broken]

    def with_pairs(
        self, pairs: Iterable[tuple[Path, Path, float]], how: str
    ) -> "FolderReport":
        """Return a report that also names pairs found in another way.

        Parameters
        ----------
        pairs
            Two files and how similar they are.
        how
            What was compared, in words.

        Pairs that the report holds already are left out. A pair with one
        file on each side of the split is a leak as well.
        """
        known = {
            frozenset((found.path, found.other))
            for found in self.findings
            if found.kind in ("exact duplicate", "near duplicate")
        }
        side = dict(zip(self.paths, self.sides, strict=bool(self.sides)))
        extra = []
        for first, second, similarity in pairs:
            if frozenset((first, second)) in known:
                continue
            detail = f"{how} {similarity:.2f}"
            found = Finding("near duplicate", second, detail, first)
            extra.append(found)
            if side.get(first) != side.get(second):
                extra.append(replace(found, kind="leak"))
        return replace(self, findings=[*self.findings, *extra])

    def frame(self) -> pd.DataFrame:
        """Return one row a finding: kind, path, detail, other."""
        names = ["kind", "path", "detail", "other"]
        rows = [asdict(finding) for finding in self.findings]
        return pd.DataFrame(rows, columns=names)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the findings to a new csv file and return its path.

        Raises
        ------
        FileExistsError
            If there is such a file already: nothing is overwritten.

        """
        path = Path(path)
        with open(path, "x", encoding="utf-8", newline="") as file:
            self.frame().to_csv(file, index=False)
        return path

    def __repr__(self) -> str:
        lines = [self._title()]
        for kind, count in self.counts().items():
            lines.append(f"{kind}: {count} ({KINDS[kind]})")
            shown = self.of(kind)[:_SHOWN]
            lines += [f"  {_line(finding)}" for finding in shown]
            if count > _SHOWN:
                lines.append(f"  and {count - _SHOWN} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = []
        for kind, count in self.counts().items():
            files = "<br>".join(
                escape(_line(finding)) for finding in self.of(kind)[:_SHOWN]
            )
            if count > _SHOWN:
                files += f"<br>and {count - _SHOWN} more"
            rows.append(
                f'<tr><th scope="row" style="text-align:left">{escape(kind)}'
                f"<br><small>{escape(KINDS[kind])}</small></th>"
                f'<td style="text-align:right">{count}</td>'
                f'<td style="text-align:left">{files}</td></tr>'
            )
        return (
            '<div style="overflow-x:auto" tabindex="0" role="group" '
            'aria-label="Report on the files"><table class="book-table">'
            f"<caption>{escape(self._title())}</caption><thead><tr>"
            '<th scope="col">finding</th><th scope="col">how many</th>'
            '<th scope="col">files</th></tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def _title(self) -> str:
        count = len(self.findings)
        things = "finding" if count == 1 else "findings"
        files = "file" if len(self.paths) == 1 else "files"
        return (
            f"{len(self.paths)} {files}, {count} {things}; nothing was changed"
        )


def _line(finding: Finding) -> str:
    """Return a finding as one line: short names, then what was found."""
    pair = "" if finding.other is None else f" = {finding.other.name}"
    return f"{finding.path.name}{pair}: {finding.detail}"
