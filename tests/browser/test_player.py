"""Figures that move, in a browser: by keyboard, in print, without motion."""

import re

import pytest
import torch
from playwright.sync_api import expect
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.panels import Panel
from sevenlessons.page.player import animate
from sevenlessons.page.playground import descent_playground
from sevenlessons.scratch.descent import gradient_descent, make_line, mse
from sevenlessons.scratch.least_squares import largest_stable_lr

pytestmark = pytest.mark.browser

INPUTS, TARGET = make_line(100)
LAST = 40
HEAD = """
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<style>body { margin: 0; padding: 8px; font-family: sans-serif }
@media (prefers-color-scheme: dark) {
  html { background: #121417; color: #d9dee5 }
}</style>
"""


def player():
    panels = [
        Panel(
            "x in m",
            "y",
            points={"data": (INPUTS[:, 0], TARGET)},
            moving={
                "line": [([-1, 1], [-k / 9, k / 9]) for k in range(LAST + 1)]
            },
        ),
        Panel("step", "loss", trails={"loss": (range(41), range(41))}),
    ]
    says = [f"Step {k}." for k in range(LAST + 1)]
    return animate(panels, says, alt="A line turns.", seconds=4).html


def playground():
    return descent_playground(
        INPUTS[:, 0], TARGET, alt="A valley, and the way down."
    ).html


@pytest.fixture
def figures(made_up):
    """Return the address of a page with two players and a playground."""
    return made_up(player() + playground() + player(), head=HEAD)


@pytest.fixture
def tab(open_tab, figures):
    """Open the figures where motion is allowed; fail on any fault."""
    page, faults = open_tab(figures.rsplit("/", 1)[0])
    page.emulate_media(reduced_motion="no-preference")
    shown(page, figures)
    yield page
    assert faults == []


def first(tab):
    return tab.locator(".bp-animation").first


def frame(tab):
    return int(first(tab).get_attribute("data-frame"))


def part(tab, name):
    return tab.locator(f".bp-live .bp-{name}").first


def test_it_starts_paused_on_the_first_frame(tab):
    tab.wait_for_timeout(300)
    assert frame(tab) == 0
    assert part(tab, "says").inner_text() == "Step 0."
    assert part(tab, "play").inner_text() == "Play"
    assert tab.locator(".bp-stills").first.is_hidden()


def test_play_pause_and_again_from_the_start(tab):
    part(tab, "play").click()
    assert part(tab, "says").get_attribute("aria-live") == "off"
    expect(first(tab)).to_have_attribute("data-frame", re.compile("[4-9]"))
    part(tab, "play").click()
    stopped = frame(tab)
    tab.wait_for_timeout(200)
    assert 3 < stopped == frame(tab)
    assert part(tab, "says").get_attribute("aria-live") == "polite"
    for _ in range(2):
        part(tab, "speed").click()
    assert part(tab, "speed").get_attribute("aria-label") == "Speed: 4 times"
    part(tab, "play").click()
    expect(first(tab)).to_have_attribute("data-frame", f"{LAST}")
    assert part(tab, "play").inner_text() == "Play"
    part(tab, "play").click()
    expect(first(tab)).not_to_have_attribute("data-frame", f"{LAST}")


def test_the_other_player_stays_where_it_is(tab):
    part(tab, "next").click()
    frames = tab.locator(".bp-animation").evaluate_all(
        "all => all.map(figure => figure.dataset.frame)"
    )
    assert frames == ["1", "0"]


def test_keys_on_the_slider(tab):
    slider = tab.get_by_role("slider", name="step").first
    slider.focus()
    seen = []
    for key in ("ArrowRight", "ArrowUp", "PageUp", "ArrowLeft", "End",
                "ArrowRight", "Home", "ArrowLeft"):  # fmt: skip
        tab.keyboard.press(key)
        seen.append(frame(tab))
    assert seen == [1, 2, 12, 11, LAST, LAST, 0, 0]
    assert slider.get_attribute("aria-valuetext") == "Step 0."
    tab.keyboard.press("Space")
    expect(first(tab)).to_have_attribute("data-frame", re.compile("[4-9]"))
    tab.keyboard.press("Space")
    assert part(tab, "play").inner_text() == "Play"


