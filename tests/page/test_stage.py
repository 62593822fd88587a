from sevenlessons.page.canvas import Canvas
from sevenlessons.page.stage import Layer, figure, key, still

CANVAS = Canvas((0, 10), (0, 10), x="x", y="y")


def test_a_trail_shows_its_points_so_far_and_an_end():
    xs = list(range(5))
    trail = Layer("walk", "#123456", [(xs, xs)], moves=True, trail=True)
    svg = trail.drawn(CANVAS, 2)
    line, end = svg.split("/>")[:2]
    assert line.count("L") == 2 and "bp-moves" in line
    assert "bp-end" in end and "bp-moves" not in end


def test_a_moving_line_has_one_series_a_frame():
    lines = [([0, 1], [0, k]) for k in (1, 2)]
    layer = Layer("line", "#123456", lines, moves=True)
    assert layer.drawn(CANVAS, 0) != layer.drawn(CANVAS, 1)


def test_the_key_names_each_label_once_and_none_that_is_empty():
    a, b = Layer("a & b", "#111111", []), Layer("", "#222222", [])
    html = key([a, a, b])
    assert html.count("<span>") == 1 and "a &amp; b" in html
    assert "bp-moves" not in html


def test_a_figure_is_named_and_holds_its_parts_in_order():
    html = figure(
        "bp-demo",
        'a "name"',
        style="x{}",
        stills=still(["<svg/>"], "One < two."),
        live="LIVE",
        script="SCRIPT",
        below="KEY",
        caption="A caption.",
    )
    assert 'aria-label="a &quot;name&quot;"' in html
    parts = ["x{}", "One &lt; two.", "LIVE", "KEY", "caption", "SCRIPT"]
    assert [html.index(p) for p in parts] == sorted(map(html.index, parts))
