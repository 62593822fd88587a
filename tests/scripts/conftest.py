"""A stand-in for `gh`: answers from a file, and writes down every call."""

import json
import sys

import pytest

PROGRAM = """\
#!{python}
import json, pathlib, sys
home = pathlib.Path({home!r})
words = sys.argv[1:]
assert words.pop(0) == "api", words
method = words[words.index("--method") + 1] if "--method" in words else "GET"
body = json.load(sys.stdin) if "--input" in words else None
with (home / "calls").open("a") as file:
    file.write(json.dumps([method, words[0], body]) + "\\n")
answers = json.loads((home / "answers").read_text())
answer = answers.get(method + " " + words[0].partition("?")[0])
if answer is None:
    sys.exit("gh: Not Found (HTTP 404)")
if isinstance(answer, str):
    sys.stdout.buffer.write((home / answer).read_bytes())
else:
    print(json.dumps(answer))
"""


class Hub:
    """What the stand-in answers, and what it was asked."""

    def __init__(self, home):
        self.home, self.answers = home, {}

    def answer(self, request, value):
        self.answers[request] = value
        text = json.dumps(self.answers)
        (self.home / "answers").write_text(text)

    @property
    def calls(self):
        path = self.home / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [tuple(json.loads(line)) for line in lines]


@pytest.fixture
def hub(tmp_path, monkeypatch):
    home = tmp_path / "hub"
    home.mkdir()
    program = home / "gh"
    text = PROGRAM.format(python=sys.executable, home=str(home))
    program.write_text(text)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(home), prepend=":")
    found = Hub(home)
    found.answer("none", [])
    return found
