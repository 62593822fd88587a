"""Every page in a browser: nothing fails, nothing sticks out, all readable."""

import pytest
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import page_names
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import (
    light_cards,
    unreadable_labels,
    white_pictures,
)
from scripts.sitecheck.keyboard import unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import html_pages, shown

from .conftest import ROOT

pytestmark = pytest.mark.browser

TOC = [f"book/{name}.html" for name in page_names(Book(ROOT))]
PAGES = [*TOC, "genindex.html", "search.html", "404.html"]
SETTLE = 400  # ms until the theme has seen that the window changed


def test_the_list_has_every_page(site):
    built = {p for p in html_pages(site) if not p.startswith("_modules/")}
    assert built >= set(PAGES)
    assert built - set(PAGES) <= {"py-modindex.html"}


@pytest.mark.parametrize("page", PAGES)
def test_page_in_light_on_a_screen_and_a_phone(page, open_tab, home):
    tab, faults = open_tab(home, "light")
    shown(tab, home + page)
    faults += violations(tab) + too_wide(tab)
    tab.set_viewport_size(PHONE)
    tab.wait_for_timeout(SETTLE)
    faults += too_wide(tab) + unreachable(tab)
    assert faults == []


@pytest.mark.parametrize("page", PAGES)
def test_page_in_the_dark(page, open_tab, home):
    tab, faults = open_tab(home, "dark")
    shown(tab, home + page)
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    faults += violations(tab, only_contrast=True)
    faults += light_cards(tab) + unreadable_labels(tab) + white_pictures(tab)
    assert faults == []


def test_a_page_of_source_code(site, open_tab, home):
    modules = [p for p in html_pages(site) if p.startswith("_modules/")]
    for page in modules[:1]:
        tab, faults = open_tab(home)
        shown(tab, home + page)
        faults += violations(tab) + too_wide(tab)
        assert faults == []


def test_a_missing_page_at_any_depth(open_tab, home):
    tab, faults = open_tab(home)
    shown(tab, f"{home}some/where/else.html")
    assert tab.title().startswith("Page not found")
    missing = {f for f in faults if "else.html" not in f}
    assert missing <= {
        "console error: Failed to load resource: the server responded with"
        " a status of 404 (Not Found)"
    }
    sheets = tab.evaluate(
        "[...document.styleSheets].map(sheet => sheet.cssRules.length)"
    )
    assert len(sheets) > 5
    tab.click("main li a")
    tab.wait_for_load_state()
    assert tab.url == f"{home}book/index.html"
