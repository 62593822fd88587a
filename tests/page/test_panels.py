import pytest

from sevenlessons.page.figures import CYCLE
from sevenlessons.page.panels import Panel


def test_axes_hold_all_that_is_ever_drawn():
    panel = Panel(
        "x",
        "y",
        points={"data": ([0, 1], [0, 1])},
        lines={"rule": ([-4, 0], [0, 0])},
        moving={"line": [([0], [5]), ([0], [-7])]},
        trails={"walk": ([0, 9], [0, 0])},
    )
    (left, right), (low, high) = panel.canvas().x_range, panel.canvas().y_range
    assert left < -4 and right > 9 and low < -7 and high > 5


def test_given_ends_win_and_flat_values_get_room():
    panel = Panel("x", "y", lines={"a": ([1, 1], [2, 2])}, x_range=(0, 3))
    assert panel.canvas().x_range == (0, 3)
    assert panel.canvas().y_range == (1, 3)


def test_logarithmic_ends_stay_positive():
    panel = Panel("x", "y", trails={"a": ([0, 1], [1e-3, 10])}, log_y=True)
    low, high = panel.canvas().y_range
    assert 0 < low < 1e-3 and high > 10


def test_what_stays_is_grey_and_what_moves_has_colours():
    panel = Panel(
        "x",
        "y",
        points={"data": ([0], [0])},
        moving={"a": [([0], [1])]},
        trails={"b": ([0], [1])},
    )
    colours = [layer.colour for layer in panel.layers()]
    assert colours == ["#808080", CYCLE[0], CYCLE[1]]
    assert panel.layers(5)[2].colour == CYCLE[0]


def test_an_empty_panel_is_refused():
    with pytest.raises(ValueError, match="needs something to draw"):
        Panel("x", "y").canvas()


def test_a_swarm_is_dots_that_move():
    frames = [([0, 1], [0, 1]), ([2, 3], [2, 5])]
    panel = Panel("x", "y", swarms={"made": frames})
    (layer,) = panel.layers()
    canvas = panel.canvas()
    assert layer.moves
    assert layer.drawn(canvas, 1).count("h0") == 2
    assert "bp-dots bp-moves" in layer.drawn(canvas, 0)
    assert layer.drawn(canvas, 0) != layer.drawn(canvas, 1)
