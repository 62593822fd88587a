"""When a live demo cannot go on it says so; a stand-in is its model."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from scripts.sitecheck.visit import shown

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "book" / "_static"
MODEL = """
export const loadModel = async () => ({
  settings: {classes: CLASSES, threshold: null, input: {size: 8, channels: 3}},
  examples: EXAMPLES,
  predict: async () => { throw new Error("out of memory"); },
});
"""
DEMO = """
<div class="demo" id="demo" data-kind="{kind}" data-home="./" data-bytes="9"
 data-vendor="./" data-examples="yes">
<p hidden><button type="button" class="demo-start">Start</button></p>
<p class="demo-status" role="status"></p>
<div class="demo-stage" hidden></div>
</div>
<script src="demo.js"></script>
"""
PHOTO = "[{file: 'sky.png', alt: 'The sky', probabilities: {a: 1}}]"


@pytest.fixture
def start(made_up, open_tab, tmp_path):
    """Return a function that opens a demo and presses its button."""

    def started(kind, classes="['a', 'b']", examples="[]"):
        for path in STATIC.glob("demo*.js"):
            shutil.copy(path, tmp_path)
        model = MODEL.replace("CLASSES", classes)
        model = model.replace("EXAMPLES", examples)
        (tmp_path / "demo_model.js").write_text(model)
        address = made_up(DEMO.format(kind=kind))
        page, faults = open_tab(address.rsplit("/", 1)[0])
        shown(page, address)
        page.locator(".demo-start").click()
        return page, faults

    return started


def says(page, words):
    expect(page.locator(".demo-status")).to_contain_text(words)


def test_a_demo_that_does_not_start_can_be_started_again(start):
    page, faults = start("digits", classes="undefined")
    says(page, "The demo did not start")
    again = page.locator(".demo-start")
    expect(again).to_be_visible()
    expect(again).to_be_enabled()
    assert page.locator(".demo-stage").is_hidden()
    assert page.locator(".demo-stage > *").count() == 0
    assert faults == []


def test_a_digit_that_cannot_be_read(start):
    page, faults = start("digits")
    page.locator(".demo-sheet").click()
    says(page, "The digit was not read: out of memory")
    assert faults == []


@pytest.mark.parametrize("online", [True, False])
def test_an_example_that_cannot_be_loaded(start, online):
    page, faults = start("photo", examples=PHOTO)
    says(page, "Ready")
    faults.clear()  # the browser says that the picture is not there
    page.context.set_offline(not online)
    try:
        page.locator(".demo-example").click()
        words = "is not there (answer 404)" if online else "Is the network on?"
        says(page, words)
    finally:
        page.context.set_offline(False)
    assert [fault for fault in faults if "Uncaught" in fault] == []
