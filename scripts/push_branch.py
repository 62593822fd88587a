r"""Put generated files on a branch of their own.

Usage: python3 -m scripts.push_branch --branch notebooks --commit SHA \
           --take _build/branch=. --take .binder

The branch holds those files and nothing else; a new commit replaces them all
and names the commit that they were made from. Colab and Binder open notebooks
from such a branch, because a site that is deployed from an artifact has none.
The token comes in the environment (`GH_TOKEN`) and never on a command line.
"""

import argparse
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["push"]

NAME = "github-actions[bot]"
MAIL = "41898282+github-actions[bot]@users.noreply.github.com"


def _environment(remote: str, token: str) -> dict[str, str]:
    """Return the environment of git: who commits, and the token as header."""
    env = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
    env |= {"GIT_AUTHOR_NAME": NAME, "GIT_COMMITTER_NAME": NAME}
    env |= {"GIT_AUTHOR_EMAIL": MAIL, "GIT_COMMITTER_EMAIL": MAIL}
    env.pop("GH_TOKEN", None)
    if token:
        secret = base64.b64encode(f"x-access-token:{token}".encode())
        env["GIT_CONFIG_COUNT"] = "1"
        env["GIT_CONFIG_KEY_0"] = f"http.{remote}.extraheader"
        env["GIT_CONFIG_VALUE_0"] = f"AUTHORIZATION: basic {secret.decode()}"
    return env


def _take(source: Path, target: Path) -> None:
    if not source.exists():
        raise FileNotFoundError(f"{source} does not exist: nothing to push")
    for path in [source, *source.rglob("*")]:
        if path.is_symlink():
            raise ValueError(f"{path} is a link; a branch gets files only")
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)  # a script stays executable


def push(
    remote: str,
    branch: str,
    commit: str,
    takes: list[tuple[Path, str]],
    token: str = "",
) -> bool:
    """Replace what `branch` holds; return whether anything changed.

    Parameters
    ----------
    remote
        Address of the repository.
    branch
        Name of the branch; it is made if it does not exist.
    commit
        The commit that the files were made from.
    takes
        What to take from here, and its place on the branch.
    token
        What lets us push over HTTPS.

    """
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise ValueError(f"received {commit!r} for a commit of 40 digits")
    env = _environment(remote, token)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def git(*words: str) -> str:
            done = subprocess.run(
                ["git", *words],
                cwd=root,
                env=env,
                check=True,
                text=True,
                stdout=subprocess.PIPE,
            )
            return done.stdout.strip()

        git("init", "--quiet", f"--initial-branch={branch}")
        if git("ls-remote", "--heads", remote, f"refs/heads/{branch}"):
            git("fetch", "--quiet", "--depth=1", remote, branch)
            git("reset", "--quiet", "--soft", "FETCH_HEAD")
            git("rm", "--quiet", "-r", "--cached", "--ignore-unmatch", ".")
        for source, place in takes:
            target = (root / place).resolve()
            if target != root.resolve() and root.resolve() not in (
                target.parents
            ):
                raise ValueError(f"{place} lies outside of the branch")
            _take(source, target)
        git("add", "--all", "--force")
        if not git("status", "--porcelain"):
            return False
        git("commit", "--quiet", "-m", f"Notebooks of {commit}")
        git("push", "--quiet", remote, f"HEAD:refs/heads/{branch}")
    return True


def _pair(text: str) -> tuple[Path, str]:
    source, _, place = text.partition("=")
    return Path(source), place or source


def main(argv: list[str] | None = None) -> int:
    """Push, say what happened; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.push_branch")
    parser.add_argument("--branch", required=True)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--remote", help="default: the repository of the run")
    parser.add_argument("--take", action="append", type=_pair, required=True)
    args = parser.parse_args(argv)
    remote = args.remote or "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}".format(
        **os.environ
    )
    token = os.environ.get("GH_TOKEN", "")
    changed = push(remote, args.branch, args.commit, args.take, token)
    print(f"{args.branch}: {'pushed' if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