def test_keys_on_the_buttons(tab):
    part(tab, "next").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowRight")
    assert frame(tab) == 3
    part(tab, "back").click()
    assert frame(tab) == 2
    tab.keyboard.press("End")
    assert frame(tab) == LAST


def test_the_drawing_follows(tab):
    moving = tab.locator(".bp-live .bp-moves")
    before = [moving.nth(i).get_attribute("d") for i in (0, 1)]
    part(tab, "next").click()
    after = [moving.nth(i).get_attribute("d") for i in (0, 1)]
    assert before[0] != after[0]
    assert after[1].startswith(before[1]) and after[1].count("L") == 1


def test_with_less_motion_one_steps_and_nothing_plays(tab, figures):
    tab.emulate_media(reduced_motion="reduce")
    shown(tab, figures)
    assert part(tab, "play").is_hidden() and part(tab, "speed").is_hidden()
    slider = tab.get_by_role("slider", name="step").first
    slider.focus()
    tab.keyboard.press("Space")
    tab.wait_for_timeout(300)
    assert frame(tab) == 0
    part(tab, "next").click()
    assert frame(tab) == 1


def test_motion_stops_when_the_reader_asks_for_less(tab):
    part(tab, "play").click()
    tab.emulate_media(reduced_motion="reduce")
    tab.wait_for_timeout(100)
    stopped = frame(tab)
    tab.wait_for_timeout(300)
    assert frame(tab) == stopped < LAST


def test_paper_shows_frames_side_by_side(tab):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").first.is_hidden()
    stills = tab.locator(".bp-animation").first.locator(".bp-still")
    assert stills.count() == 4 and stills.nth(3).is_visible()
    assert stills.nth(3).inner_text().endswith(f"Step {LAST}.")
    ground = tab.locator(".bp-playground .bp-still")
    assert ground.count() == 4 and ground.first.is_visible()


def test_without_scripts_the_frames_are_there(chromium, figures):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(figures)
    assert page.locator(".bp-stills").first.is_visible()
    assert page.locator(".bp-live").first.is_hidden()
    context.close()


@pytest.mark.parametrize("share", [0.1, 0.7, 0.98, 1.05])
def test_the_playground_walks_as_python_does(tab, share):
    lr = round(share * largest_stable_lr(INPUTS) / 0.005) * 0.005
    tab.locator(".bp-lr").fill(f"{lr:.3f}")
    tab.locator(".bp-count").fill("80")
    path, losses = tab.evaluate(
        "() => { const {walk, losses} ="
        " document.querySelector('.bp-playground'); return [walk, losses]; }"
    )
    start = torch.tensor([-1.0, 1.0], dtype=torch.float64)
    expected = gradient_descent(INPUTS, TARGET, start, lr=lr, steps=80)
    path = torch.tensor(path, dtype=torch.float64)
    # the points are summed in another order; a diverging walk is large
    assert torch.allclose(path, expected, rtol=1e-6, atol=1e-6)
    by_python = [mse(INPUTS @ w, TARGET).item() for w in expected]
    assert losses == pytest.approx(by_python, rel=1e-6, abs=1e-6)


def test_the_verdict_turns_at_the_limit(tab):
    limit = largest_stable_lr(INPUTS)
    words = []
    for lr in (0.4 * limit, 0.6 * limit, 0.99 * limit, 1.01 * limit):
        tab.locator(".bp-lr").fill(f"{round(lr / 0.005) * 0.005:.3f}")
        words.append(tab.locator(".bp-verdict").inner_text().split(":")[0])
    assert words == ["Converges", "Oscillates", "Oscillates", "Diverges"]
    text = tab.locator(".bp-lr").get_attribute("aria-valuetext")
    assert "Diverges" in text
    assert f"limit of the rate {limit:.3f}" in part(tab, "now").inner_text()


