"""Open one issue when the weekly run is red, or add to the open one.

Called by `.github/workflows/weekly.yml` with everything in the environment:
`NEEDS` holds the results of the other jobs as JSON.
"""

import json
import os
import sys
from collections.abc import Mapping

from scripts import github

__all__ = ["report"]

TITLE = "The weekly run without caches is red"


def report(needs: Mapping[str, Mapping[str, object]], address: str) -> str:
    """Return what to write, or nothing if no job failed.

    Parameters
    ----------
    needs
        The `needs` context: for each job its `result`.
    address
        Of the run.

    """
    bad = sorted(
        name for name, job in needs.items() if job["result"] == "failure"
    )
    if not bad:
        return ""
    names = ", ".join(f"`{name}`" for name in bad)
    return (
        f"Red: {names}. See [the run]({address}).\n\n"
        "Nothing was cached: a package, a data source or a link outside may"
        " have changed, or a number left its band. Close this issue when the"
        " next run is green.\n"
    )


def main(given: Mapping[str, str]) -> int:
    """Write the issue where there is a reason; return the exit status."""
    repo = given["GITHUB_REPOSITORY"]
    run = int(given["GITHUB_RUN_ID"])
    address = f"{given['GITHUB_SERVER_URL']}/{repo}/actions/runs/{run}"
    text = report(json.loads(given["NEEDS"]), address)
    if not text:
        print("weekly: no job failed, no issue")
        return 0
    print(f"weekly: {github.put_issue(repo, TITLE, text)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
