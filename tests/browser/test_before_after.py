"""The slider between two pictures, in a browser."""

import pytest
import torch
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import unreadable_labels
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

from sevenlessons.page.before_after import before_after

pytestmark = pytest.mark.browser

HEAD = """
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 img-src data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<style>body { margin: 0; padding: 8px; font-family: sans-serif }
@media (prefers-color-scheme: dark) {
  html { background: #121417; color: #d9dee5 }
}</style>
"""


@pytest.fixture
def address(made_up):
    pictures = {
        name: torch.full((3, 32, 32), value, dtype=torch.uint8)
        for name, value in [("dark", 20), ("middle", 120), ("light", 220)]
    }
    html = before_after(pictures, alt="Three even squares.", size=400).html
    return made_up(html + html, head=HEAD)


@pytest.fixture
def tab(open_tab, address):
    page, faults = open_tab(address.rsplit("/", 1)[0])
    shown(page, address)
    yield page
    assert faults == []


def now(tab, which=0):
    return tab.evaluate(
        f"document.querySelectorAll('.bp-before-after')[{which}].now"
    )


def test_keys_move_the_border(tab):
    border = tab.locator(".ba-border").first
    assert now(tab) == {"left": "dark", "right": "light", "share": 50}
    border.focus()
    tab.keyboard.press("ArrowRight")
    assert now(tab)["share"] == 51
    tab.keyboard.press("Home")
    assert now(tab)["share"] == 0
    assert border.get_attribute("aria-valuetext") == (
        "0 percent dark, 100 percent light"
    )
    assert now(tab, 1)["share"] == 50  # the other figure is its own


def test_the_pointer_moves_the_border(tab):
    box = tab.locator(".ba-stage").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    tab.mouse.move(box["x"] + 0.2 * box["width"], middle)
    tab.mouse.down()
    assert now(tab)["share"] == pytest.approx(20, abs=1)
    tab.mouse.move(box["x"] + 0.8 * box["width"], middle)
    assert now(tab)["share"] == pytest.approx(80, abs=1)
    tab.mouse.up()
    tab.mouse.move(box["x"] + 0.5 * box["width"], middle)
    assert now(tab)["share"] == pytest.approx(80, abs=1)


def test_what_is_left_and_right_is_what_was_chosen(tab):
    tab.locator("select.ba-left").first.select_option("1")
    assert now(tab)["left"] == "middle"
    colors = tab.evaluate(
        """async () => {
          const stage = document.querySelector(".ba-stage");
          const pick = async name => {
            const image = stage.querySelector(name);
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 32;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0, 32, 32);
            return context.getImageData(16, 16, 1, 1).data[0];
          };
          return [await pick(".ba-left-picture"),
                  await pick(".ba-right-picture"),
                  stage.querySelector(".ba-left-picture").style.clipPath];
        }"""
    )
    assert colors[:2] == [120, 220]
    assert "50%" in colors[2]


def test_paper_shows_all_pictures(tab):
    tab.emulate_media(media="print")
    assert tab.locator(".bp-live").first.is_hidden()
    assert tab.locator(".ba-still").count() == 6
    assert tab.locator(".ba-still img").first.is_visible()


def test_without_scripts_the_pictures_stand_side_by_side(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".bp-live").first.is_hidden()
    boxes = [
        page.locator(".ba-still img").nth(i).bounding_box() for i in range(3)
    ]
    assert len({box["y"] for box in boxes}) == 1
    assert len({box["x"] for box in boxes}) == 3
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_readable(open_tab, address, scheme):
    page, faults = open_tab(address.rsplit("/", 1)[0], scheme)
    shown(page, address)
    faults += violations(page) + unreadable_labels(page)
    page.emulate_media(media="print")
    faults += violations(page)
    assert faults == []


def test_it_fits_a_phone_and_the_focus_is_seen(open_tab, address):
    page, faults = open_tab(address.rsplit("/", 1)[0])
    page.set_viewport_size(PHONE)
    shown(page, address)
    unseen, stops = invisible_focus(page)
    faults += too_wide(page) + unreachable(page)
    assert faults + unseen == []
    assert stops >= 6  # twice two choices and a slider
