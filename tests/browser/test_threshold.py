"""The threshold slider in a browser: it counts as Python does."""

import pytest
import torch
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.threshold_slider import threshold_slider
from sevenlessons.training.label_thresholds import row_f_beta

pytestmark = pytest.mark.browser

DRAW = torch.Generator().manual_seed(0)
PROBABILITIES = torch.rand(60, 7, generator=DRAW).round(decimals=3)
TARGET = (torch.rand(60, 7, generator=DRAW) > 0.8).int()
NAMES = ["dark nebula", "galaxy", "globular cluster", "nebula",
         "open cluster", "planetary nebula", "supernova remnant"]  # fmt: skip
ALT = "Scores against the threshold, and a table of counts."
HEAD = """
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<style>body { margin: 0; padding: 8px; font-family: sans-serif }
@media (prefers-color-scheme: dark) {
  html { background: #121417; color: #d9dee5 }
}</style>
"""


@pytest.fixture
def figure(made_up):
    slider = threshold_slider(PROBABILITIES, TARGET, NAMES, alt=ALT)
    return made_up(slider.html, head=HEAD)


@pytest.fixture
def tab(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    shown(page, figure)
    yield page
    assert faults == []


def scores(tab):
    return tab.evaluate("document.querySelector('.bp-threshold').scores")


@pytest.mark.parametrize("beta", [0.5, 2, 4])
@pytest.mark.parametrize("cut", [0.01, 0.2, 0.57, 0.99])
def test_it_counts_as_python_does(tab, cut, beta):
    tab.locator(".bp-cut").fill(f"{cut:g}")
    tab.locator(".bp-live .bp-beta").fill(f"{beta:g}")
    yes = PROBABILITIES > cut + 1e-6  # both have three decimals
    score, share, found, alarms = scores(tab)
    expected = row_f_beta(yes, TARGET, beta=beta).mean().item()
    assert score == pytest.approx(expected)
    assert share == pytest.approx((yes == TARGET).float().mean().item())
    assert found == (yes & (TARGET == 1)).sum()
    assert alarms == (yes & (TARGET == 0)).sum()
    cells = tab.locator(".bp-counts tbody tr").nth(3).locator("td")
    there, both = TARGET[:, 3] == 1, (yes[:, 3] & (TARGET[:, 3] == 1)).sum()
    counts = [both, there.sum() - both, yes[:, 3].sum() - both]
    assert cells.all_inner_texts() == [str(int(c)) for c in counts]


def test_keys_move_it_and_the_value_is_spoken(tab):
    slider = tab.get_by_role("slider", name="threshold")
    slider.focus()
    tab.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == 0.51
    assert slider.get_attribute("aria-valuetext").startswith("0.51: F-beta")
    tab.keyboard.press("Home")
    assert float(slider.input_value()) == 0.01
    line = tab.locator(".bp-here").get_attribute("d")
    tab.keyboard.press("End")
    assert tab.locator(".bp-here").get_attribute("d") != line


def test_beta_redraws_the_curve_of_f_and_not_of_accuracy(tab):
    drawn = [tab.locator(f".bp-{n}").get_attribute("d")
             for n in ("score", "share")]  # fmt: skip
    tab.get_by_role("slider", name="beta").focus()
    tab.keyboard.press("End")
    again = [tab.locator(f".bp-{n}").get_attribute("d")
             for n in ("score", "share")]  # fmt: skip
    assert drawn[0] != again[0] and drawn[1] == again[1]


def test_paper_and_no_script_show_four_thresholds(tab, chromium, figure):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").is_hidden()
    assert tab.locator(".bp-still").count() == 4
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(figure)
    assert page.locator(".bp-stills").is_visible()
    assert page.locator(".bp-live").is_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_both_schemes(open_tab, figure, scheme):
    page, faults = open_tab(figure.rsplit("/", 1)[0], scheme)
    shown(page, figure)
    faults += violations(page) + unreadable_labels(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    page.set_viewport_size(PHONE)
    shown(page, figure)
    faults += too_wide(page) + unreachable(page)
    unseen, stops = invisible_focus(page)
    assert faults + unseen == []
    assert stops >= 2


def test_on_the_page_of_the_book(open_tab, home):
    page, faults = open_tab(home)
    shown(page, f"{home}book/lesson3/multilabel.html")
    assert page.locator(".bp-threshold[data-ready]").count() == 1
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(400)
    assert faults + too_wide(page) == []
