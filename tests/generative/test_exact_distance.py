import pytest
import torch
from scipy.optimize import linear_sum_assignment
from scipy.stats import wasserstein_distance

from sevenlessons.generative.exact_distance import (
    best_pairing,
    heap_distance,
    line_distance,
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("n", "m"), [(1, 1), (7, 7), (3, 8), (50, 33)])
def test_line_distance_is_that_of_scipy(seed, n, m):
    generator = torch.Generator().manual_seed(seed)
    one = torch.randn(n, generator=generator, dtype=torch.float64)
    other = 2 + 3 * torch.randn(m, generator=generator, dtype=torch.float64)
    one[n // 2] = other[0]  # a tie
    expected = wasserstein_distance(one.numpy(), other.numpy())
    assert line_distance(one, other) == pytest.approx(expected, rel=1e-12)
    assert line_distance(other, one) == pytest.approx(expected, rel=1e-12)


def test_a_shift_costs_its_length():
    heap = torch.randn(
        100, generator=torch.Generator().manual_seed(0)
    ).double()
    assert line_distance(heap, heap) == 0
    assert line_distance(heap, heap - 7) == pytest.approx(7)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_best_pairing_costs_as_little_as_that_of_scipy(seed, count):
    generator = torch.Generator().manual_seed(seed)
    cost = torch.randn(count, count, generator=generator)
    if seed % 2:
        cost = cost.round()  # many ties
    pairs = best_pairing(cost)
    assert sorted(pairs.tolist()) == list(range(count))
    rows, columns = linear_sum_assignment(cost.numpy())
    ours = cost[torch.arange(count), pairs].sum().item()
    assert ours == pytest.approx(cost[rows, columns].sum().item(), abs=1e-5)


def test_points_on_a_line_agree_with_the_line():
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 30, generator=generator).double()
    assert heap_distance(one[:, None], other[:, None]) == pytest.approx(
        line_distance(one, other), rel=1e-6
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: line_distance(torch.ones(2, 2), torch.ones(2)),
            r"one must be a row .* got shape \(2, 2\); for points use heap_",
        ),
        (
            lambda: line_distance(torch.ones(2), torch.ones(0)),
            r"other must be a row of at least one number, got shape \(0,\)",
        ),
        (
            lambda: line_distance(torch.tensor([float("nan")]), torch.ones(1)),
            "one holds numbers that are not finite",
        ),
        (
            lambda: heap_distance(torch.ones(3, 2), torch.ones(4, 2)),
            r"as many points, .* got \(3, 2\) and \(4, 2\); draw as many",
        ),
        (
            lambda: heap_distance(
                torch.ones(1, 2), torch.full((1, 2), float("inf"))
            ),
            "other holds numbers that are not finite",
        ),
        (
            lambda: best_pairing(torch.ones(2, 3)),
            r"cost must be square, .* got shape \(2, 3\)",
        ),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
