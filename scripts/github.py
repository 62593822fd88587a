"""Talk to GitHub through its own program `gh`, which hosted runners have.

Only the workflows use this, in jobs that run nobody else's code. The address
parts that come from an event are quoted, so that a branch called `a&b` stays
one value.
"""

import json
import subprocess
from typing import Any
from urllib.parse import quote, urlencode

__all__ = ["call", "fetch", "put_comment", "put_issue"]

Fields = dict[str, Any] | None
BOT = "github-actions[bot]"


def _run(arguments: list[str], given: bytes | None = None) -> bytes:
    done = subprocess.run(
        ["gh", "api", *arguments],
        input=given,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"gh api {' '.join(arguments)}: {told}")
    return done.stdout


def call(path: str, method: str = "GET", fields: Fields = None) -> Any:
    """Return the answer to a request as Python values.

    Parameters
    ----------
    path
        Such as `repos/OWNER/NAME/pulls`.
    method
        With GET the `fields` become the query, otherwise the JSON body.
    fields
        Names and values.

    """
    if method == "GET":
        query = f"?{urlencode(fields)}" if fields else ""
        return json.loads(_run([quote(path) + query]))
    body = json.dumps(fields or {}).encode()
    arguments = [quote(path), "--method", method, "--input", "-"]
    return json.loads(_run(arguments, body))


def fetch(path: str) -> bytes:
    """Return what lies at `path`, such as the zip of an artifact."""
    return _run([quote(path)])


def put_comment(repo: str, number: int, mark: str, text: str) -> str:
    """Write the one comment that carries `mark`; say what was done.

    A mark in somebody else's comment is not ours to edit.
    """
    path = f"repos/{repo}/issues/{number}/comments"
    page, old = 1, None
    while old is None:
        rows = call(path, fields={"per_page": 100, "page": page})
        ours = (r for r in rows if r["user"]["login"] == BOT)
        old = next((r for r in ours if r["body"].startswith(mark)), None)
        if len(rows) < 100:
            break
        page += 1
    body = {"body": f"{mark}\n{text}"}
    if old is None:
        call(path, "POST", body)
        return "written"
    call(f"repos/{repo}/issues/comments/{old['id']}", "PATCH", body)
    return "changed"


def put_issue(repo: str, title: str, text: str) -> str:
    """Open the issue called `title`, or comment on the one that is open."""
    fields = {"state": "open", "creator": BOT, "per_page": 100}
    rows = call(f"repos/{repo}/issues", fields=fields)
    same = [row for row in rows if row["title"] == title]
    if same:
        number = same[0]["number"]
        path = f"repos/{repo}/issues/{number}/comments"
        call(path, "POST", {"body": text})
        return f"commented on #{number}"
    made = call(f"repos/{repo}/issues", "POST", {"title": title, "body": text})
    return f"opened #{made['number']}"
