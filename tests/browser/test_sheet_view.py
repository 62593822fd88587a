"""A sheet on a page: formulas on request, by mouse and by keyboard."""

import pytest
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.entropy_workbook import entropy_sheets
from sevenlessons.page.sheet_view import sheet_view

pytestmark = pytest.mark.browser

HEAD = """
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 style-src 'unsafe-inline'">
<style>body { margin: 0; padding: 8px; font-family: sans-serif }
@media (prefers-color-scheme: dark) {
  html { background: #121417; color: #d9dee5 }
}</style>
"""


@pytest.fixture
def figure(made_up):
    sheets = entropy_sheets(
        [3.2, 1.1, -2.0],
        ["cat", "dog", "newt"],
        right=1,
        batch=([[0.0, 1.0]], [1]),
        binary=([0.5], [1]),
    )
    return made_up(sheet_view(sheets[0], caption="Softmax").html, head=HEAD)


@pytest.fixture
def tab(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    shown(page, figure)
    yield page
    assert faults == []


def test_formulas_come_and_go_by_keyboard(tab):
    formula = tab.get_by_text("=EXP(D6)")
    assert not formula.is_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert formula.is_visible()
    tab.get_by_text("show formulas").click()
    assert not formula.is_visible()


def test_paper_shows_all_rows_and_no_switch(tab):
    tab.emulate_media(media="print")
    assert tab.locator("table").is_visible()
    assert not tab.get_by_text("show formulas").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_both_schemes(open_tab, figure, scheme):
    page, faults = open_tab(figure.rsplit("/", 1)[0], scheme)
    shown(page, figure)
    page.get_by_role("checkbox").check()
    faults += violations(page) + unreadable_labels(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    page.set_viewport_size(PHONE)
    shown(page, figure)
    page.get_by_role("checkbox").check()
    faults += too_wide(page) + unreachable(page)
    page.reload()  # so that the walk by Tab begins at the top
    unseen, stops = invisible_focus(page)
    assert faults + unseen == []
    assert stops == 2


def test_on_the_page_of_the_book(open_tab, home):
    page, faults = open_tab(home)
    shown(page, f"{home}book/lesson5/softmax_embeddings.html")
    assert page.locator(".book-sheet").count() >= 4
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(400)
    assert faults + too_wide(page) == []
