"""The live demos answer as Python does, and load nothing unasked."""

import io
import json
from itertools import pairwise

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image
from scripts.npm_package import ONNXRUNTIME
from scripts.sitecheck.axe import violations
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown, watch

from sevenlessons.data.images import images_to_tensor, read_image, squeeze
from sevenlessons.vision.digit_frame import frame_digit

pytestmark = pytest.mark.browser

DIGITS = "book/lesson2/browser.html"
PHOTOS = "book/lesson2/deploy.html"
CLOSE = 1e-3
HEAVY = [file.base for file in ONNXRUNTIME.files] + ["model.onnx"]
SHOWN = """
demo => Object.fromEntries([...demo.querySelectorAll(".demo-bars li")].map(
  row => [row.querySelector(".demo-name").textContent,
          Number(row.dataset.probability)]))
"""
HERE = "new URL('../../_static/{}', document.baseURI)"


def start(tab, home, page):
    """Open a page and start its demo; return the demo."""
    shown(tab, home + page)
    demo = tab.locator(".demo").first
    demo.locator(".demo-start").click()
    tab.wait_for_selector(".demo[data-state=ready]", timeout=60_000)
    return demo


def published(site, demo):
    """Return the folder of the demo's model."""
    return site / demo.get_attribute("data-home").removeprefix("../../")


def answer(tab, demo, act):
    """Do something; return the probabilities that the demo then shows."""
    status = demo.locator(".demo-status")
    tab.evaluate("box => { box.textContent = ''; }", status.element_handle())
    act()
    tab.wait_for_function(
        "box => / ms in this page/.test(box.textContent)",
        arg=status.element_handle(),
    )
    return demo.evaluate(SHOWN), status.inner_text()


def best(probabilities):
    return max(probabilities, key=probabilities.get)


def assert_close(got, expected):
    assert best(got) == best(expected)
    assert got.keys() == expected.keys()
    most = max(abs(got[name] - expected[name]) for name in got)
    assert most <= CLOSE


def in_python(folder, pictures):
    """Return what Python's onnxruntime says of the files `pictures`."""
    settings = json.loads((folder / "bundle.json").read_text())
    images = images_to_tensor(pictures, settings["input"]["size"])
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    feeds = {"images": (images.float() / 255).numpy()}
    (rows,) = session.run(None, feeds)
    names = settings["classes"]
    return [dict(zip(names, row.tolist(), strict=True)) for row in rows]


@pytest.mark.parametrize("page", [DIGITS, PHOTOS])
def test_nothing_heavy_is_loaded_before_the_click(tab, home, page):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    shown(tab, home + page)
    tab.mouse.wheel(0, 3000)
    tab.wait_for_timeout(300)
    names = {url.rsplit("/", 1)[-1].split("?")[0] for url in asked}
    assert "demo.js" in names
    assert not [url for url in asked if "_files/" in url or "ort" in url]
    assert not names & {"demo_model.js", "demo_digits.js", "demo_photo.js"}
    start(tab, home, page)
    names = [url.rsplit("/", 1)[-1].split("?")[0] for url in asked]
    for name in HEAVY:
        assert names.count(name) == 1, name


@pytest.mark.parametrize("page", ["book/index.html", "search.html"])
def test_other_pages_load_no_demo(tab, home, page):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    shown(tab, home + page)
    assert not [url for url in asked if "/demo" in url]


def test_the_button_says_what_it_loads(tab, home, site):
    shown(tab, home + DIGITS)
    demo = tab.locator(".demo").first
    said = demo.locator(".demo-start").inner_text()
    vendor = site / demo.get_attribute("data-vendor").removeprefix("../../")
    folder = published(site, demo)
    paths = [folder / "model.onnx", folder / "bundle.json"]
    paths += [vendor / file.base for file in ONNXRUNTIME.files]
    size = sum(path.stat().st_size for path in paths) / 1e6
    assert said == f"Start the demo (loads {size:.0f} MB)"
    assert (vendor / "LICENSE.txt").is_file()


def test_every_example_digit_is_read_as_in_python(tab, home, site):
    demo = start(tab, home, DIGITS)
    known = published(site, demo) / "examples/examples.json"
    examples = json.loads(known.read_text())["examples"]
    assert len(examples) >= 20
    buttons = demo.locator(".demo-digit")
    assert buttons.count() == len(examples)
    for number, example in enumerate(examples):
        got, said = answer(tab, demo, buttons.nth(number).click)
        assert_close(got, example["probabilities"])
        sure = max(got.values()) >= 0.5
        assert said.startswith(
            f"I read: {best(got)}," if sure else "I read: Not sure."
        )
        assert "the two differ by" in demo.locator(".demo-python").inner_text()


