"""The race of optimizers, in a browser: it walks as Python does."""

import math

import pytest
import torch
from playwright.sync_api import expect
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.race import race
from sevenlessons.page.race_panels import RACERS
from sevenlessons.page.surfaces import surfaces
from sevenlessons.scratch.adam import Adam
from sevenlessons.scratch.rmsprop import RMSprop
from sevenlessons.scratch.sgd import SGD

pytestmark = pytest.mark.browser

RULES = {"RMSProp": RMSprop, "Adam": Adam}
GENTLE = {"Beale's plain": 0.001, "Rosenbrock's valley": 0.0005}
RATES = {
    g.name: dict.fromkeys(RACERS, GENTLE.get(g.name, 0.01)) for g in surfaces()
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


def walk(racer, ground, lr, steps, start=None):
    place = torch.tensor(start or ground.start, dtype=torch.float64)
    place.requires_grad_()
    optimizer = RULES.get(racer, SGD)([place], lr=lr, **RACERS[racer])
    path = [place.tolist()]
    for _ in range(steps):
        by = ground.gradient(*place.detach())
        place.grad = torch.stack(by)
        optimizer.step()
        path.append(place.tolist())
    return path


@pytest.fixture
def address(made_up):
    html = race(
        surfaces(), RATES, walk, alt="Five walkers, and their losses."
    ).html
    return made_up(html + html, head=HEAD)


@pytest.fixture
def tab(open_tab, address):
    page, faults = open_tab(address.rsplit("/", 1)[0])
    page.emulate_media(reduced_motion="no-preference")
    shown(page, address)
    yield page
    assert faults == []


def walks(tab):
    return tab.evaluate("document.querySelector('.bp-race').walks")


def first(tab, name):
    return tab.locator(f".bp-live .bp-{name}").first


@pytest.mark.parametrize("number", range(6))
def test_it_walks_as_python_does(tab, number):
    ground = surfaces()[number]
    first(tab, "choice").select_option(str(number))
    first(tab, "factor").fill("1")
    for name, path in walks(tab).items():
        expected = walk(name, ground, 2 * RATES[ground.name][name], 100)
        torch.testing.assert_close(
            torch.tensor(path, dtype=torch.float64),
            torch.tensor(expected, dtype=torch.float64),
            rtol=1e-6,
            atol=1e-8,
        )


def test_a_rate_that_is_too_large_flies_off_and_nothing_breaks(tab):
    first(tab, "choice").select_option("5")
    first(tab, "factor").fill("4")
    assert "SGD flew off" in first(tab, "says").inner_text()
    for path in walks(tab).values():
        assert all(math.isfinite(v) and abs(v) < 1e6 for p in path for v in p)


def test_the_start_moves_by_keys_and_by_pointer(tab):
    start = tab.locator(".bp-ground:not([hidden]) .bp-start").first
    start.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowUp")
    assert walks(tab)["Adam"][0] == pytest.approx([-2.4, 2.0])
    assert "a -2.40, b 2.00" in start.get_attribute("aria-label")
    tab.keyboard.press("Home")
    assert walks(tab)["SGD"][0] == [-2.5, 1.5]
    box = start.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 50, y + 20, steps=3)
    tab.mouse.up()
    assert walks(tab)["SGD"][0][0] > -2.4 and walks(tab)["SGD"][0][1] < 1.5


def test_play_runs_through_the_steps_and_stops(tab):
    first(tab, "count").fill("90")
    first(tab, "play").click()
    expect(first(tab, "count")).to_have_value("100")
    expect(first(tab, "play")).to_have_text("Play")
    assert "After 100 steps" in first(tab, "says").inner_text()


def test_less_motion_hides_play_but_keeps_the_steps(tab):
    tab.emulate_media(reduced_motion="reduce")
    assert first(tab, "play").is_hidden()
    first(tab, "count").fill("10")
    assert "After 10 steps" in first(tab, "says").inner_text()


def test_paper_shows_each_landscape(tab):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").first.is_hidden()
    assert tab.locator(".bp-race").first.locator(".bp-still").count() == 6
    assert tab.locator(".bp-still").first.is_visible()


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
    faults += too_wide(page) + unreachable(page)
    unseen, stops = invisible_focus(page)
    assert faults + unseen == []
    assert stops >= 10  # twice a choice, a button, a start, two sliders
