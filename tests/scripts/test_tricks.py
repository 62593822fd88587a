"""The list of tricks holds every box of every page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "glossary", "tricks"]
"""
BOX = "# {0}\n\n```{{admonition}} Trick: {1}\n{2}\n```\n"
PAGES = {
    "index": "# Home\n\n```{toctree}\none\ntwo\nlist\n```\n",
    "one": BOX.format("One", "look first", "Look. Then train."),
    "two": BOX.format("Two", "warm up", "Start at 0.1 of\nthe rate. Wait.")
    + "\n```{admonition} No trick\nWords.\n```\n",
    "list": "# Tricks\n\n```{tricks}\n```\n",
}


@pytest.fixture
def site(tmp_path):
    (tmp_path / "conf.py").write_text(CONF)
    for name, text in PAGES.items():
        (tmp_path / f"{name}.md").write_text(text)
    return tmp_path


def listed(site, *options):
    """Build; return address, name and sentence of each trick."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "-q"]
    command += [*options, str(site), str(site / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    html = (site / "html/list.html").read_text()
    item = r'<li><p><a [^>]*href="([^"]+)">([^<]+)</a>\. ([^<]+)</p>'
    return re.findall(item, html)


LOOK = ("one.html#trick-look-first", "Look first", "Look.")
WARM = ("two.html#trick-warm-up", "Warm up", "Start at 0.1 of the rate.")


@pytest.mark.parametrize("options", [(), ("-j", "2")])
def test_each_box_is_listed_once_with_its_place(site, options):
    for number in range(6):  # enough pages for Sphinx to share them out
        (site / f"more{number}.md").write_text("---\norphan: true\n---\n# X\n")
    assert listed(site, *options) == [LOOK, WARM]
    html = (site / "html/one.html").read_text()
    assert html.count('id="trick-look-first"') == 1


def test_a_second_build_follows_what_changed(site):
    listed(site)
    (site / "one.md").write_text("# One\n\nNothing.\n")
    assert listed(site) == [WARM]
    (site / "one.md").write_text(PAGES["one"].replace("Look.", "See."))
    assert listed(site) == [(*LOOK[:2], "See."), WARM]
