"""Numbers that were typed where a measured one is due.

A figure in the prose has three honest forms. What this page measured comes
by glue (`{glue:text}`), what another page measured from the ledger
(`{result}`), what somebody else measured or declared is `{quoted}` with its
source. What a reader may choose (an input, a definition) is set as code or
math. Everything else that looks like a measurement is a fault: it would stay
on the page when the truth has moved on.
"""

import re
from typing import Any

from nbformat import NotebookNode

from .pages import code_cells
from .prose import prose_lines
from .results import RESULT_MIME

__all__ = ["matched_faults", "measured", "typed_faults"]

GLUE_MIME = "application/papermill.record/text/plain"
SIZE = r"(?:ms|µs|s|kB|KB|MB|GB|GiB|MiB|seconds)"
LOOKS_MEASURED = re.compile(
    r"(?<![\w.,-])"
    r"(?:\d+(?:\.\d+)?\s?(?:%|percent\b)"  # 92 %, 92.1%
    r"|\d+\.\d+"  # 0.92
    r"|\d{1,3}(?:,\d{3})+"  # 1,478
    rf"|\d+\s?{SIZE}\b"  # 90 s, 2 GB
    r"|\d+\stimes\s(?:as|faster|slower|more|less|quicker))"
)
NAMES = re.compile(  # a version, or the number of a page
    r"(?:Python|torch|torchvision|version|BY|Book|pages?|lessons?|section"
    r"|figure|equation|part|and|to)\s$",
    re.IGNORECASE,
)
WHOLE = re.compile(r"(?<![\w.,-])\d{3,}(?![\w.,]*\d)")
YEARS = range(1900, 2100)


def _is_free(line: str, match: re.Match[str]) -> bool:
    """Return whether the number names something instead of measuring."""
    text, before, after = match[0], line[: match.start()], line[match.end() :]
    if re.fullmatch(r"(0|50|100)\s?(%|percent)", text):
        return True
    if re.fullmatch(r"95\s?%", text):
        return re.match(r"\s*$|\s(interval|confid)", after) is not None
    is_name = re.fullmatch(r"\d\.\d+", text) is not None
    return is_name and NAMES.search(before) is not None


def typed_faults(text: str) -> list[str]:
    """Return one fault for each typed number that looks measured.

    Parameters
    ----------
    text
        The source of a page.

    Examples
    --------
    >>> typed_faults("It is right for 92.2 % of the photos.")[0][:27]
    "line 1: the typed number '9"
    >>> typed_faults("From Python 3.11 on; see page 2.1; `0.92` is code.")
    []

    """
    return [
        f"line {number}: the typed number {match[0]!r} looks measured"
        f" ({line.strip()[:50]!r} ...): use glue for what this page"
        " measured, {result} for another page's, {quoted} with its source"
        " for somebody else's; write inputs as code or math"
        for number, line in prose_lines(text)
        for match in LOOKS_MEASURED.finditer(line)
        if not _is_free(line, match)
    ]


def measured(notebook: NotebookNode) -> dict[str, str]:
    """Return the whole numbers that the run of a page put on record.

    Keys are the numbers as text, values are where they come from.
    """
    found: dict[str, str] = {}
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data: dict[str, Any] = output.get("data", {})
            row = data.get(RESULT_MIME)
            if row:
                found[str(row["n"])] = f"`n` of {row['key']}"
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            value = data.get(GLUE_MIME)
            if name and value is not None:
                found["".join(value)] = f"{{glue:text}}`{name}`"
    return {
        text: where
        for text, where in found.items()
        if text.isdigit() and len(text) > 2
    }


def matched_faults(text: str, notebook: NotebookNode) -> list[str]:
    """Return one fault for each typed whole number that the page measured."""
    known = measured(notebook)
    return [
        f"line {number}: the typed number {match[0]!r} is one that the run"
        f" put on record ({known[match[0]]}); quote it from there"
        for number, line in prose_lines(text)
        for match in WHOLE.finditer(line)
        if match[0] in known and int(match[0]) not in YEARS
    ]
