"""Examine a folder of pictures before anything is trained on it.

`verify_images` reads each file once and reports: what cannot be used, what is
there twice, and which picture stands on both sides of a split. It changes
nothing. `decisions` is the place to act on what it says.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from .duplicates import hash_pairs, same_pairs
from .filecheck import FileFacts, check_file
from .findings import Finding, FolderReport
from .images import MAX_PIXELS

__all__ = ["verify_images"]

PathLike = str | os.PathLike[str]
Sides = Sequence[str] | Mapping[Path, str] | None


def verify_images(
    paths: Sequence[PathLike],
    *,
    min_size: int = 32,
    max_pixels: int = MAX_PIXELS,
    max_distance: int = 5,
    splits: Sides = None,
) -> FolderReport:
    """Report what is wrong with picture files; nothing is changed.

    Parameters
    ----------
    paths
        The files, as `find_images` or a table's column ``path`` lists them.
    min_size
        Fewest pixels on the shorter side, at least 1.
    max_pixels
        A picture with more is reported and not decoded: a file of a few
        kilobytes can unfold into gigabytes.
    max_distance
        Two pictures are near duplicates if at most so many of the 144
        answers of their `difference_hash` differ; mirrored and turned copies
        count. -1 switches the search off.
    splits
        For each file the side it is on, such as ``"train"`` and
        ``"valid"``: a list in the order of `paths`, or a mapping.

    Returns
    -------
    FolderReport
        Shown as a table; ``report.of("truncated")`` lists one kind,
        ``report.to_csv(...)`` keeps all.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "web page.jpg"
    ...     _ = path.write_text("<html>no such picture</html>")
    ...     verify_images([path])
    1 file, 1 finding; nothing was changed
    not an image: 1 (the content is something else)
      web page.jpg: a web page

    """
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError(
            "paths must be a list of files, got only one; find_images lists "
            "those of a folder"
        )
    if min_size < 1:
        raise ValueError(f"min_size must be at least 1 pixel, got {min_size}")
    files = [Path(path) for path in paths]
    twice = same_pairs(files)
    if twice:
        raise ValueError(
            f"{files[twice[0][0]]} is listed twice; list each file once"
        )
    sides = _sides(files, splits)
    check = partial(check_file, min_size=min_size, max_pixels=max_pixels)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        facts = list(pool.map(check, files))
    findings = [found for fact in facts for found in fact.findings]
    for first, second, kind, detail in _pairs(facts, max_distance):
        names = files[second], detail, files[first]
        findings.append(Finding(kind, *names))
        if sides and sides[first] != sides[second]:
            findings.append(Finding("leak", *names))
    return FolderReport(files, findings, sides)


def _sides(files: Sequence[Path], splits: Sides) -> list[str]:
    """Return the side of each file, or an empty list."""
    if splits is None:
        return []
    if isinstance(splits, Mapping):
        without = [path for path in files if path not in splits]
        if without:
            raise ValueError(
                f"splits names no side for {len(without)} files, such as "
                f"{without[0]}"
            )
        return [splits[path] for path in files]
    if len(splits) != len(files):
        raise ValueError(
            f"splits must name one side a file, got {len(splits)} for "
            f"{len(files)} files"
        )
    return list(splits)


def _pairs(
    facts: Sequence[FileFacts], max_distance: int
) -> Iterator[tuple[int, int, str, str]]:
    """Yield each pair once, by the strongest reason: first, second, why."""
    seen = set()
    for key, words in (("content", "same bytes"), ("pixels", "same pixels")):
        rows = [i for i, fact in enumerate(facts) if getattr(fact, key)]
        for a, b in same_pairs([getattr(facts[i], key) for i in rows]):
            pair = rows[a], rows[b]
            if pair not in seen:
                seen.add(pair)
                yield *pair, "exact duplicate", words
    # an exact copy repeats the pairs of its original: leave it out
    copies = {second for _, second in seen}
    looks = {
        row: fact.views
        for row, fact in enumerate(facts)
        if fact.views is not None and row not in copies
    }
    if max_distance < 0 or not looks:
        return
    rows, views = list(looks), np.stack(list(looks.values()))
    for a, b, apart in hash_pairs(views, max_distance):
        words = f"{apart} of {views.shape[2]} answers of the hash differ"
        yield rows[a], rows[b], "near duplicate", words
