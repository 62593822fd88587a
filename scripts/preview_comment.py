"""Tell a pull request where its preview is and what its pages measured.

Second step of a preview: the first ran the pull request's code and had no
rights; this one has the right to comment and runs none of that code. What
the first step left is data from a stranger. It is read with limits, and only
names, numbers and known words of it are shown.

Called by `.github/workflows/preview.yml` with everything in the environment.
"""

import io
import json
import math
import os
import re
import stat
import sys
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from scripts import github

__all__ = ["comment", "find_pull_request", "results_table", "safe_files"]

MARK = "<!-- preview of the book -->"
DATA, SITE = "preview-data", "site-3.12"
MAX_ZIP, MAX_FILE, MAX_FILES, MAX_ROWS = 2**20, 2**20, 20, 300
KEY = re.compile(r"[a-z0-9_]{1,40}(/[a-z0-9_]{1,60}){1,3}")
UNIT = re.compile(r"[A-Za-z0-9 %/²]{0,16}")
PAGE = re.compile(r"[a-z0-9_/-]{1,80}\.html")
HEAD = re.compile(r"[A-Za-z ]{1,30}")
CELL = re.compile(r"\d{1,9}|yes|no")


def safe_files(data: bytes) -> dict[str, bytes]:
    """Return the files of an untrusted zip; nothing is written to disk.

    Raises
    ------
    ValueError
        If the zip is too large, holds too much, or names a path outside.

    """
    if len(data) > MAX_ZIP:
        raise ValueError(f"the artifact has {len(data)} bytes, over {MAX_ZIP}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise ValueError(f"the artifact is no zip: {error}") from error
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise ValueError(f"the artifact holds {len(entries)} files")
    found = {}
    for entry in entries:
        path = PurePosixPath(entry.filename)
        wild = path.is_absolute() or ".." in path.parts
        if wild or "\\" in entry.filename or ":" in entry.filename:
            raise ValueError(f"the artifact names {entry.filename!r}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ValueError(f"{entry.filename!r} is a link")
        if entry.is_dir():
            continue
        if entry.filename in found:
            raise ValueError(f"{entry.filename!r} is there twice")
        with archive.open(entry) as file:  # the header may lie on the size
            content = file.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            raise ValueError(f"{entry.filename!r} is over {MAX_FILE} bytes")
        found[entry.filename] = content
    return found


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{type(value).__name__} where a number is due")
    if not math.isfinite(value):
        raise ValueError("a number that is not finite")
    return f"{value:.4g}"


def _text(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("a text that is not what is expected there")
    return value


def _row(row: Any) -> list[str]:
    key = _text(KEY, row["key"])
    value = f"{_number(row['value'])} {_text(UNIT, row.get('unit', ''))}"
    span = row.get("interval")
    if span is not None:
        low, high = span
        span = f"{_number(low)} to {_number(high)}"
    return [f"`{key}`", value.strip(), span or "none", _number(row["n"])]


def results_table(data: bytes) -> str:
    """Return the ledger in `data` as Markdown; odd rows are counted only."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        return "The results could not be read.\n"
    lines, odd = [], 0
    for row in rows[:MAX_ROWS]:
        try:
            lines.append(_row(row))
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            OverflowError,
        ):
            odd += 1
    odd += len(rows[MAX_ROWS:])
    text = "| result | value | interval | n |\n| --- | --- | --- | --- |\n"
    text += "".join(f"| {' | '.join(line)} |\n" for line in lines)
    if odd:
        text += (
            f"\n{odd} rows were not what a ledger holds and are left out.\n"
        )
    return text


def weights_table(data: bytes) -> str:
    """Return the table of weights in `data`, or nothing if it is none.

    It is Markdown already, but a stranger's: it is taken apart, and what is
    neither a page nor a number ends it.
    """
    rows = []
    for line in data.decode(errors="replace").splitlines()[:MAX_ROWS]:
        if line.startswith("|") and not line.startswith("| ---"):
            rows.append([c.strip() for c in line.strip("| ").split("|")])
    try:
        lines = [[_text(HEAD, head) for head in rows[0]]]
        lines.append(["---"] * len(rows[0]))
        for page, *cells in rows[1:]:
            good = [_text(CELL, cell) for cell in cells]
            lines.append([f"`{_text(PAGE, page)}`", *good])
    except (ValueError, IndexError):
        return ""
    text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"\nFirst visit, kilobytes:\n\n{text}"


def comment(
    artifacts: Mapping[str, int], run: str, data: Mapping[str, bytes]
) -> str:
    """Return the text of the comment.

    Parameters
    ----------
    artifacts
        Name and number of what the run uploaded.
    run
        Address of the run.
    data
        What the run left: the results ledger and the table of weights, as
        untrusted bytes.

    """
    lines = [f"The pages ran on the CPU in [this run]({run})."]
    if SITE in artifacts:
        link = f"{run}/artifacts/{artifacts[SITE]}"
        lines.append(
            f"[Download the site]({link}), unpack it, and look at it with"
            " `python -m http.server` in its folder."
        )
    else:
        lines.append("It built no site; its log says why.")
    results = results_table(data.get("results.json", b""))
    weights = weights_table(data.get("reports/weight.md", b""))
    return "\n".join([*lines, "", results + weights])


def find_pull_request(
    repo: str, owner: str, branch: str, commit: str
) -> int | None:
    """Return the open pull request whose newest commit is `commit`.

    The event does not name the pull request of a fork, and the artifact is
    not believed: GitHub is asked.
    """
    fields = {"state": "open", "head": f"{owner}:{branch}", "per_page": 100}
    rows = github.call(f"repos/{repo}/pulls", fields=fields)
    same = [row["number"] for row in rows if row["head"]["sha"] == commit]
    return int(same[0]) if len(same) == 1 else None


def main(given: Mapping[str, str]) -> int:
    """Write the comment; return the exit status."""
    repo, run = given["GITHUB_REPOSITORY"], int(given["RUN_ID"])
    commit = _text(re.compile(r"[0-9a-f]{40}"), given["HEAD_SHA"])
    number = find_pull_request(
        repo, given["HEAD_OWNER"], given["HEAD_BRANCH"], commit
    )
    if number is None:
        print("preview: no single open pull request ends in this commit")
        return 0
    path = f"repos/{repo}/actions/runs/{run}/artifacts"
    listed = github.call(path, fields={"per_page": 100})["artifacts"]
    rows = sorted(listed, key=lambda row: row["id"])  # the newest wins
    artifacts = {r["name"]: int(r["id"]) for r in rows if not r["expired"]}
    sizes = {r["name"]: int(r["size_in_bytes"]) for r in rows}
    data = {}
    if DATA in artifacts and sizes[DATA] <= MAX_ZIP:
        path = f"repos/{repo}/actions/artifacts/{artifacts[DATA]}/zip"
        data = safe_files(github.fetch(path))
    address = f"{given['GITHUB_SERVER_URL']}/{repo}/actions/runs/{run}"
    text = comment(artifacts, address, data)
    done = github.put_comment(repo, number, MARK, text)
    print(f"preview: comment {done} on pull request {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
