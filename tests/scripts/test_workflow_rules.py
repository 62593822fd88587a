"""What this repository asks of its workflows, and that each rule can fail."""

from pathlib import Path

import pytest

from scripts import workflow_rules

ROOT = Path(__file__).resolve().parents[2]
FLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
SOUND = f"""\
name: test
on:
  pull_request:
permissions: {{}}
concurrency:
  group: test-${{{{ github.ref }}}}
  cancel-in-progress: true
defaults:
  run:
    shell: bash
jobs:
  one:
    name: one
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # to check out
    steps:
      - uses: {CHECKOUT}
        with:
          persist-credentials: false
      - name: say it
        env:
          TITLE: ${{{{ github.event.pull_request.title }}}}
        run: echo "$TITLE"
"""


def rules(tmp_path, text):
    path = tmp_path / "flow.yml"
    path.write_text(text)
    return workflow_rules.faults(path, ROOT)


def test_the_rules_let_the_sound_one_pass(tmp_path):
    assert rules(tmp_path, SOUND) == []


RUN = '        run: echo "$TITLE"'
CHANGES = {
    "no time limit": ("    timeout-minutes: 5\n", "", "no timeout-minutes"),
    "no rights said": (
        "    permissions:\n      contents: read # to check out\n",
        "",
        "does not say its permissions",
    ),
    "rights for all": ("permissions: {}", "permissions: write-all", "start"),
    "old bash": ("    shell: bash", "    shell: sh", "fails in a pipe too"),
    "no group": (
        "concurrency:\n  group: test-${{ github.ref }}\n"
        "  cancel-in-progress: true\n",
        "",
        "no concurrency group",
    ),
    "target": ("  pull_request:", "  pull_request_target:", "our rights"),
    "credentials": (
        "          persist-credentials: false",
        "          fetch-depth: 0",
        "persist-credentials: false",
    ),
    "version not said": ("# v5.0.0", "", "pinned by its commit"),
    "branch as version": (CHECKOUT, "actions/checkout@main", "pinned"),
    "right to write": (
        "contents: read #",
        "contents: write #",
        "pull request and has a right to write",
    ),
    "secret": (
        "github.event.pull_request.title",
        "secrets.KEY",
        "pull request and is given a secret",
    ),
    "token": (
        "github.event.pull_request.title",
        "github.token",
        "pull request and is given a secret",
    ),
    "own machine": (
        "runs-on: ubuntu-24.04",
        "runs-on: [self-hosted, gpu]",
        "runs a fork's code on our own machine",
    ),
    "older cache": (
        "          persist-credentials: false",
        "          persist-credentials: false\n          restore-keys: x",
        "older cache",
    ),
    "missing script": (
        RUN,
        "        run: python -m scripts.nothing",
        "scripts.nothing, which does not exist",
    ),
    "missing target": (
        RUN,
        "        run: make nothing",
        "make nothing, which the Makefile does not have",
    ),
    "missing file": (RUN, "        run: |\n          .ci/no", "calls .ci/no"),
    "foreign checkout": (
        "          persist-credentials: false",
        "          persist-credentials: false\n"
        "          ref: ${{ github.event.workflow_run.head_sha }}",
        "something else than the default branch",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_rule_turns_red(tmp_path, name):
    old, new, message = CHANGES[name]
    assert old in SOUND
    text = SOUND.replace(old, new)
    if name == "foreign checkout":
        flow = "  workflow_run:\n    workflows: [ci]"
        text = text.replace("  pull_request:", flow)
    found = rules(tmp_path, text)
    assert any(message in fault for fault in found), found


GUARD = f"    if: {workflow_rules.OWN}\n    runs-on: [self-hosted, gpu]"


def test_own_machines_run_our_own_branches(tmp_path):
    ours = SOUND.replace("    runs-on: ubuntu-24.04", GUARD)
    assert rules(tmp_path, ours) == []
    more = ours.replace("contents: read #", "issues: read #")
    (fault,) = rules(tmp_path, more)
    assert "more than `contents: read` on our own machine" in fault


def test_a_right_to_write_needs_main_and_nothing_else(tmp_path):
    text = SOUND.replace("contents: read #", "contents: write #")
    when = f"{workflow_rules.ON_MAIN} && {workflow_rules.NO_PULL}"
    job = "    runs-on: ubuntu-24.04"
    assert rules(tmp_path, text.replace(job, f"    if: {when}\n{job}")) == []
    weak = f"    if: {when} || github.actor == 'me'\n{job}"
    (fault,) = rules(tmp_path, text.replace(job, weak))
    assert "has a right to write" in fault


def test_who_may_write_does_not_build(tmp_path):
    text = SOUND.replace("  pull_request:", "  workflow_dispatch:")
    text = text.replace("contents: read #", "contents: write #")
    (fault,) = rules(tmp_path, text.replace(RUN, "        run: make book"))
    assert "use another job" in fault


def flow(name):
    path = ROOT / ".github/workflows" / name
    return workflow_rules.load(path.read_text(encoding="utf-8"))


def test_only_these_jobs_may_write():
    found = {}
    for path in FLOWS:
        for name, job in flow(path.name)["jobs"].items():
            rights = {k for k, v in job["permissions"].items() if v == "write"}
            if rights:
                found[f"{path.stem}/{name}"] = rights
    assert found == {
        "preview/comment": {"pull-requests"},
        "gpu/notebooks": {"contents"},
        "gpu/deploy": {"pages", "id-token"},
        "weekly/issue": {"issues"},
    }


def test_the_gpu_run_starts_with_the_gpu_and_publishes_after_the_book():
    jobs = flow("gpu.yml")["jobs"]
    assert flow("gpu.yml")["on"]["pull_request"] == {"types": ["labeled"]}
    assert "github.event.label.name == 'gpu'" in jobs["plan"]["if"]
    assert jobs["pages"]["runs-on"] == ["self-hosted", "gpu"]
    assert jobs["pages"]["steps"][0]["run"] == "nvidia-smi"
    assert jobs["book"]["needs"] == ["cpu", "pages"]
    assert jobs["notebooks"]["needs"] == "book"
    assert "book" in jobs["deploy"]["needs"]
    commands = [step.get("run", "") for step in jobs["book"]["steps"]]
    merge = [n for n, c in enumerate(commands) if "scripts.merge_runs" in c]
    html = [n for n, c in enumerate(commands) if "--reuse-only" in c]
    assert merge < html


def test_a_deploy_is_never_cancelled():
    jobs = flow("gpu.yml")["jobs"]
    for name in ("notebooks", "deploy"):
        assert jobs[name]["concurrency"]["cancel-in-progress"] is False


def test_the_weekly_run_has_no_cache():
    text = (ROOT / ".github/workflows/weekly.yml").read_text()
    assert "actions/cache@" not in text
    assert "SEVENLESSONS_DATA" in text


def test_the_same_action_is_the_same_commit_everywhere():
    lines = {
        line.split("uses:")[1].strip()
        for path in FLOWS
        for line in path.read_text().splitlines()
        if "uses:" in line
    }
    names = [line.partition("@")[0] for line in lines]
    assert len(names) == len(set(names)), sorted(lines)


def test_each_python_of_the_matrix_is_the_one_that_runs():
    job = flow("ci.yml")["jobs"]["run"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12"]
    # install.sh would take the newest that the machine has
    assert job["env"]["PYTHON"] == "python${{ matrix.python }}"


def test_caches_have_full_keys():
    steps = flow("ci.yml")["jobs"]["run"]["steps"]
    keys = {
        step["with"]["path"]: step["with"]["key"]
        for step in steps
        if step.get("uses", "").startswith("actions/cache@")
    }
    assert "hashFiles('requirements.txt')" in keys["~/.cache/pip"]
    assert "data/catalogue.json" in keys["~/.cache/sevenlessons"]
    pages = keys["_build/notebooks\n_build/files\n"]
    inputs = ("book/**/*.md", "code/**", "requirements.txt", "scripts/bookrun")
    for name in (*inputs, "matrix.python", "runner.arch"):
        assert name in pages
