"""The map of attention in a browser: hover or focus reads a row."""

import pytest
import torch
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.attention_map import attention_map

pytestmark = pytest.mark.browser

TOKENS = "eight thousand one . eight thousand two . eight thousand".split()
DRAW = torch.Generator().manual_seed(0)
WEIGHTS = (
    torch.randn(10, 10, generator=DRAW)
    .masked_fill(torch.ones(10, 10).triu(1) > 0, -torch.inf)
    .softmax(-1)
)
ALT = "Each token looks at some of those before it."
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
    return made_up(attention_map(WEIGHTS, TOKENS, alt=ALT).html, head=HEAD)


@pytest.fixture
def tab(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    shown(page, figure)
    yield page
    assert faults == []


def visible(tab):
    lines = tab.locator(".ba-says p")
    return [k for k in range(10) if lines.nth(k).is_visible()]


def test_hover_and_focus_read_a_row(tab):
    assert visible(tab) == []
    tab.locator("tbody tr").nth(3).hover()
    assert visible(tab) == [3]
    tab.mouse.move(0, 0)
    assert visible(tab) == []
    tab.locator("tbody th").nth(6).focus()
    assert visible(tab) == [6]
    tab.keyboard.press("Tab")
    assert visible(tab) == [7]
    assert tab.get_by_text("“.” takes").nth(1).is_visible()


def test_paper_shows_the_table_alone(tab):
    tab.emulate_media(media="print")
    assert tab.locator("table").is_visible()
    assert not tab.locator(".ba-says").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_both_schemes(open_tab, figure, scheme):
    page, faults = open_tab(figure.rsplit("/", 1)[0], scheme)
    shown(page, figure)
    page.locator("tbody th").nth(9).focus()
    faults += violations(page) + unreadable_labels(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    page.set_viewport_size(PHONE)
    shown(page, figure)
    faults += too_wide(page) + unreachable(page)
    unseen, stops = invisible_focus(page)
    assert faults + unseen == []
    assert stops == 11


def test_on_the_page_of_the_book(open_tab, home):
    page, faults = open_tab(home)
    shown(page, f"{home}book/lesson4/attention.html")
    assert page.locator(".book-attention").count() >= 1
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(400)
    assert faults + too_wide(page) == []
