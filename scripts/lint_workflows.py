"""Check the workflows with every tool that is at hand.

Usage: python -m scripts.lint_workflows [--need-actionlint] [--online]

zizmor looks for holes, check-jsonschema for misspelt keys, actionlint for
wrong expressions and shell, `workflow_rules` for what this repository asks.
actionlint is a program that not every machine can install (scripts/install.sh
tries): where it is not, this says so and goes on, unless it is asked to be
there.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import workflow_rules

__all__ = ["lint"]

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = "vendor.github-workflows"


def _program(name: str) -> str | None:
    """Return where `name` is: beside this Python, or on the PATH."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name)


def _run(title: str, command: list[str]) -> bool:
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"{title}: {'clean' if done.returncode == 0 else 'RED'}")
    if done.returncode:
        print(done.stdout.rstrip())
    return done.returncode == 0


def lint(
    files: list[Path],
    root: Path,
    *,
    need_actionlint: bool = False,
    online: bool = False,
) -> bool:
    """Run all linters over `files`; return whether all are content.

    Parameters
    ----------
    files
        The workflows.
    root
        The repository that they call.
    need_actionlint
        Whether a machine without actionlint is a failure.
    online
        Whether zizmor may ask GitHub if a commit is the version that its
        comment says (needs `GH_TOKEN`).

    """
    if not files:
        print("workflows: none found, so nothing was checked")
        return False
    names = [str(path) for path in files]
    found = [fault for p in files for fault in workflow_rules.faults(p, root)]
    print(f"rules: {'clean' if not found else 'RED'}")
    for fault in found:
        print(f"FAULT  {fault}")
    good = [not found]
    # The strictest look: smells count, and so do findings it is unsure of.
    holes = ["--persona=auditor", "--strict-collection", "--quiet"]
    holes += [] if online else ["--offline"]
    tools = {
        "zizmor": [*holes, *names],
        "check-jsonschema": ["--builtin-schema", SCHEMA, *names],
        "actionlint": names,
    }
    for tool, arguments in tools.items():
        program = _program(tool)
        if program:
            good.append(_run(tool, [program, *arguments]))
        elif tool == "actionlint" and not need_actionlint:
            print("actionlint: not on this machine, NOT RUN; CI has it")
        else:
            print(f"{tool}: is not installed, so nothing was checked")
            good.append(False)
    return all(good)


def main(argv: list[str] | None = None) -> int:
    """Lint; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.lint_workflows")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--need-actionlint", action="store_true")
    parser.add_argument("--online", action="store_true")
    args = parser.parse_args(argv)
    folder = args.folder or ROOT / ".github" / "workflows"
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    good = lint(
        files,
        ROOT,
        need_actionlint=args.need_actionlint,
        online=args.online,
    )
    print(f"workflows: {len(files)} files, {'sound' if good else 'RED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
