"""The web app in a browser: every way to show a picture, every bad file."""

import base64

import pytest
from scripts.sitecheck.axe import violations
from scripts.sitecheck.keyboard import invisible_focus
from scripts.sitecheck.layout import PHONE, SCREEN, too_wide
from scripts.sitecheck.visit import shown, watch
from tests.deploy.samples import BAD, GOOD, bad, good, slow
from tests.deploy.serving import running

pytestmark = pytest.mark.browser

DONE = "#result:not([hidden])"
WRONG = "#error:not([hidden])"
EVENT = """
([kind, files]) => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const data = new DataTransfer();
  for (const [name, type, text] of files)
    data.items.add(new File([bytes(text)], name, {type}));
  const options = {bubbles: true, cancelable: true};
  const event = kind === "paste"
    ? new ClipboardEvent(kind, {...options, clipboardData: data})
    : new DragEvent(kind, {...options, dataTransfer: data});
  document.querySelector("#drop").dispatchEvent(event);
}
"""


@pytest.fixture(scope="module")
def server():
    with running(explain=True, limits={"max_bytes": 300_000}) as server:
        yield server


def expected(fault):
    """Return whether a test meant it: a refusal, or a request called off."""
    return (
        fault.startswith("answer 4")
        or "responded with a status of 4" in fault
        or (
            fault.startswith("request failed")
            and (fault.endswith("/predict") or "/explain" in fault)
        )
    )


@pytest.fixture
def open_app(chromium, server):
    """Return a function that opens the app; other faults than 4xx fail."""
    opened = []

    def open_it(scheme="light", size=SCREEN, **options):
        context = chromium.new_context(
            color_scheme=scheme,
            viewport=size,
            reduced_motion="reduce",
            **options,
        )
        tab = context.new_page()
        tab.set_default_timeout(10_000)
        opened.append((context, watch(tab, server.home)))
        shown(tab, server.home)
        tab.wait_for_selector("#about:has-text('knows 3 classes')")
        return tab

    yield open_it
    faults = []
    for context, found in opened:
        context.close()
        faults += [fault for fault in found if not expected(fault)]
    assert faults == []


@pytest.fixture
def app(open_app):
    return open_app()


def as_file(name, content):
    return {"name": name, "mimeType": "image/png", "buffer": content}


def choose(tab, content, name="a photo.png"):
    tab.set_input_files("#file", [as_file(name, content)])


def throw(tab, kind, *contents):
    """Drop or paste files."""
    files = [
        ("a.png", "image/png", base64.b64encode(content).decode())
        for content in contents
    ]
    tab.evaluate(EVENT, [kind, files])


def rows(tab):
    """Return what the bars say, one line a class."""
    lines = tab.locator("#bars li").all()
    return [line.inner_text().split("\n") for line in lines]


@pytest.mark.parametrize("name", GOOD)
def test_good_files(app, name):
    throw(app, "drop", good(name))
    app.wait_for_selector(DONE)
    shares = [float(number.split()[0]) for _, number in rows(app)]
    assert len(shares) == 3
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert shares == sorted(shares, reverse=True)
    assert app.locator("#error").is_hidden()


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_told_in_words(app, name):
    content, _, words = bad(name)
    throw(app, "drop", content)
    app.wait_for_selector(WRONG)
    assert words in app.inner_text("#error")
    assert words in app.text_content("#news")
    assert app.locator("#result").is_hidden()
    throw(app, "drop", good("png"))  # and the page goes on
    app.wait_for_selector(DONE)
    assert app.locator("#error").is_hidden()


@pytest.mark.parametrize("way", ["drop", "paste", "choose"])
def test_three_ways_to_show_a_picture(app, way):
    if way == "choose":
        choose(app, good("png"))
    else:
        throw(app, way, good("png"))
    app.wait_for_selector(DONE)
    assert app.inner_text("#says") == "red"
    assert "red" in app.text_content("#news")
    width = "document.querySelector('#photo').naturalWidth"
    app.wait_for_function(f"{width} === 60")


def test_the_same_picture_can_be_chosen_twice(app):
    for _ in (1, 2):
        with app.expect_response("**/predict") as answered:
            choose(app, good("png"))
        assert answered.value.status == 200
        app.wait_for_selector(DONE)


def test_more_than_one_file_is_told(app):
    throw(app, "drop", good("png"), good("jpeg"))
    app.wait_for_selector(WRONG)
    assert "one picture at a time" in app.inner_text("#error")


def test_dropped_text_is_told(app):
    throw(app, "drop")
    app.wait_for_selector(WRONG)
    assert "That was no file" in app.inner_text("#error")


