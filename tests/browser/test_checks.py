"""Each check finds what it is for, and says nothing about a sound page."""

import pytest
from scripts.sitecheck.axe import violations
from scripts.sitecheck.dark import (
    light_cards,
    unreadable_labels,
    white_pictures,
)
from scripts.sitecheck.keyboard import invisible_focus, unreachable
from scripts.sitecheck.layout import PHONE, too_wide
from scripts.sitecheck.visit import shown

pytestmark = pytest.mark.browser

NIGHT = "<style>body { background: #121417; color: #d9dee5 }</style>"
DRAWN = (
    '<svg width="90" height="40" role="img" aria-label="a">{}'
    '<text x="45" y="25" text-anchor="middle" fill="{}">a</text></svg>'
)
PIXEL = """
<img alt="a" id="i" width="40"><script>
const paper = Object.assign(document.createElement("canvas"),
  {{width: 8, height: 8}});
const pen = paper.getContext("2d");
pen.fillStyle = "{colour}";
pen.fillRect(0, 0, 8, 8);
document.getElementById("i").src = paper.toDataURL("{kind}");
</script>
"""
WIDE = '<div style="width: 500px">wide</div>'
SCROLLS = f'<div style="overflow-x: auto"{{}}>{WIDE}</div>'


@pytest.fixture
def look(open_tab, made_up):
    """Return a function that opens a page with the given body."""

    def opened(body, head=""):
        address = made_up(body, head)
        tab, faults = open_tab(address.rsplit("/", 1)[0])
        shown(tab, address)
        return tab, faults

    return opened


def test_a_sound_page_has_no_faults(look):
    tab, faults = look("<p>All is well.</p>")
    faults += violations(tab) + too_wide(tab) + unreachable(tab)
    assert faults == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<script>console.error('oh')</script>", "console error: oh"),
        ("<script>console.warn('hm')</script>", "console warning: hm"),
        ("<script>nothing.here</script>", "page error: nothing is not"),
        ('<img alt="" src="no.png">', "answer 404: "),
        (
            '<script src="http://elsewhere.invalid/x.js"></script>',
            "asks another host: http://elsewhere.invalid/x.js",
        ),
        (
            '<script src="http://elsewhere.invalid/x.js"></script>',
            "request failed: http://elsewhere.invalid/x.js",
        ),
    ],
)
def test_what_fails_is_noted(look, body, message):
    faults = look(body)[1]
    assert any(message in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (
            '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
            "image-alt",
        ),
        ('<p style="color: #bbb">pale</p>', "color-contrast"),
        ('<pre><b><span style="color:#ccc">is</span></b></pre>', "contrast"),
        ("<input>", "label"),
        ('<a href="#x"></a>', "link-name"),
    ],
)
def test_axe_is_heard(look, body, rule):
    tab, _ = look(body)
    found = violations(tab)
    assert any(rule in fault for fault in found), found
    assert found[0].startswith(("axe critical", "axe serious"))


def test_pale_words_are_found_at_night(look):
    tab, _ = look('<p style="color: #333">dark on dark</p>', NIGHT)
    (fault,) = violations(tab, only_contrast=True)
    assert "axe serious color-contrast" in fault


def test_of_equal_words_one_is_enough_but_not_on_another_ground(look):
    word = '<span style="color: #767676">word</span>'
    tab, _ = look(
        f'<pre style="background: #fff">{word}</pre>'
        f'<pre style="background: #bbb">{word}{word}</pre>'
    )
    (fault,) = violations(tab, only_contrast=True)
    assert "word" in fault
    assert tab.locator("pre").all_inner_texts() == ["word", "wordword"]


def test_a_single_letter_does_not_hide_a_word_of_its_colour(look):
    pale = '<span style="color: #ccc">{}</span>'
    tab, _ = look(f"<pre>{pale.format('(')}{pale.format('word')}</pre>")
    (fault,) = violations(tab, only_contrast=True)
    assert "word" in fault


def test_what_sticks_out_is_named(look):
    tab, _ = look(WIDE)
    assert too_wide(tab) == []
    tab.set_viewport_size(PHONE)
    (fault,) = too_wide(tab)
    assert "in a window of 360" in fault
    assert WIDE[:20] in fault


def test_what_scrolls_by_itself_does_not_stick_out(look):
    tab, _ = look(SCROLLS.format(' tabindex="0"'))
    tab.set_viewport_size(PHONE)
    assert too_wide(tab) == []
    assert unreachable(tab) == []


def test_what_scrolls_must_take_the_focus(look):
    tab, _ = look(SCROLLS.format(""))
    tab.set_viewport_size(PHONE)
    (fault,) = unreachable(tab)
    assert "scrolls, but not by keyboard" in fault


def test_a_light_card_at_night(look):
    card = '<div class="cell_output" style="background: {}">a</div>'
    assert light_cards(look(card.format("#eee"), NIGHT)[0])
    assert light_cards(look(card.format("#1c2026"), NIGHT)[0]) == []


@pytest.mark.parametrize(
    ("ground", "ink", "found"),
    [
        ("", "#222222", 1),
        ("", "#dddddd", 0),
        ('<rect width="90" height="40" fill="#fff"/>', "#222222", 0),
        ('<rect width="90" height="40" fill="#fff"/>', "#dddddd", 1),
        ('<rect width="9" height="9" fill="#fff"/>', "#dddddd", 0),
    ],
)
def test_labels_of_drawings(look, ground, ink, found, tmp_path):
    drawing = DRAWN.format(ground, ink)
    tab, _ = look(drawing, NIGHT)
    assert len(unreadable_labels(tab)) == found
    space = '<svg xmlns="http://www.w3.org/2000/svg"'
    file = drawing.replace("<svg", space)
    (tmp_path / "d.svg").write_text(file, encoding="utf-8")
    tab, _ = look('<img alt="a" src="d.svg">', NIGHT)
    assert len(unreadable_labels(tab)) == found


@pytest.mark.parametrize(
    ("kind", "colour", "found"),
    [
        ("image/png", "white", 1),
        ("image/png", "#121417", 0),
        ("image/png", "transparent", 0),
        ("image/jpeg", "white", 0),
    ],
)
def test_white_pictures(look, kind, colour, found):
    tab, _ = look(PIXEL.format(kind=kind, colour=colour), NIGHT)
    assert len(white_pictures(tab)) == found


def test_a_focus_that_is_not_seen(look):
    links = '<a href="#a">a</a><a href="#b">b</a>'
    hide = "<style>a:focus { outline: none }</style>"
    assert invisible_focus(look(links)[0]) == ([], 2)
    faults, stops = invisible_focus(look(links, hide)[0])
    assert stops == 2
    assert len(faults) == 2
    assert "focus is not seen" in faults[0]


def test_a_trap_is_found(look):
    trap = (
        '<button>a</button><button id="t">t</button><button>b</button>'
        "<script>t.onkeydown = e => e.preventDefault()</script>"
    )
    faults, _ = invisible_focus(look(trap)[0], limit=20)
    assert any("does not go on" in fault for fault in faults), faults


def test_another_host_is_another_port_too(made_up, open_tab):
    address = made_up("<p>a</p>")
    tab, faults = open_tab("http://127.0.0.1:1/")
    shown(tab, address)
    assert any("asks another host" in fault for fault in faults)
