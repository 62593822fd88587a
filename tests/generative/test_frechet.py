import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from sevenlessons.generative.frechet import (
    frechet_distance,
    frechet_in_parts,
    gaussian_distance,
)


def rows(seed, n=300, d=6, shift=0.0):
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(d, d, generator=generator, dtype=torch.float64)
    noise = torch.randn(n, d, generator=generator, dtype=torch.float64)
    return noise @ mix + shift


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_formula_with_scipys_root(seed):
    one, two = rows(seed), rows(seed + 9, n=200, shift=0.5)
    first, second = np.cov(one.T.numpy()), np.cov(two.T.numpy())
    root = sqrtm(first @ second).real
    expected = (one.mean(0) - two.mean(0)).square().sum().item()
    expected += np.trace(first + second - 2 * root)
    # two algorithms for a root: its error grows with that of eigenvalues
    assert frechet_distance(one, two) == pytest.approx(expected, rel=1e-8)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.1, 5), min_size=8, max_size=8), st.floats(-3, 3))
def test_closed_form_where_the_axes_are_shared(spreads, shift):
    one, two = torch.tensor(spreads, dtype=torch.float64).chunk(2)
    zero = torch.zeros(4, dtype=torch.float64)
    found = gaussian_distance(
        zero, torch.diag(one**2), zero + shift, torch.diag(two**2)
    )
    expected = 4 * shift**2 + (one - two).square().sum().item()
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_symmetric_zero_for_equals_and_blind_to_order():
    one, two = rows(0), rows(1)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)
    ahead, back = frechet_distance(one, two), frechet_distance(two, one)
    assert ahead == pytest.approx(back, rel=1e-9)
    assert frechet_distance(one.flip(0), two) == pytest.approx(ahead)


def test_a_constant_column_is_no_trouble():
    one = rows(0)
    one[:, 0] = 1.0
    two = one.clone()
    two[:, 0] = 3.0
    assert frechet_distance(one, two) == pytest.approx(4, abs=1e-6)


def test_parts_share_no_row_and_are_repeatable():
    one = rows(0, n=103)
    found = frechet_in_parts(one, rows(1, n=57), parts=5, seed=3)
    assert found.shape == (5,)
    again = frechet_in_parts(one, rows(1, n=57), parts=5, seed=3)
    assert torch.equal(found, again)
    # the same rows twice: parts of both are drawn apart, so none is zero
    assert (frechet_in_parts(one, one, parts=5) > 0).all()


def test_small_sets_look_further_apart():
    # what the docstring warns of
    real, made = rows(0, n=2000), rows(0, n=2000)
    whole = frechet_distance(real, made + 0.01)
    assert frechet_in_parts(real, made + 0.01, parts=20).mean() > 5 * whole


@pytest.mark.parametrize("parts", [0, 1])
def test_one_part_is_no_spread(parts):
    with pytest.raises(ValueError, match=f"two parts, got {parts}"):
        frechet_in_parts(rows(0), rows(1), parts=parts)


def test_too_few_rows():
    with pytest.raises(ValueError, match="at least 2 real rows, got 1"):
        frechet_distance(torch.ones(1, 2), torch.ones(4, 2))
    with pytest.raises(ValueError, match="at least 10 made rows, got 9"):
        frechet_in_parts(rows(0, n=10), rows(1, n=9))