def test_too_large_is_told_by_the_page_and_by_the_server(app):
    content = good("png") + bytes(400_000)
    choose(app, content)
    app.wait_for_selector(WRONG)
    assert app.inner_text("#error").startswith("The file has 0.4 MB")
    app.evaluate("about = null")  # the page knows no limit
    choose(app, content)
    app.wait_for_selector("#error:has-text('at most 0.3 MB')")


def test_too_large_stays_told_when_it_ends_a_request(app):
    choose(app, slow(2))
    app.wait_for_selector("#busy:not([hidden])")
    choose(app, good("png") + bytes(400_000))
    app.wait_for_selector(WRONG)
    app.wait_for_timeout(300)
    assert app.inner_text("#error").startswith("The file has 0.4 MB")
    assert app.locator("#error").is_visible()


def test_an_answer_that_is_not_sure_says_so(app):
    choose(app, good("16 bit png"))
    app.wait_for_selector(DONE)
    assert app.inner_text("#says") == "Not sure"
    assert "too little for an answer" in app.inner_text("#sure")


def test_why_lays_a_heat_map_over_the_picture_that_can_be_hidden(app):
    asked = []
    app.on("request", lambda request: asked.append(request.url))
    choose(app, good("jpeg"))
    app.wait_for_selector("#why:not([hidden])")
    assert app.locator("#heat").is_hidden()
    assert any("/predict" in url for url in asked)
    assert not any("/explain" in url for url in asked)  # nobody asked why
    app.click("#why")
    app.wait_for_selector("#heat:not([hidden])")
    assert any("/explain" in url for url in asked)
    assert app.evaluate("document.activeElement.id") == "toggle"
    assert app.locator("#why").is_hidden()
    assert "red" in app.get_attribute("#heat", "alt")
    for place, width in (("#heat", 224), ("#photo", 60)):
        loaded = f"document.querySelector('{place}').naturalWidth"
        app.wait_for_function(f"{loaded} === {width}")
    photo, heat = (app.locator(x).bounding_box() for x in ("#photo", "#heat"))
    assert photo == heat
    app.uncheck("#toggle")
    assert app.locator("#heat").is_hidden()


def test_why_not_another_class(app):
    choose(app, good("jpeg"))
    app.click("#why")
    app.wait_for_selector("#heat[alt$='for red']:not([hidden])")
    assert app.input_value("#which") == "red"
    app.select_option("#which", "blue")
    app.wait_for_selector("#heat[alt$='for blue']:not([hidden])")
    assert "blue" in app.text_content("#news")


def test_a_heat_map_that_fails_is_told_and_the_answer_stands(app):
    choose(app, good("jpeg"))
    app.wait_for_selector("#why:not([hidden])")
    told = {"status": 429, "json": {"error": "Too many pictures at once."}}
    app.route("**/explain*", lambda route: route.fulfill(**told))
    app.click("#why")  # first it says there that it looks
    app.wait_for_selector("#whynot:has-text('Too many pictures')")
    assert app.inner_text("#says") == "red"
    assert app.locator("#why").is_visible()  # to try again


def test_a_class_that_fails_does_not_show_the_map_of_another(app):
    choose(app, good("jpeg"))
    app.click("#why")
    app.wait_for_selector("#heat:not([hidden])")
    told = {"status": 429, "json": {"error": "Too many pictures at once."}}
    app.route("**/explain*", lambda route: route.fulfill(**told))
    app.select_option("#which", "blue")
    app.wait_for_selector("#whynot:has-text('Too many')")
    for _ in range(2):
        app.click("#toggle")
        assert app.locator("#heat").is_hidden()


def test_while_it_looks_no_older_map_is_shown(app):
    choose(app, good("jpeg"))
    app.click("#why")
    app.wait_for_selector("#heat:not([hidden])")
    held = []
    app.route("**/explain*", lambda route: held.append(route))
    app.select_option("#which", "blue")
    app.wait_for_selector("#heat", state="hidden")
    assert "Looking" in app.text_content("#whynot")
    for _ in range(200):  # the question comes to the test a little later
        if held:
            break
        app.wait_for_timeout(50)
    held[0].continue_()
    app.wait_for_selector("#heat:not([hidden])")
    assert app.locator("#whynot").is_hidden()


def test_a_new_picture_shows_its_map_though_the_last_one_was_hidden(app):
    for _ in range(2):
        choose(app, good("jpeg"))
        app.click("#why")
        app.wait_for_selector("#heat:not([hidden])")
        app.uncheck("#toggle")


def test_a_class_without_heat_is_told(app):
    choose(app, good("jpeg"))
    app.wait_for_selector("#why:not([hidden])")
    app.route("**/explain*", lambda route: route.fulfill(status=204))
    app.click("#why")
    app.wait_for_selector("#look:not([hidden])")
    assert "Nothing in the picture speaks" in app.text_content("#whynot")
    assert app.locator("#heat").is_hidden()


