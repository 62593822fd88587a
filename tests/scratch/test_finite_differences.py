import pytest
import torch

from sevenlessons.scratch.finite_differences import (
    best_step,
    central_difference,
    forward_difference,
    gradient_deviations,
)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (0,)])
@pytest.mark.parametrize(
    ("difference", "step", "near"),
    [(forward_difference, 1e-8, 1e-6), (central_difference, 1e-5, 1e-9)],
)
def test_a_sine(shape, difference, step, near):
    x = numbers(*shape)
    found = difference(lambda x: x.sin().sum(), x, step)
    assert found.shape == x.shape
    torch.testing.assert_close(found, x.cos(), atol=near, rtol=0)


def test_orders_of_the_two():
    """Ten times the step: ten times, and a hundred times the error."""
    x = torch.tensor([0.7], dtype=torch.float64)
    for difference, order in (
        (forward_difference, 1),
        (central_difference, 2),
    ):
        small, large = (
            (difference(lambda x: x.exp().sum(), x, h) - x.exp()).abs().item()
            for h in (1e-3, 1e-2)
        )
        assert large / small == pytest.approx(10**order, rel=0.05)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_best_step_is_about_the_best(dtype):
    x = torch.linspace(0.3, 1.2, 40, dtype=dtype)

    def error(step):
        found = central_difference(lambda x: x.exp().sum(), x[:1], step)
        return (found - x[:1].exp()).abs().item()

    at_best = max(error(best_step(dtype) * k) for k in (0.9, 1.0, 1.1))
    assert at_best < error(best_step(dtype) * 100)
    worst = max(error(best_step(dtype) / 1000 * k) for k in (0.9, 1.0, 1.1))
    assert at_best < worst


def test_a_strided_input_is_left_alone():
    x = numbers(3, 4).T
    before = x.clone()
    found = central_difference(lambda x: (x**3).sum(), x, 1e-5)
    torch.testing.assert_close(found, 3 * x**2, atol=1e-8, rtol=0)
    assert torch.equal(x, before)


def test_deviations_find_the_wrong_gradient():
    a, b = numbers(3), numbers(3, seed=1)
    right = [b, a]
    found = gradient_deviations(lambda a, b: (a * b).sum(), [a, b], right)
    assert max(found) < 1e-8
    wrong = [b, -a]
    found = gradient_deviations(lambda a, b: (a * b).sum(), [a, b], wrong)
    assert found[0] < 1e-8 and found[1] > 0.5


def test_deviations_of_nothing():
    empty = numbers(0)
    assert gradient_deviations(lambda x: x.sum(), [empty], [empty]) == [0]


@pytest.mark.parametrize("step", [0, -1e-3, float("nan")])
@pytest.mark.parametrize(
    "difference", [forward_difference, central_difference]
)
def test_a_step_goes_forward(difference, step):
    with pytest.raises(ValueError, match="step must be above 0, got"):
        difference(torch.sum, numbers(2), step)


def test_a_function_gives_one_number():
    with pytest.raises(ValueError, match=r"got shape \(2,\); add .sum"):
        central_difference(torch.sin, numbers(2), 1e-5)


def test_one_gradient_an_input():
    x = numbers(2, 3)
    with pytest.raises(ValueError, match=r"shapes \[\(2, 3\)\], got \[\(3, 2"):
        gradient_deviations(torch.sum, [x], [x.T])
    with pytest.raises(ValueError, match=r"got \[\]"):
        gradient_deviations(torch.sum, [x], [])


def test_whole_numbers_have_no_small_steps():
    x = torch.tensor([1, 2])
    for difference in (forward_difference, central_difference):
        with pytest.raises(TypeError, match=r"got torch.int64; pass x\.doub"):
            difference(torch.sum, x, 1e-5)
    with pytest.raises(TypeError, match=r"got torch\.int64; pass"):
        gradient_deviations(torch.sum, [x], [x])


def test_scaled_inputs_have_small_deviations():
    """What the docstring says to do with large numbers."""
    x = numbers(4) * 1e8
    raw = gradient_deviations(lambda x: (x**2).sum(), [x], [2 * x])
    x = x / 1e8
    scaled = gradient_deviations(lambda x: (x**2).sum(), [x], [2 * x])
    assert scaled[0] < 1e-7 < raw[0]
