import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.skymap import Frame, direction


def corners(ra, dec, width):
    half = width / 2
    stretch = half / np.cos(np.radians(dec))
    return [
        [ra + stretch, dec - half],
        [ra - stretch, dec - half],
        [ra - stretch, dec + half],
        [ra + stretch, dec + half],
    ]


places = st.tuples(st.floats(0, 359), st.floats(-60, 60), st.floats(0.05, 2.0))


def test_directions():
    ra, dec = np.radians([[0, 90, 0], [0, 0, 90]])
    assert np.allclose(direction(ra, dec), np.eye(3))


@given(places)
def test_corners_fall_on_corners(place):
    frame = Frame(corners(*place))
    towards = direction(*np.radians(corners(*place)).T)
    expected = [[0, 1], [1, 1], [1, 0], [0, 0]]
    # a trapezium on the sky is no square: what is left is the misfit
    assert np.abs(frame.xy(towards) - expected).max() < frame.misfit + 1e-9
    assert frame.misfit < 0.06
    assert np.allclose(np.linalg.norm(frame.center), 1)


@given(places)
def test_the_grid_lies_inside_and_comes_back(place):
    frame = Frame(corners(*place))
    sky = frame.sky(5)
    assert sky.shape == (25, 3)
    assert frame.contains(sky).all()
    steps = (np.arange(5) + 0.5) / 5
    xy = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    assert np.allclose(frame.xy(sky), xy, atol=1e-9)


def test_north_is_up_and_east_is_left():
    frame = Frame(corners(80, 20, 1))
    middle, north, east = (
        frame.xy(direction(*np.radians(place)))
        for place in ([80, 20], [80, 20.3], [80.3, 20])
    )
    assert np.allclose(middle, 0.5, atol=0.01)
    assert north[1] < 0.3 and abs(north[0] - 0.5) < 0.01
    assert east[0] < 0.3 and abs(east[1] - 0.5) < 0.01


def test_what_lies_behind_or_near_the_edge_is_outside():
    frame = Frame(corners(10, 0, 2))
    assert not frame.contains(-frame.center)
    edge = direction(*np.radians([10, 0.98]))
    assert frame.contains(edge)
    assert not frame.contains(edge, margin=0.03)


def test_corners_must_be_four_places():
    with pytest.raises(ValueError, match=r"four pairs.* got shape \(3, 2\)"):
        Frame(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="four pairs of finite degrees"):
        Frame(np.full((4, 2), np.nan))
