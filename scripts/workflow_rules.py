"""What this repository asks of its workflows beyond what linters know.

A workflow is written down once and runs for years where nobody looks. So:
every job has a time limit and says its rights; whoever runs a stranger's code
has neither rights nor secrets; text from an event never becomes a command;
an action is the one commit that was read; no cache falls back to an older
state; what a step calls exists.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

__all__ = ["faults", "load"]

PINNED = re.compile(r"uses:\s+\S+@[0-9a-f]{40} # v\d+(\.\d+)*\s*$")
MODULE = re.compile(r"-m (scripts[\w.]*)")
TARGET = re.compile(r"(?:^|[\s;&|])make ([a-z][a-z-]*)")
OWN = "github.event.pull_request.head.repo.full_name == github.repository"
ON_MAIN = "github.ref == 'refs/heads/main'"
NO_PULL = "github.event_name != 'pull_request'"
Job = dict[str, Any]


def load(text: str) -> dict[str, Any]:
    """Return a workflow; YAML 1.1 reads its key `on` as true."""
    found = yaml.safe_load(text)
    found["on"] = found.pop(True, found.get("on"))
    if not isinstance(found["on"], dict):
        events = found["on"]
        events = [events] if isinstance(events, str) else events or []
        found["on"] = dict.fromkeys(events)
    return found


def _steps(job: Job) -> list[dict[str, Any]]:
    return job.get("steps", [])


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield str(key)
            yield from _strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from _strings(child)
    else:
        yield str(value)


def _writes(rights: object) -> bool:
    return rights == "write-all" or "write" in _strings(rights or {})


def _whole(flow: dict[str, Any]) -> Iterator[str]:
    if flow.get("permissions") not in ({}, {"contents": "read"}):
        yield "must start from `permissions: {}`; a job asks for what it needs"
    if flow.get("defaults", {}).get("run", {}).get("shell") != "bash":
        yield "needs `defaults: run: shell: bash`, which fails in a pipe too"
    if "concurrency" not in flow:
        yield "has no concurrency group"
    if "pull_request_target" in flow["on"]:
        yield "uses pull_request_target, which gives a stranger our rights"


def _checkout(flow: dict[str, Any], step: dict[str, Any]) -> Iterator[str]:
    options = step.get("with", {})
    if options.get("persist-credentials") is not False:
        yield "checks out without `persist-credentials: false`"
    if "workflow_run" in flow["on"] and {"ref", "repository"} & set(options):
        yield "checks out something else than the default branch"


def _step(flow: dict[str, Any], step: dict[str, Any]) -> Iterator[str]:
    command = step.get("run", "")
    if "${{" in command:
        yield "puts an expression into a command; pass it through `env`"
    if step.get("uses", "").startswith("actions/checkout@"):
        yield from _checkout(flow, step)
    if "restore-keys" in step.get("with", {}):
        yield "falls back to an older cache: a run that is no run"


def _rights(flow: dict[str, Any], job: Job) -> Iterator[str]:
    """Yield where rights and strangers' code meet."""
    rights, when = job.get("permissions"), str(job.get("if", ""))
    main_only = ON_MAIN in when and NO_PULL in when and "||" not in when
    stranger = "pull_request" in flow["on"] and not main_only
    secret = any("secrets." in text for text in _strings(job))
    token = any("github.token" in text for text in _strings(job))
    if stranger and _writes(rights):
        yield "may run for a pull request and has a right to write"
    if stranger and (secret or token):
        yield "may run for a pull request and is given a secret"
    if _writes(rights) and any(
        re.search(r"\bmake\b|\.ci/run|pip install", step.get("run", ""))
        for step in _steps(job)
    ):
        yield "builds or installs with a right to write; use another job"
    if "self-hosted" in _strings(job.get("runs-on", "")):
        if rights != {"contents": "read"} or secret or token:
            yield "has more than `contents: read` on our own machine"
        if stranger and OWN not in when:
            yield f"runs a fork's code on our own machine; needs `{OWN}`"


def _job(flow: dict[str, Any], job: Job) -> Iterator[str]:
    if not isinstance(job.get("timeout-minutes"), int):
        yield "has no timeout-minutes"
    if "permissions" not in job:
        yield "does not say its permissions"
    yield from _rights(flow, job)
    for step in _steps(job):
        yield from _step(flow, step)


def _named(root: Path, flow: dict[str, Any]) -> Iterator[str]:
    """Yield what steps call that does not exist."""
    jobs = flow.get("jobs", {}).values()
    commands = [s["run"] for j in jobs for s in _steps(j) if "run" in s]
    text = "\n".join(commands)
    for name in sorted(set(MODULE.findall(text))):
        path = root.joinpath(*name.split("."))
        if not (path.with_suffix(".py").is_file() or path.is_dir()):
            yield f"calls {name}, which does not exist"
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for name in sorted(set(TARGET.findall(text))):
        if not re.search(rf"^{name}:", makefile, re.MULTILINE):
            yield f"calls make {name}, which the Makefile does not have"
    for name in sorted(set(re.findall(r"(?m)^\.ci/\S+", text))):
        if not (root / name).is_file():
            yield f"calls {name}, which does not exist"


def faults(path: Path, root: Path) -> list[str]:
    """Return what is wrong with the workflow at `path`.

    Parameters
    ----------
    path
        The workflow.
    root
        The repository whose Makefile and scripts its steps call.

    """
    text = path.read_text(encoding="utf-8")
    flow = load(text)
    found = [*_whole(flow), *_named(root, flow)]
    for name, job in flow.get("jobs", {}).items():
        found += [f"job {name} {fault}" for fault in _job(flow, job)]
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*(- )?uses:", line) and not PINNED.search(line):
            found.append(
                f"line {number}: an action is pinned by its commit, with the"
                " version behind it: `uses: owner/name@<40 digits> # v1.2.3`"
            )
    return [f"{path.name}: {fault}" for fault in found]
