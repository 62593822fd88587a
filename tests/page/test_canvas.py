import pytest

from sevenlessons.page.canvas import Canvas, path

CANVAS = Canvas((-1, 1), (0.01, 100), x="x in m", y="a < b", log_y=True)


def test_corners_and_middle_lie_where_they_should():
    left, top, width, height = CANVAS.box
    places = CANVAS.places([-1, 0, 1], [0.01, 1, 100])
    assert places[0] == (left, top + height)
    assert places[1] == (left + width / 2, top + height / 2)
    assert places[2] == (left + width, top)


def test_what_flies_off_stays_drawable():
    ((x, y),) = CANVAS.places([1e300], [float("inf")])
    assert 300 < x < 1e4 and -1e4 < y < 0
    assert CANVAS.places([0], [0.0])[0][1] < 1e4


def test_axes_have_names_and_round_ticks():
    svg = CANVAS.svg("")
    assert ">x in m</text>" in svg and ">a &lt; b</text>" in svg
    for tick in ("-1", "0", "0.5", "0.01", "1", "100"):
        assert f">{tick}</text>" in svg
    assert 'aria-hidden="true"' in svg and "id=" not in svg


def test_a_smaller_one_keeps_the_values():
    small = CANVAS.smaller()
    assert small.x_range == CANVAS.x_range and small.width < CANVAS.width
    assert small.svg("").count("<text") == CANVAS.svg("").count("<text")


def test_short_logarithmic_axes_have_more_than_one_tick():
    svg = Canvas((0, 1), (0.4, 3), x="x", y="y", log_y=True).svg("")
    assert ">0.5</text>" in svg and ">2</text>" in svg


def test_empty_path():
    assert path([]) == "" and path([], dots=True) == ""


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: Canvas((1, 1), (0, 1), x="", y=""), "the x axis must go"),
        (lambda: Canvas((0, 1), (2, 1), x="", y=""), "got 2 to 1"),
        (
            lambda: Canvas((0, 1), (0, 1), x="", y="", log_y=True),
            "a logarithmic axis starts above 0",
        ),
        (lambda: CANVAS.places([float("nan")], [1]), "cannot draw NaN"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