def test_a_small_limit_has_small_rates_that_can_be_read(open_tab, made_up):
    ground = descent_playground(
        range(100), range(100), lr=1e-4, alt="A narrow bowl."
    )
    address = made_up(ground.html, head=HEAD)
    page, faults = open_tab(address.rsplit("/", 1)[0])
    shown(page, address)
    rate = page.locator(".bp-lr")
    says = part(page, "now")
    assert float(rate.input_value()) == 1e-4
    assert rate.get_attribute("aria-valuetext").startswith("0.000100: Conv")
    assert "at 0.000100:" in says.inner_text()
    assert "the limit of the rate 0.000304." in says.inner_text()
    rate.focus()
    page.keyboard.press("ArrowRight")
    assert float(rate.input_value()) == 1.02e-4
    page.keyboard.press("End")
    assert "Diverges" in rate.get_attribute("aria-valuetext")
    assert faults == []


def test_the_start_moves_by_arrow_keys(tab):
    start = tab.locator(".bp-start")
    start.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "ArrowDown"):
        tab.keyboard.press(key)
    assert walk(tab)[0] == pytest.approx([-0.8, 1.4])
    assert "slope -0.800, intercept 1.40" in start.get_attribute("aria-label")
    assert part(tab, "now").is_visible()
    tab.keyboard.press("Home")
    assert walk(tab)[0] == [-1.0, 1.0]


def walk(tab):
    return tab.evaluate("document.querySelector('.bp-playground').walk")


def test_the_start_can_be_dragged_and_stays_inside(tab):
    start = tab.locator(".bp-start")
    start.scroll_into_view_if_needed()
    box = start.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 60, y - 30, steps=4)
    tab.mouse.up()
    after = start.bounding_box()
    assert after["x"] == pytest.approx(box["x"] + 60, abs=1.5)
    assert after["y"] == pytest.approx(box["y"] - 30, abs=1.5)
    assert walk(tab)[0][0] > -0.5 and walk(tab)[0][1] > 1.2
    start.focus()
    for _ in range(30):
        tab.keyboard.press("Shift+ArrowLeft")
    assert walk(tab)[0][0] == pytest.approx(-2, abs=0.2)


def test_a_click_sets_the_start(tab):
    plot = tab.locator(".bp-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    plot.click(position={"x": box["width"] * 0.8, "y": 60})
    assert walk(tab)[0][0] > 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_readable(open_tab, figures, scheme):
    page, faults = open_tab(figures.rsplit("/", 1)[0], scheme)
    page.emulate_media(reduced_motion="no-preference")
    shown(page, figures)
    labels = page.evaluate("document.querySelectorAll('svg text').length")
    assert labels > 30
    page.evaluate("document.body.classList.add('bd-article')")
    faults += violations(page) + unreadable_labels(page)
    page.emulate_media(media="print")
    faults += violations(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, figures):
    page, faults = open_tab(figures.rsplit("/", 1)[0])
    page.emulate_media(reduced_motion="no-preference")
    page.set_viewport_size(PHONE)
    shown(page, figures)
    faults += too_wide(page) + unreachable(page)
    unseen, stops = invisible_focus(page)
    assert faults + unseen == []
    assert stops >= 13  # twice a slider and four buttons, two sliders, start


def test_on_the_page_of_the_book(open_tab, home):
    page, faults = open_tab(home)
    page.emulate_media(reduced_motion="no-preference")
    shown(page, f"{home}book/lesson2/sgd.html")
    assert page.locator(".bp-animation[data-ready]").count() >= 1
    assert page.locator(".bp-playground[data-ready]").count() == 1
    part(page, "next").click()
    assert frame(page) == 1
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(400)
    assert faults + too_wide(page) == []
