import re

import numpy as np
import pytest
import torch
from scipy.optimize import rosen, rosen_der

from sevenlessons.page.canvas import Canvas
from sevenlessons.page.surfaces import contours, surfaces

GROUNDS = {surface.name: surface for surface in surfaces()}
each_ground = pytest.mark.parametrize("ground", GROUNDS.values(), ids=repr)
POINTS = np.random.default_rng(0).uniform(-1.5, 1.5, (20, 2))


def test_rosenbrock_is_the_one_of_scipy():
    ground = GROUNDS["Rosenbrock's valley"]
    for a, b in POINTS:
        assert ground.loss(a, b) == pytest.approx(rosen([a, b]), rel=1e-9)
        expected = rosen_der(np.array([a, b]))
        assert ground.gradient(a, b) == pytest.approx(expected, rel=1e-9)


def test_beale_is_the_one_of_the_books():
    ground = GROUNDS["Beale's plain"]
    a, b = POINTS.T
    expected = (
        (1.5 - a + a * b) ** 2
        + (2.25 - a + a * b**2) ** 2
        + (2.625 - a + a * b**3) ** 2
    )
    np.testing.assert_allclose(ground.loss(a, b), expected, atol=1e-10)


def test_the_turned_ravine_is_the_ravine_turned():
    plain, turned = GROUNDS["ravine"], GROUNDS["ravine, turned"]
    a, b = POINTS.T
    half = 0.5**0.5
    np.testing.assert_allclose(
        turned.loss(half * (a - b), half * (a + b)), plain.loss(a, b)
    )


@each_ground
def test_the_gradient_is_that_of_autograd(ground):
    a, b = torch.tensor(POINTS.T).requires_grad_()
    a, b = a.detach().requires_grad_(), b.detach().requires_grad_()
    ground.loss(a, b).sum().backward()
    by_a, by_b = ground.gradient(a.detach(), b.detach())
    torch.testing.assert_close(by_a, a.grad)
    torch.testing.assert_close(by_b, b.grad)


@each_ground
def test_the_lowest_place_is_low_and_flat(ground):
    x, y = np.meshgrid(
        np.linspace(*ground.x_range, 50), np.linspace(*ground.y_range, 50)
    )
    assert ground.loss(x, y).min() > ground.least - 1e-12
    assert ground.gradient(*map(float, ground.lowest)) == pytest.approx((0, 0))
    for place in (ground.start, ground.lowest):
        for value, (low, high) in zip(
            place, (ground.x_range, ground.y_range), strict=True
        ):
            assert low < value < high


@each_ground
def test_contours_are_drawn_within_the_axes(ground):
    canvas = Canvas(ground.x_range, ground.y_range, x="a", y="b")
    d = contours(ground, canvas)
    numbers = [float(v) for v in re.findall(r"-?\d+", d)]
    left, top, width, height = canvas.box
    assert len(numbers) > 100 and len(d) < 20_000
    assert min(numbers[::2]) >= left and max(numbers[::2]) <= left + width
    assert min(numbers[1::2]) >= top and max(numbers[1::2]) <= top + height
