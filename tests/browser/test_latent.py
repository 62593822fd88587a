"""Sliders of a generator in a browser: it makes what Python makes."""

import pytest
import torch
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown
from torch import nn

from sevenlessons.page.generator_export import export_layers, run_layers
from sevenlessons.page.latent_slider import latent_slider, noise_between

pytestmark = pytest.mark.browser

ALT = "A made-up picture, and sliders for its noise."
HEAD = """
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<style>body { margin: 0; padding: 8px; font-family: sans-serif }
@media (prefers-color-scheme: dark) {
  html { background: #121417; color: #d9dee5 }
}</style>
"""


def _generator():
    torch.manual_seed(0)
    made = nn.Sequential(
        nn.Linear(4, 6 * 4 * 4),
        nn.Unflatten(1, (6, 4, 4)),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.ConvTranspose2d(6, 5, 4, stride=2, padding=1, bias=False),
        nn.LeakyReLU(0.2),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(5, 4, 3, padding=1),
        nn.Conv2d(4, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )
    for _ in range(5):
        made(2 * torch.randn(16, 4) + 1)
    return made.eval()


GENERATOR = _generator()
STARTS = torch.randn(3, 4).round(decimals=4)
DIRECTIONS = torch.randn(2, 4).round(decimals=4)


@pytest.fixture
def figure(made_up):
    slider = latent_slider(
        GENERATOR, STARTS, DIRECTIONS, ["length", "width"], alt=ALT
    )
    return made_up(slider.html, head=HEAD)


@pytest.fixture
def tab(open_tab, figure):
    page, faults = open_tab(figure.rsplit("/", 1)[0])
    shown(page, figure)
    yield page
    assert faults == []


def made(tab):
    picture = tab.evaluate("document.querySelector('.bp-latent').made")
    return torch.tensor(picture).view(1, 1, 8, 8)


def expected(noise):
    return run_layers(export_layers(GENERATOR), noise[None])


def test_it_makes_the_first_start_before_anyone_touches_it(tab):
    torch.testing.assert_close(made(tab), expected(STARTS[0]), atol=1e-4,
                               rtol=0)  # fmt: skip


@pytest.mark.parametrize("start", [1, 2])
def test_it_makes_what_python_makes(tab, start):
    tab.locator(".bp-choice").select_option(index=start)
    tab.get_by_role("slider", name="toward").fill("0.35")
    tab.get_by_role("slider", name="length").fill("-1.5")
    tab.get_by_role("slider", name="width").fill("0.7")
    noise = noise_between(STARTS[start], STARTS[(start + 1) % 3], 0.35)
    noise = noise - 1.5 * DIRECTIONS[0] + 0.7 * DIRECTIONS[1]
    # single precision on both sides, added up in another order
    torch.testing.assert_close(made(tab), expected(noise), atol=1e-4, rtol=0)
    says = tab.locator(".bp-live .bp-says").inner_text()
    assert f"{noise.norm():.2f}" in says
    assert "35 %" in says


def test_the_canvas_shows_it(tab):
    gray = tab.evaluate("""() => {
      const canvas = document.querySelector('.bp-latent canvas');
      return [...canvas.getContext('2d').getImageData(0, 0, 8, 8).data]
        .filter((_, k) => k % 4 === 0);
    }""")
    wanted = (expected(STARTS[0]) + 1) * 127.5
    torch.testing.assert_close(
        torch.tensor(gray).float(), wanted.flatten(), atol=1, rtol=0
    )


def test_zero_takes_all_sliders_back(tab):
    before = made(tab)
    tab.get_by_role("slider", name="width").fill("2")
    assert not torch.equal(made(tab), before)
    tab.get_by_role("button", name="Sliders to zero").click()
    assert torch.equal(made(tab), before)


def test_keys_move_it_and_the_value_is_spoken(tab):
    slider = tab.get_by_role("slider", name="length")
    slider.focus()
    tab.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0.1"
    tab.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "\u22123.0"


def test_it_walks_and_stops_when_told(chromium, figure):
    context = chromium.new_context(reduced_motion="no-preference")
    page = context.new_page()
    page.goto(figure)
    page.get_by_role("button", name="Walk").click()
    page.wait_for_function(
        "document.querySelector('.bp-live .bp-share').value > 0"
    )
    page.get_by_role("button", name="Pause").click()
    stood = page.locator(".bp-live .bp-share").input_value()
    page.wait_for_timeout(300)
    assert page.locator(".bp-live .bp-share").input_value() == stood
    context.close()


def test_who_wants_no_motion_has_no_walk(tab):
    assert tab.get_by_role("button", name="Walk").is_hidden()


def test_paper_and_no_script_show_the_starts(tab, chromium, figure):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").is_hidden()
    assert tab.locator(".bp-still").count() == 3
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
    assert stops >= 4


def test_on_the_page_of_the_book(open_tab, home):
    page, faults = open_tab(home)
    shown(page, f"{home}book/lesson7/wgan.html")
    assert page.locator(".bp-latent[data-ready]").count() == 1
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(400)
    assert faults + too_wide(page) == []
