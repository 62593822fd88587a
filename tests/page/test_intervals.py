import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.page.intervals import bootstrap, paired_bootstrap, wilson

stats = pytest.importorskip("scipy.stats")


@given(
    st.integers(1, 5000).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n))
    )
)
def test_wilson_equals_scipy(counts):
    k, n = counts
    theirs = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx(tuple(theirs), abs=1e-12)


@pytest.mark.parametrize("k, n", [(1, 0), (-1, 3), (4, 3)])
def test_wilson_refuses_impossible_counts(k, n):
    with pytest.raises(ValueError, match="0 <= successes <= total"):
        wilson(k, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match=r"confidence must be in \(0, 1\)"):
        wilson(1, 2, confidence=confidence)


def test_bootstrap_agrees_with_scipy_and_the_normal_theory():
    values = torch.randn(400, generator=torch.Generator().manual_seed(0))
    ours = bootstrap(values, seed=1)
    theirs = stats.bootstrap(
        (values.numpy(),),
        lambda x, axis: x.mean(axis=axis),
        method="percentile",
        n_resamples=10_000,
        rng=0,
    ).confidence_interval
    half = 1.96 * values.std(correction=0).item() / 20
    mean = values.mean().item()
    # 10,000 draws place a 2.5 % quantile to about 0.04 standard errors
    assert ours == pytest.approx(tuple(theirs), abs=0.01)
    assert ours == pytest.approx((mean - half, mean + half), abs=0.01)


def test_the_seed_decides():
    values = torch.linspace(0, 1, 50) ** 2
    assert bootstrap(values, seed=3) == bootstrap(values, seed=3)
    assert bootstrap(values, seed=3) != bootstrap(values, seed=4)


def test_many_values_need_little_memory():
    low, high = bootstrap(torch.ones(300_000), resamples=100)
    assert (low, high) == (1.0, 1.0)


@pytest.mark.parametrize("values", [[], [1.0, float("nan")]])
def test_bootstrap_refuses_nothing_and_nan(values):
    with pytest.raises(ValueError, match="at least one value, all finite"):
        bootstrap(values)


def test_bootstrap_refuses_few_draws():
    with pytest.raises(ValueError, match="at least 100, got 10"):
        bootstrap([1.0], resamples=10)


def test_pairing_removes_what_both_methods_share():
    generator = torch.Generator().manual_seed(0)
    luck = torch.randn(200, generator=generator)
    better = luck + 0.1 + 0.01 * torch.randn(200, generator=generator)
    low, high = paired_bootstrap(luck, better)
    assert 0.09 < low < high < 0.11
    assert bootstrap(better)[0] < bootstrap(luck)[1]  # unpaired: no verdict


def test_pairs_must_match():
    with pytest.raises(ValueError, match="got 2 and 3"):
        paired_bootstrap([1, 2], [1, 2, 3])
