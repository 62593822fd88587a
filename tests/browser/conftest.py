"""One browser and one server for all browser tests."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from scripts.browser import ARGUMENTS, find
from scripts.sitecheck.layout import SCREEN
from scripts.sitecheck.server import serve
from scripts.sitecheck.visit import watch

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site():
    """Return the folder of the built site."""
    folder = ROOT / "_build" / "html"
    if not (folder / "search.html").is_file():
        pytest.fail(f"{folder} is not built; run make book first")
    return folder


@pytest.fixture(scope="session")
def home(site):
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """Start the browser; without one, fail and say how to get it."""
    program = find()
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=program, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium):
    """Return a browser context for each colour scheme; they keep caches."""
    return {
        scheme: chromium.new_context(
            color_scheme=scheme,
            viewport=SCREEN,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        for scheme in ("light", "dark")
    }


@pytest.fixture
def open_tab(contexts):
    """Return a function that opens a tab and the list of its faults."""
    tabs = []

    def opened(home: str, scheme: str = "light"):
        tab = contexts[scheme].new_page()
        tab.set_default_timeout(10_000)
        tabs.append(tab)
        return tab, watch(tab, home)

    yield opened
    for tab in tabs:
        tab.close()


@pytest.fixture
def tab(open_tab, home):
    """Return a tab; the test fails if anything fails while it is used."""
    page, faults = open_tab(home)
    yield page
    assert faults == []


@pytest.fixture
def made_up(tmp_path):
    """Return a function that makes a page; it returns its address."""
    (tmp_path / "favicon.ico").write_bytes(b"")
    with serve(tmp_path) as address:

        def page(body: str, head: str = "") -> str:
            html = (
                '<!doctype html><html lang="en"><head><title>t</title>'
                f'{head}</head><body><main class="bd-article"><h1>t</h1>'
                f"{body}</main></body></html>"
            )
            number = len(list(tmp_path.glob("*.html")))
            (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")
            return f"{address}{number}.html"

        yield page
