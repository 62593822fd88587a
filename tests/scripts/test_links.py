"""The link check finds what it is for."""

import pytest
from scripts.links import faults

GOOD = '<h2 id="here">x</h2><a href="#here">a</a><a href="b.html#there">b</a>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "a.html").write_text(GOOD)
    (tmp_path / "b.html").write_text('<p id="there"><a href="https://x.y">')
    return tmp_path


def test_a_sound_site_is_green(site):
    assert faults(site) == ([], 1)


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<a href="c.html">', "leads to c.html, which does not exist"),
        ('<a href="b.html#no">', "that page has no #no"),
        ('<img src="c.png">', "leads to c.png, which does not exist"),
        ('<script src="https://x.y/z.js">', "loads https://x.y/z.js from"),
        ('<link rel="stylesheet" href="//x.y/z.css">', "from another host"),
    ],
)
def test_a_bad_link_is_red(site, html, message):
    (site / "bad.html").write_text(html)
    (fault,) = faults(site)[0]
    assert fault.startswith("bad.html: ")
    assert message in fault
