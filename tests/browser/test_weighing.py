"""A heavy page is seen by the browser and turns the gate red."""

import random
import subprocess
import sys

import pytest
from scripts.sitecheck.server import serve
from scripts.sitecheck.weight import weigh
from scripts.weight import faults

from .conftest import ROOT

pytestmark = pytest.mark.browser

PAGE = '<!doctype html><title>t</title><p>text<img alt="" src="dot.png">'


@pytest.fixture
def folder(tmp_path):
    """Return a site with a heavy picture and a heavy script."""
    noise = random.Random(0).randbytes(1_100_000).hex()
    html = tmp_path / "html"
    html.mkdir()
    (html / "heavy.js").write_text(f"const x = '{noise}';")
    (html / "dot.png").write_bytes(b"\x89PNG" + bytes(2_000_000))
    (html / "light.html").write_text(PAGE)
    (html / "heavy.html").write_text(PAGE + '<script src="heavy.js"></script>')
    return html


def test_a_heavy_script_is_weighed(folder, chromium):
    with serve(folder) as home:
        light = weigh(chromium, home, "light.html")
        heavy = weigh(chromium, home, "heavy.html")
    assert light.text < 1000
    assert light.kinds["images"] > 2_000_000
    assert 1_100_000 < heavy.kinds["scripts"] < 2_000_000
    assert faults([light]) == []
    assert "heavy.html loads" in faults([light, heavy])[0]


def test_the_command_is_red_and_writes_its_table(folder):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.weight", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "FAULT  heavy.html" in done.stdout
    assert "2 pages, 1 too heavy" in done.stdout
    report = (folder.parent / "reports" / "weight.md").read_text()
    assert "| light.html |" in report
