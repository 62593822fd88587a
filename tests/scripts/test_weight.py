"""The table of weights and its gate; the browser's part has its own test."""

import pytest
from scripts.sitecheck.weight import Weight, compressed
from scripts.weight import faults, main, table

from scripts import weight


@pytest.fixture
def rows():
    light = Weight("a.html", {"html": 9000, "images": 5_000_000})
    heavy = Weight("b.html", {"html": 4000, "scripts": 1_500_000})
    heavy.files = {
        "http://h/x/big.js?v=1": 1_400_000,
        "http://h/mathjax/small.js": 100_000,
    }
    for row in (light, heavy):
        row.kinds = dict.fromkeys(weight.KINDS, 0) | row.kinds
    return [light, heavy]


def test_images_do_not_count(rows):
    assert rows[0].text == 9000


def test_a_heavy_page_is_red_and_told_why(rows):
    (fault,) = faults(rows)
    assert fault.startswith("b.html loads 1504 kB without its images")
    assert "heaviest: big.js 1400 kB, small.js 100 kB" in fault
    assert faults(rows, limit=2_000_000) == []


def test_the_table_starts_with_the_heaviest(rows):
    lines = table(rows).splitlines()
    assert lines[2] == "| b.html | 4 | 0 | 1500 | 0 | 0 | 0 | 1504 | 2 | yes |"
    assert lines[3].endswith("| 5000 | 9 | 0 | no |")


def test_text_is_weighed_packed_and_pictures_as_they_are():
    body = b"a" * 10_000
    assert compressed("http://h/a.js?v=1", body) < 100
    assert compressed("http://h/a.woff2", body) == 10_000


def test_nothing_built(tmp_path, capsys):
    assert main(str(tmp_path / "html")) == 1
    assert "run make book first" in capsys.readouterr().out


def test_without_a_browser_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/no/where")
    assert main(str(tmp_path)) == 1
    assert "CHROMIUM is /no/where" in capsys.readouterr().out
