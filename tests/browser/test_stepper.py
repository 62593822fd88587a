"""The stepper of a convolution, in a browser: its sums are torch's."""

import pytest
import torch
from playwright.sync_api import expect
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown
from torch.nn import functional

from sevenlessons.page.stepper import stepper

pytestmark = pytest.mark.browser

PICTURE = [
    [float((3 * i + 5 * j * j) % 10) for j in range(8)] for i in range(8)
]
KERNELS = {
    "left edge": [[-1.0, 0.0, 1.0]] * 3,
    "step": [[-1.0, 1.0]],
    "odd": [[1.0, 2.0, -3.0], [0.5, -4.0, 5.0]],
}
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
def address(made_up):
    html = stepper(PICTURE, KERNELS, alt="A kernel walks over pixels.").html
    return made_up(html + html, head=HEAD)


@pytest.fixture
def tab(open_tab, address):
    page, faults = open_tab(address.rsplit("/", 1)[0])
    page.emulate_media(reduced_motion="no-preference")
    shown(page, address)
    yield page
    assert faults == []


def first(tab, name):
    return tab.locator(f".bp-live .bp-{name}").first


def state(tab, name):
    return tab.evaluate(f"document.querySelector('.bp-stepper').{name}")


@pytest.mark.parametrize("number", range(len(KERNELS)))
def test_every_setting_gives_the_answer_of_torch(tab, number):
    first(tab, "choice").select_option(str(number))
    kernel = torch.tensor(list(KERNELS.values())[number])
    for stride in (1, 2, 3):
        for padding in (0, 1, 2):
            for dilation in (1, 2):
                how = {
                    "stride": stride,
                    "padding": padding,
                    "dilation": dilation,
                }
                for name, value in how.items():
                    first(tab, name).fill(str(value))
                expected = functional.conv2d(
                    torch.tensor(PICTURE)[None, None],
                    kernel[None, None],
                    **how,
                )[0, 0]
                assert state(tab, "answer") == expected.tolist()
                products = expected.numel() * kernel.numel()
                assert first(tab, "count").get_attribute("max") == str(
                    products
                )


def test_buttons_go_by_product_and_by_place(tab):
    assert state(tab, "now.which") == 0
    first(tab, "on").click()
    assert state(tab, "now.which") == 1
    first(tab, "back").click()
    first(tab, "back").click()
    assert state(tab, "now.which") == 0
    first(tab, "place").click()
    assert "product 9 of 9" in first(tab, "says").inner_text()
    assert state(tab, "now.sum") == state(tab, "answer")[0][0]
    first(tab, "place").click()
    assert (state(tab, "now.row"), state(tab, "now.column")) == (0, 1)
    first(tab, "on").click()
    assert (state(tab, "now.column"), state(tab, "now.which")) == (2, 0)


def test_the_slider_goes_by_keys_and_tells_the_whole_sum(tab):
    count = first(tab, "count")
    count.focus()
    for _ in range(8):
        tab.keyboard.press("ArrowRight")
    assert "= " in first(tab, "says").inner_text()
    assert "the answer there" in count.get_attribute("aria-valuetext")
    tab.keyboard.press("End")
    assert state(tab, "now.row") == len(state(tab, "answer")) - 1
    empty = tab.locator(".bp-live [data-grid=answer]").first
    assert empty.locator("text.st-number").count() == 36


def test_fewer_places_leave_the_step_inside(tab):
    tab.keyboard.press("Tab")
    first(tab, "count").fill("324")
    first(tab, "stride").fill("3")
    assert first(tab, "count").input_value() == "36"


def test_play_runs_and_stops_at_the_end(tab):
    first(tab, "stride").fill("3")
    first(tab, "count").fill("34")
    first(tab, "play").click()
    expect(first(tab, "count")).to_have_value("36")
    expect(first(tab, "play")).to_have_text("Play")


def test_less_motion_hides_play_but_keeps_the_steps(tab):
    tab.emulate_media(reduced_motion="reduce")
    assert first(tab, "play").is_hidden()
    first(tab, "on").click()
    assert state(tab, "now.which") == 1


def test_paper_shows_three_places(tab):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").first.is_hidden()
    stills = tab.locator(".bp-stepper").first.locator(".bp-still")
    assert stills.count() == 3 and stills.first.is_visible()


def test_without_scripts_the_stills_are_there(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".bp-stills").first.is_visible()
    assert page.locator(".bp-live").first.is_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_readable(open_tab, address, scheme):
    page, faults = open_tab(address.rsplit("/", 1)[0], scheme)
    page.emulate_media(reduced_motion="no-preference")
    shown(page, address)
    page.evaluate("document.body.classList.add('bd-article')")
    faults += violations(page) + unreadable_labels(page)
    page.emulate_media(media="print")
    faults += violations(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, address):
    page, faults = open_tab(address.rsplit("/", 1)[0])
    page.emulate_media(reduced_motion="no-preference")
    page.set_viewport_size(PHONE)
    shown(page, address)
    unseen, stops = invisible_focus(page)
    first(page, "padding").fill("2")
    faults += too_wide(page) + unreachable(page)
    assert faults + unseen == []
    assert stops >= 18  # twice a choice, four buttons, four sliders
