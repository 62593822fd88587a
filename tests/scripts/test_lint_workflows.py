"""The linters must turn red on workflows that are broken on purpose."""

import sys
from pathlib import Path

import pytest

from scripts import lint_workflows

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
UNPINNED = SOUND.replace(CHECKOUT, "actions/checkout@v5")
INJECTED = SOUND.replace('"$TITLE"', "${{ github.event.pull_request.title }}")
WRONG_KEY = SOUND.replace("timeout-minutes", "time-out-minutes")


@pytest.fixture
def lint(tmp_path, capsys):
    def run(text, **options):
        path = tmp_path / "flow.yml"
        path.write_text(text)
        good = lint_workflows.lint([path], ROOT, **options)
        return good, capsys.readouterr().out

    return run


def test_the_sound_one_is_green(lint):
    good, shown = lint(SOUND)
    assert good, shown
    assert "zizmor: clean" in shown


@pytest.mark.parametrize(
    ("text", "tool", "words"),
    [
        (UNPINNED, "zizmor", "unpinned-uses"),
        (INJECTED, "zizmor", "template-injection"),
        (WRONG_KEY, "check-jsonschema", "time-out-minutes"),
    ],
)
def test_each_tool_finds_what_it_is_for(lint, text, tool, words):
    good, shown = lint(text)
    assert not good
    assert f"{tool}: RED" in shown
    assert words in shown
    assert "rules: RED" in shown  # each of these is a rule of ours as well


def test_no_workflow_is_no_green(capsys):
    assert not lint_workflows.lint([], ROOT)
    assert "nothing was checked" in capsys.readouterr().out


def test_a_missing_tool_is_said(lint, monkeypatch):
    real = lint_workflows._program
    without = {"actionlint"}
    monkeypatch.setattr(
        lint_workflows,
        "_program",
        lambda name: None if name in without else real(name),
    )
    good, shown = lint(SOUND)
    assert good
    assert "actionlint: not on this machine, NOT RUN" in shown
    good, shown = lint(SOUND, need_actionlint=True)
    assert not good
    assert "actionlint: is not installed" in shown
    without.add("zizmor")
    good, shown = lint(SOUND)
    assert not good
    assert "zizmor: is not installed" in shown


def test_actionlint_is_used_where_it_is(lint, monkeypatch, tmp_path):
    program = tmp_path / "actionlint"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('seen')\n")
    program.chmod(0o755)
    real = lint_workflows._program
    monkeypatch.setattr(
        lint_workflows,
        "_program",
        lambda name: str(program) if name == "actionlint" else real(name),
    )
    good, shown = lint(SOUND, need_actionlint=True)
    assert not good
    assert "actionlint: RED\nseen" in shown


def test_the_command_judges_a_folder(tmp_path, capsys):
    (tmp_path / "flow.yaml").write_text(UNPINNED)
    assert lint_workflows.main([str(tmp_path)]) == 1
    assert "1 files, RED" in capsys.readouterr().out


def test_our_workflows_are_sound(capsys):
    assert len(FLOWS) == 4
    status = lint_workflows.main([])
    assert status == 0, capsys.readouterr().out
