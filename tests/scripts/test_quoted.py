"""Roles for numbers that this page did not measure."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "quoted"]
include_patterns = ["book/**"]
root_doc = "book/index"
nitpicky = True
"""
ROW = {
    "key": "lesson1/gain",
    "value": 0.0181,
    "interval": [0.0023, 0.0359],
    "page": "lesson1/a",
}


@pytest.fixture
def site(tmp_path):
    (tmp_path / "book/lesson1").mkdir(parents=True)
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "book/lesson1/a.md").write_text("---\norphan: 1\n---\n# A\n")
    (tmp_path / "_build").mkdir()
    (tmp_path / "_build/results.json").write_text(json.dumps([ROW]))
    return tmp_path


def build(site, text):
    (site / "book/index.md").write_text(f"# Home\n\n{text}\n")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html"]
    command += [str(site), str(site / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    page = site / "html/book/index.html"
    return done, page.read_text() if done.returncode == 0 else ""


def test_numbers_of_others_and_of_other_pages(site):
    text = (
        'It is {quoted}`7.1 % <a "paper", 2018>`; here'
        " {result}`lesson1/gain:+.1%` from {result}`lesson1/gain_low:.3f`"
        " to {result}`lesson1/gain_high`."
    )
    done, html = build(site, text)
    assert done.returncode == 0, done.stderr
    assert 'title="from a &quot;paper&quot;, 2018">7.1 %</span>' in html
    for shown in ("+1.8%", "0.002", "0.0359"):
        assert f">{shown}<" in html
    assert 'href="lesson1/a.html"' in html
    # another ledger, another page, without a change of its words
    row = ROW | {"value": 0.5}
    (site / "_build/results.json").write_text(json.dumps([row]))
    assert ">+50.0%<" in build(site, text)[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{quoted}`7.1 %`", "names no source"),
        ("{result}`lesson1/lost:.2f`", "no page records it"),
        ("{result}`lesson1/gain:abc`", "its format must look like"),
    ],
)
def test_a_number_without_its_origin_is_red(site, text, message):
    done, _ = build(site, text)
    assert done.returncode != 0
    assert message in done.stderr
