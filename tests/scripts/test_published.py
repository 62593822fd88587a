"""What a published site has, built from a book of two pages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image
from scripts.links import faults

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://example.org/deep/book/"
CONF = """
project = "Two pages"
extensions = ["published"]
html_theme = "sphinx_book_theme"
root_doc = "book/index"
include_patterns = ["book/**"]
"""
FRONT = """
Front
=====

Words of the front page.

.. toctree::

   start/page
"""
PAGE = """
Page
====

Words of the page.

Part
----
"""
LINK = re.compile(r'(?:href|src|action)="([^"#]*)')


def write(root: Path, address: str) -> None:
    (root / "book" / "start").mkdir(parents=True)
    (root / "conf.py").write_text(CONF)
    (root / "book/index.rst").write_text(FRONT)
    (root / "book/start/page.rst").write_text(PAGE)
    (root / "book/site.toml").write_text(
        f'repository = ""\nbranch = "main"\naddress = "{address}"\n'
    )
    (root / "book/_static").mkdir()
    shutil.copy(ROOT / "book/_static/logo.png", root / "book/_static")


def build(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"]
    return subprocess.run(
        [*command, str(root), str(root / "html")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "book/_ext")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Return a function that builds a book once and gives its HTML."""
    built = {}

    def site(address: str) -> Path:
        if address not in built:
            root = tmp_path_factory.mktemp("book")
            write(root, address)
            done = build(root)
            assert done.returncode == 0, done.stderr
            built[address] = root / "html"
        return built[address]

    return site


def locations(html: Path) -> list[str]:
    tree = ElementTree.parse(html / "sitemap.xml")
    return [e.text or "" for e in tree.iter() if e.tag.endswith("}loc")]


def tags(page: Path) -> dict[str, str]:
    text = page.read_text(encoding="utf-8")
    return dict(
        re.findall(r'<meta property="(og:\S+)" content="([^"]*)"', text)
    )


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_links_of_the_404_page_work_at_any_depth(sites, address):
    html = sites(address)
    prefix = urlsplit(address).path or "/"
    text = (html / "404.html").read_text(encoding="utf-8")
    links = [x for x in LINK.findall(text) if not x.startswith("http")]
    assert len(set(links)) > 10
    wrong = [x for x in links if x and not x.startswith(prefix)]
    assert wrong == []
    assert f'<a href="{prefix}book/index.html">The front page' in text
    assert faults(html, prefix) == ([], faults(html, prefix)[1])


def test_the_link_check_knows_where_the_site_stands(sites):
    found, _ = faults(sites(ADDRESS), "/elsewhere/")
    assert any(fault.startswith("404.html: leads to") for fault in found)


def test_the_sitemap_has_every_page(sites):
    html = sites(ADDRESS)
    expected = [
        f"{ADDRESS}book/{name}.html" for name in ("index", "start/page")
    ]
    assert locations(html) == expected


def test_it_still_has_every_page_when_only_one_was_written(sites, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(sites(ADDRESS).parent, root)
    page = root / "book/start/page.rst"
    page.write_text(f"{PAGE}\nMore.\n")
    done = build(root)
    assert done.returncode == 0, done.stderr
    assert locations(root / "html") == locations(sites(ADDRESS))


def test_cards_have_absolute_addresses_and_exist(sites):
    html = sites(ADDRESS)
    for name in ("book/index.html", "book/start/page.html"):
        found = tags(html / name)
        assert found["og:site_name"] == "Two pages"
        assert found["og:url"] == ADDRESS + name
        assert found["og:image"].startswith(ADDRESS)
        card = html / found["og:image"].removeprefix(ADDRESS)
        with Image.open(card) as picture:
            assert picture.size[0] > 1000


def test_without_an_address_there_are_no_addresses(sites):
    html = sites("")
    assert not (html / "sitemap.xml").exists()
    for page in html.rglob("*.html"):
        if "_static" in page.parts:
            continue
        text = page.read_text(encoding="utf-8")
        assert 'property="og:' not in text, page
        assert 'rel="canonical"' not in text, page


def test_an_address_that_is_taken_back_leaves_nothing(sites, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(sites(ADDRESS).parent, root)
    site = root / "book/site.toml"
    site.write_text(site.read_text().replace(ADDRESS, ""))
    done = build(root)
    assert done.returncode == 0, done.stderr
    assert not (root / "html/sitemap.xml").exists()
    pages = (root / "html").rglob("*.html")
    assert not any("example.org" in page.read_text() for page in pages)
    assert not (root / "html/_images/social_previews").exists()


@pytest.mark.parametrize("address", ["example.org/", "https://example.org/x"])
def test_a_wrong_address_is_refused(tmp_path, address):
    write(tmp_path, address)
    done = build(tmp_path)
    assert done.returncode != 0
    assert "with a slash at the end" in done.stderr