def test_every_example_photo_is_seen_as_in_python(tab, home, site):
    demo = start(tab, home, PHOTOS)
    folder = published(site, demo)
    text = (folder / "examples/examples.json").read_text()
    examples = json.loads(text)["examples"]
    assert 3 <= len(examples) <= 5
    for number, example in enumerate(examples):
        button = demo.locator(".demo-example").nth(number)
        got, _ = answer(tab, demo, button.click)
        assert_close(got, example["probabilities"])
        assert example["credit"] and example["alt"]


def picture(mode, size, seed):
    """Return a smooth random picture as the bytes of a PNG."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 7, 3), dtype=np.uint8))
    file = io.BytesIO()
    image = small.resize(size, Image.Resampling.BICUBIC)
    image = image.quantize(64) if mode == "P" else image.convert(mode)
    image.save(file, "PNG")
    return file.getvalue()


def test_own_photos_are_seen_as_in_python(tab, home, site):
    demo = start(tab, home, PHOTOS)
    sizes = [("RGB", (640, 411)), ("L", (90, 300)), ("P", (257, 64))]
    sizes.append(("RGB", (1500, 1700)))
    pictures = [picture(*size, seed) for seed, size in enumerate(sizes)]
    expected = in_python(published(site, demo), pictures)
    field = demo.locator("input[type=file]").first
    for content, known in zip(pictures, expected, strict=True):
        file = {"name": "p.png", "mimeType": "image/png", "buffer": content}
        got, _ = answer(tab, demo, lambda f=file: field.set_input_files(f))
        assert_close(got, known)


def test_a_dropped_and_a_pasted_photo_are_seen(tab, home, site):
    demo = start(tab, home, PHOTOS)
    content = picture("RGB", (200, 150), 9)
    (known,) = in_python(published(site, demo), [content])
    event = """([box, kind, bytes]) => {
      const file = new File([Uint8Array.from(bytes)], "p.png",
        {type: "image/png"});
      const data = new DataTransfer();
      data.items.add(file);
      const more = kind === "drop" ? {dataTransfer: data}
        : {clipboardData: data};
      const Kind = kind === "drop" ? DragEvent : ClipboardEvent;
      box.dispatchEvent(new Kind(kind,
        {bubbles: true, cancelable: true, ...more}));
    }"""
    zone = demo.locator(".demo-zone").element_handle()
    for kind in ("drop", "paste"):
        act = [zone, kind, list(content)]
        got, _ = answer(tab, demo, lambda a=act: tab.evaluate(event, a))
        assert_close(got, known)


def test_what_is_no_photo_gets_a_sentence(tab, home):
    demo = start(tab, home, PHOTOS)
    field = demo.locator("input[type=file]").first
    for name in ("notes.txt", "photo.png"):
        file = {"name": name, "mimeType": "image/png", "buffer": b"hello"}
        field.set_input_files(file)
        tab.wait_for_selector(".demo-status:has-text('This is no picture')")


SQUEEZED = """
async ([bytes, size, channels]) => {
  const { squeeze } = await import(ADDRESS);
  const blob = new Blob([Uint8Array.from(bytes)]);
  const bitmap = await createImageBitmap(blob,
    {colorSpaceConversion: "none", imageOrientation: "from-image"});
  return [...squeeze(bitmap, size, channels)];
}
""".replace("ADDRESS", HERE.format("demo_resize.js"))


@pytest.mark.parametrize("size", [(300, 200), (64, 97), (28, 500), (96, 96)])
def test_the_resize_is_pythons(tab, home, size):
    shown(tab, home + DIGITS)
    content = picture("RGB", size, sum(size))
    for side in (28, 96, 224):
        got = tab.evaluate(SQUEEZED, [list(content), side, 3])
        wanted = images_to_tensor([content], side)[0].permute(1, 2, 0)
        apart = torch.tensor(got) - wanted.flatten().int()
        assert apart.abs().max() <= 1
        assert (apart != 0).float().mean() < 0.001
    gray = read_image(content).convert("L")
    wanted = np.asarray(squeeze(gray, 28, 28))
    got = tab.evaluate(SQUEEZED, [list(content), 28, 1])
    assert np.abs(np.array(got) - wanted.flatten()).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_turned_as_in_python(tab, home, orientation):
    shown(tab, home + DIGITS)
    image = Image.open(io.BytesIO(picture("RGB", (120, 70), 3)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, quality=95, subsampling=0)
    content = file.getvalue()
    got = torch.tensor(tab.evaluate(SQUEEZED, [list(content), 32, 3]))
    wanted = images_to_tensor([content], 32)[0].permute(1, 2, 0).flatten()
    assert (got - wanted.int()).abs().float().mean() < 1.5


def strokes(*lines):
    """Return a drawing of straight lines as ink, 0 to 1 across."""
    ink = np.zeros((280, 280), dtype=np.uint8)
    y, x = np.mgrid[:280, :280] / 280
    for (x0, y0), (x1, y1) in lines:
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
        along = along.clip(0, 1)
        far = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
        ink = np.maximum(ink, (255 * (12 - 280 * far).clip(0, 1)).astype("u1"))
    return ink


FRAMED = """
async ([ink, height, width]) => {
  const { frameDigit } = await import(ADDRESS);
  const framed = frameDigit(Uint8Array.from(ink), height, width);
  return framed ? [...framed] : null;
}
""".replace("ADDRESS", HERE.format("demo_digit_frame.js"))


def test_a_drawing_is_framed_as_in_python(tab, home):
    shown(tab, home + DIGITS)
    rng = np.random.default_rng(0)
    for number in range(12):
        points = rng.uniform(0.05, 0.95, (4, 2))
        ink = strokes(*pairwise(points))
        ink = ink[: 280 - 9 * number]
        if not (ink >= 32).any():
            continue
        args = [ink.flatten().tolist(), *ink.shape]
        got = torch.tensor(tab.evaluate(FRAMED, args))
        wanted = frame_digit(torch.from_numpy(ink.copy()))
        assert (got - wanted.flatten().int()).abs().max() <= 1
    assert tab.evaluate(FRAMED, [[0] * 100, 10, 10]) is None


def oval(left, top, right, bottom, count=24):
    angles = np.linspace(0, 2 * np.pi, count + 1)
    x = (left + right) / 2 + (right - left) / 2 * np.sin(angles)
    y = (top + bottom) / 2 - (bottom - top) / 2 * np.cos(angles)
    return list(zip(x, y, strict=True))


DRAWN = {
    "0": [oval(0.3, 0.15, 0.7, 0.85)],
    "1": [[(0.52, 0.15), (0.48, 0.85)]],
    "2": [
        [
            *[(0.3, 0.32), (0.38, 0.19), (0.52, 0.15), (0.66, 0.2)],
            *[(0.7, 0.33), (0.62, 0.5), (0.45, 0.66), (0.28, 0.83)],
            (0.74, 0.83),
        ]
    ],
    "4": [
        [(0.36, 0.15), (0.28, 0.55), (0.7, 0.55)],
        [(0.64, 0.15), (0.6, 0.88)],
    ],
    "7": [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)]],
}


def draw(tab, demo, lines, scale=1.0, at=(0.0, 0.0)):
    box = demo.locator(".demo-sheet").bounding_box()

    def place(point):
        x, y = (at[i] + scale * point[i] for i in (0, 1))
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    for line in lines:
        tab.mouse.move(*place(line[0]))
        tab.mouse.down()
        for point in line[1:]:
            tab.mouse.move(*place(point), steps=4)
        tab.mouse.up()


@pytest.mark.parametrize("digit", DRAWN)
def test_a_drawn_digit_is_read(tab, home, digit):
    demo = start(tab, home, DIGITS)
    demo.locator(".demo-sheet").scroll_into_view_if_needed()
    got, _ = answer(tab, demo, lambda: draw(tab, demo, DRAWN[digit]))
    assert best(got) == digit


INK = """
sheet => {
  const { width, height } = sheet;
  const { data } = sheet.getContext("2d").getImageData(0, 0, width, height);
  return [...data].filter((_, place) => place % 4 === 3);
}
"""


@pytest.mark.parametrize("digit", ["0", "2", "7"])
def test_a_drawing_is_answered_as_in_python(tab, home, site, digit):
    """From the ink on the sheet to the probabilities, framing included."""
    demo = start(tab, home, DIGITS)
    sheet = demo.locator(".demo-sheet")
    sheet.scroll_into_view_if_needed()
    got, _ = answer(tab, demo, lambda: draw(tab, demo, DRAWN[digit]))
    ink = torch.tensor(sheet.evaluate(INK), dtype=torch.uint8)
    side = round(len(ink) ** 0.5)
    framed = frame_digit(ink.reshape(side, side))
    folder = published(site, demo)
    classes = json.loads((folder / "bundle.json").read_text())["classes"]
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    pixels = framed[None, None].float().numpy() / 255
    (row,) = session.run(None, {"images": pixels})[0].tolist()
    assert_close(got, dict(zip(classes, row, strict=True)))


def test_in_a_corner_it_needs_the_frame(tab, home):
    demo = start(tab, home, DIGITS)
    demo.locator(".demo-sheet").scroll_into_view_if_needed()
    corner = dict(scale=0.45, at=(0.5, 0.5))
    got, _ = answer(tab, demo, lambda: draw(tab, demo, DRAWN["7"], **corner))
    assert best(got) == "7"
    box = demo.locator("input[type=checkbox]")
    other, _ = answer(tab, demo, box.uncheck)
    assert other["7"] < got["7"]
    again, _ = answer(tab, demo, box.check)
    assert again == got


def test_one_can_draw_with_the_keys(tab, home):
    shown(tab, home + DIGITS)
    demo = tab.locator(".demo").first
    demo.locator(".demo-start").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".demo[data-state=ready]", timeout=60_000)
    assert demo.locator(".demo-sheet").evaluate(
        "sheet => sheet === document.activeElement"
    )
    for _ in range(5):
        tab.keyboard.press("ArrowUp")
    status = demo.locator(".demo-status")
    assert status.inner_text() == "Row 3 of 14, column 8, pen up."
    assert demo.locator(".demo-pen").is_visible()
    tab.keyboard.press("Space")
    for _ in range(8):
        tab.keyboard.press("ArrowDown")
    tab.wait_for_selector(".demo-status:has-text('I read: 1')")
    assert best(demo.evaluate(SHOWN)) == "1"
    tab.keyboard.press("Delete")
    assert status.inner_text() == "The sheet is empty. Draw a digit."
    tab.keyboard.press("Tab")
    assert tab.locator(":focus").inner_text() == "Clear"


def test_a_finger_draws(chromium, home):
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    tab = context.new_page()
    faults = watch(tab, home)
    demo = start(tab, home, DIGITS)
    box = demo.locator(".demo-sheet").bounding_box()
    tab.touchscreen.tap(box["x"] + 100, box["y"] + 100)
    tab.wait_for_selector(".demo-status:has-text('ms in this page')")
    wide = too_wide(tab)
    context.close()
    assert faults + wide == []


def test_predictions_ask_nobody(tab, home):
    demo = start(tab, home, DIGITS)
    tab.wait_for_timeout(200)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.context.set_offline(True)
    try:
        answer(tab, demo, lambda: draw(tab, demo, DRAWN["1"]))
    finally:
        tab.context.set_offline(False)
    assert asked == []


@pytest.mark.parametrize("page", [DIGITS, PHOTOS])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_started_demo_breaks_no_rule(open_tab, home, page, scheme):
    tab, faults = open_tab(home, scheme)
    demo = start(tab, home, page)
    example = demo.locator(".demo-digit, .demo-example").first
    answer(tab, demo, example.click)
    faults += violations(tab) + too_wide(tab)
    tab.set_viewport_size(PHONE)
    tab.wait_for_timeout(400)
    faults += too_wide(tab)
    assert faults == []


def test_a_damaged_model_is_refused(open_tab, home):
    tab, faults = open_tab(home)
    tab.route(
        "**/model.onnx",
        lambda route: route.fulfill(body=route.fetch().body()[:-1] + b"!"),
    )
    shown(tab, home + DIGITS)
    tab.locator(".demo-start").first.click()
    tab.wait_for_selector(".demo[data-state=failed]", timeout=60_000)
    said = tab.locator(".demo-status").first.inner_text()
    assert "The model arrived damaged. Reload the page." in said
    assert tab.locator(".demo-start").first.is_enabled()
    assert faults == []


def test_a_file_that_is_gone_is_named(open_tab, home):
    tab, _ = open_tab(home)
    tab.route("**/bundle.json", lambda route: route.fulfill(status=404))
    shown(tab, home + DIGITS)
    tab.locator(".demo-start").first.click()
    tab.wait_for_selector(".demo[data-state=failed]", timeout=60_000)
    said = tab.locator(".demo-status").first.inner_text()
    assert "bundle.json is not there (answer 404)" in said


def test_without_a_script_there_is_a_sentence(chromium, home):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(home + DIGITS)
    demo = tab.locator(".demo").first
    said = demo.inner_text()
    visible = demo.locator(".demo-start").is_visible()
    context.close()
    assert "The demo needs JavaScript" in said
    assert not visible


def test_on_paper_there_is_a_sentence(tab, home):
    shown(tab, home + DIGITS)
    tab.emulate_media(media="print")
    demo = tab.locator(".demo").first
    assert demo.locator(".demo-paper-words").is_visible()
    assert not demo.locator(".demo-start").is_visible()


def test_from_files_the_demo_says_what_to_do(site, open_tab):
    home = site.as_uri() + "/"
    tab, faults = open_tab(home)
    shown(tab, home + DIGITS)
    demo = tab.locator(".demo").first
    assert "make serve" in demo.locator(".demo-status").inner_text()
    assert not demo.locator(".demo-start").is_visible()
    assert faults == []
