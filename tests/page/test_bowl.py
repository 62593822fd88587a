import numpy as np
import pytest
import torch

from sevenlessons.page.bowl import Bowl
from sevenlessons.page.canvas import Canvas
from sevenlessons.scratch.descent import gradient_descent, make_line, mse
from sevenlessons.scratch.least_squares import (
    largest_stable_lr,
    least_squares,
)

INPUTS, TARGET = make_line(60, seed=2)
BOWL = Bowl(INPUTS[:, 0].numpy(), TARGET.numpy())


def test_best_and_limit_equal_scratch():
    best = least_squares(INPUTS, TARGET)
    assert np.allclose(BOWL.best, best, rtol=1e-12)
    assert np.isclose(BOWL.limit, largest_stable_lr(INPUTS), rtol=1e-12)
    assert np.isclose(BOWL.least, mse(INPUTS @ best, TARGET), rtol=1e-10)


@pytest.mark.parametrize("share", [0.1, 0.7, 0.99, 1.05])
def test_a_walk_equals_scratch(share):
    start, lr = np.array([-1.0, 1.0]), share * BOWL.limit
    path = gradient_descent(
        INPUTS, TARGET, torch.from_numpy(start), lr=lr, steps=50
    )
    walk = BOWL.walk(start, lr, 50)
    # the points are summed before the walk here, and at each step there
    assert np.allclose(walk, path, rtol=1e-9, atol=1e-9)
    losses = [mse(INPUTS @ w, TARGET).item() for w in path]
    assert np.allclose(BOWL.loss(walk), losses, rtol=1e-8)


def test_lines_of_equal_loss_have_equal_loss():
    best = BOWL.best
    canvas = Canvas(
        (best[0] - 5, best[0] + 5), (best[1] - 5, best[1] + 5), x="", y=""
    )
    corner = best + 5
    svg = BOWL.levels(canvas, corner)
    numbers = svg.split("matrix(")[1].split(")")[0].split(",")
    a, b, c, d, e, f = map(float, numbers)
    angle = np.linspace(0, 6, 30)
    px = a * np.cos(angle) + c * np.sin(angle) + e
    py = b * np.cos(angle) + d * np.sin(angle) + f
    left, top, width, height = canvas.box
    ring = np.stack(
        [
            canvas.x_range[0] + (px - left) / width * 10,
            canvas.y_range[1] - (py - top) / height * 10,
        ],
        axis=1,
    )
    losses = BOWL.loss(ring)
    # the matrix is written with two decimals of a pixel
    assert np.allclose(losses, BOWL.loss(corner), rtol=1e-3)


def test_messages():
    with pytest.raises(ValueError, match=r"got shapes \(3,\) and \(2,\)"):
        Bowl([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="all x are the same"):
        Bowl([1, 1, 1], [1, 2, 3])
