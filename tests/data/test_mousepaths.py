import numpy as np
import pytest
import torch

from sevenlessons.data.mousepaths import (
    KINDS,
    draw_path,
    generate_path,
    generate_paths,
)


def swings(path):
    """Spread of the speed over its mean, smoothed over five readings."""
    speed = np.hypot(*np.diff(path, axis=0).T)
    speed = np.convolve(speed, np.ones(5) / 5, "valid")
    return speed.std() / speed.mean()


def bends(path):
    """Length of the line over the side of the box around it."""
    return (
        np.hypot(*np.diff(path, axis=0).T).sum() / np.ptp(path, axis=0).sum()
    )


def test_same_seed_same_paths():
    first, labels = generate_paths(3, seed=1)
    again, _ = generate_paths(3, seed=1)
    other, _ = generate_paths(3, seed=2)
    assert labels.tolist() == [0, 1] * 3
    assert all(map(np.array_equal, first, again))
    assert not any(map(np.array_equal, first, other))


def test_speed_tells_the_kinds_apart_and_shape_does_not():
    rng = np.random.default_rng(0)
    groups = [[generate_path(kind, rng) for _ in range(150)] for kind in KINDS]
    swing = [np.median([swings(p) for p in group]) for group in groups]
    bend = [np.median([bends(p) for p in group]) for group in groups]
    length = [np.median([len(p) for p in group]) for group in groups]
    assert swing[0] > 1.5 * swing[1]
    assert bend[0] == pytest.approx(bend[1], rel=0.15)
    assert length[0] == pytest.approx(length[1], rel=0.25)


def test_colour_is_speed():
    x = np.concatenate([np.linspace(0, 0.2, 40), np.linspace(0.25, 1, 10)])
    picture = draw_path(np.stack([x, np.full(50, 0.5)], axis=1), size=64)
    red, _, blue = picture[:, 32].int()
    assert (blue[2:10] > red[2:10]).all() and (red[25:60] > blue[25:60]).all()


def test_the_line_has_no_gap():
    x = np.linspace(0, 1, 5)
    picture = draw_path(np.stack([x, 1 - x], axis=1), size=48)
    drawn = picture.amax(dim=0) > 0
    assert drawn.any(dim=0).all() and drawn.any(dim=1).all()
    assert drawn[47, 0] and drawn[0, 47] and not drawn[0, 0]


def test_a_mouse_that_rests_is_drawn():
    picture = draw_path(np.full((5, 2), 0.5), size=16)
    assert picture.dtype == torch.uint8
    assert (picture.amax(dim=0) > 0).sum() == 4


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: generate_path("cat", None), "kind must be one of"),
        (lambda: generate_paths(0), "num_per_kind must be at least 1"),
        (lambda: draw_path(np.zeros((2, 2))), "with T >= 3"),
        (lambda: draw_path(np.zeros((9, 3))), r"got \(9, 3\)"),
        (lambda: draw_path(np.zeros((9, 2)), size=7), "size must be at least"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