def test_a_newer_picture_replaces_an_older_request(app):
    choose(app, slow(1.5))
    app.wait_for_selector("#busy:not([hidden])")
    choose(app, good("animated gif"))
    app.wait_for_selector(DONE)
    app.wait_for_timeout(300)
    assert rows(app)[0][0] == "red"


def test_waiting_can_be_ended(app):
    choose(app, slow(2))
    app.click("#cancel")
    app.wait_for_selector("#busy", state="hidden")
    assert app.locator("#error").is_hidden()
    assert app.text_content("#news") == "Canceled."


def test_by_keyboard_alone(app):
    # Listening makes the browser hand its file dialog to the test. That is
    # not at once: a key pressed in the same instant meets the real dialog,
    # which a headless browser cancels, so the listener comes first.
    choosers = []
    app.on("filechooser", lambda chooser: choosers.append(chooser))
    app.wait_for_timeout(300)
    app.keyboard.press("Tab")
    assert app.evaluate("document.activeElement.id") == "file"
    assert (
        app.evaluate(
            "getComputedStyle(document.activeElement.parentElement).outlineStyle"
        )
        == "solid"
    )
    for _ in range(3):
        app.keyboard.press("Enter")
        app.wait_for_timeout(500)
        if choosers:
            break
    choosers[0].set_files([as_file("a.png", good("png"))])
    app.wait_for_selector("#why:not([hidden])")
    for _ in range(9):
        app.keyboard.press("Tab")
        if app.evaluate("document.activeElement.id") == "why":
            break
    app.keyboard.press("Enter")
    app.wait_for_selector("#heat:not([hidden])")
    app.keyboard.press("Space")  # the focus is on the box that hides it
    assert app.locator("#heat").is_hidden()
    assert invisible_focus(app)[0] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_every_state_is_accessible_and_fits(open_app, scheme, size):
    tab = open_app(scheme, size, bypass_csp=True)
    assert violations(tab) + too_wide(tab) == []
    choose(tab, good("png"), name="a" * 90 + ".png")
    tab.wait_for_selector("#why:not([hidden])")
    assert violations(tab) + too_wide(tab) == []
    tab.click("#why")
    tab.wait_for_selector("#look:not([hidden])")
    assert violations(tab) + too_wide(tab) == []
    choose(tab, bad("heic")[0])
    tab.wait_for_selector(WRONG)
    assert violations(tab) + too_wide(tab) == []
    ground = tab.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
    brightness = sum(map(int, ground.strip("rgb()").split(",")))
    assert (brightness < 200) == (scheme == "dark")


def test_on_a_phone_the_camera_is_offered(open_app):
    tab = open_app(size=PHONE, has_touch=True, is_mobile=True)
    camera = tab.locator("label[for=camera]")
    assert camera.is_visible()
    assert camera.bounding_box()["height"] >= 44
    tab.set_input_files("#camera", [as_file("now.jpg", good("jpeg"))])
    tab.wait_for_selector(DONE)


def test_with_a_mouse_there_is_no_camera_button(app):
    assert app.locator("label[for=camera]").is_hidden()


def test_names_and_classes_are_text_never_markup(app):
    evil = "<img src=x onerror=document.title=1>.png"
    choose(app, good("png"), name=evil)
    app.wait_for_selector(DONE)
    assert app.inner_text("#name") == evil
    assert app.title() == "What is in this picture?"


def test_the_policy_forbids_what_is_not_the_app_s(chromium, server):
    context = chromium.new_context()
    tab = context.new_page()
    shown(tab, server.home)
    refused = tab.evaluate(
        """async () => {
          const refused = [];
          addEventListener("securitypolicyviolation",
            event => refused.push(event.effectiveDirective));
          try {
            document.body.setAttribute("onclick", "document.title = 'taken'");
          } catch { /* markup may not become a script */ }
          document.body.setAttribute("style", "display: none");
          const image = new Image();
          image.src = "http://127.0.0.1:9/x.png";
          await fetch("http://127.0.0.1:9/").catch(() => null);
          document.body.click();
          await new Promise(done => setTimeout(done, 200));
          return refused;
        }"""
    )
    assert {"connect-src", "img-src", "style-src-attr"} <= set(refused)
    assert "require-trusted-types-for" in refused
    assert tab.title() == "What is in this picture?"
    context.close()


def test_a_server_that_is_gone_is_told(chromium):
    with running() as server:
        context = chromium.new_context()
        tab = context.new_page()
        shown(tab, server.home)
        server.stop()
    choose(tab, good("png"))
    tab.wait_for_selector(WRONG)
    assert "does not answer" in tab.inner_text("#error")
    context.close()


def test_without_scripts_the_form_still_works(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(server.home)
    choose(tab, good("png"))
    with tab.expect_navigation():
        tab.locator("noscript button").click()
    assert '"label":"red"' in tab.content()
    context.close()
