import math

import pytest
import torch
from sklearn.linear_model import Ridge

from sevenlessons.tables.als import alternate, rows_of, solve_rows


def grid(users=6, items=7, width=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    p = torch.randn(users, width, generator=generator).double()
    q = torch.randn(items, width, generator=generator).double()
    pairs = torch.cartesian_prod(torch.arange(users), torch.arange(items))
    return *pairs.T, (p @ q.T).flatten()


def test_rows_hold_each_rating_once():
    users = torch.tensor([2, 0, 2, 2])
    items = torch.tensor([5, 4, 3, 9])
    rows = rows_of(users, items, torch.tensor([1.0, 2.0, 3.0, 4.0]), size=4)
    lists = [(a.tolist(), b.tolist()) for a, b in rows]
    empty = ([], [])
    assert lists == [([4], [2.0]), empty, ([5, 3, 9], [1, 3, 4]), empty]


def test_each_row_is_the_ridge_of_scikit_learn():
    users, items, ratings = grid(width=3)
    kept = torch.arange(len(users)) % 3 > 0
    rows = rows_of(users[kept], items[kept], ratings[kept], 6)
    factors = torch.randn(7, 3, generator=torch.Generator().manual_seed(1))
    factors = factors.double()
    found = solve_rows(rows, factors, 0.7 * torch.eye(3).double())
    for row, (seen, values) in zip(found, rows, strict=True):
        ridge = Ridge(alpha=0.7, fit_intercept=False)
        ridge.fit(factors[seen].numpy(), values.numpy())
        torch.testing.assert_close(row, torch.from_numpy(ridge.coef_))


def test_a_row_without_ratings_is_the_center():
    rows = rows_of(torch.tensor([1]), torch.tensor([0]), torch.ones(1), 2)
    center = torch.tensor([3.0, -1.0])
    precision = torch.tensor([[2.0, 0.5], [0.5, 1.0]])
    found = solve_rows(rows, torch.eye(2), precision, center=center)
    torch.testing.assert_close(found[0], center)
    assert not torch.allclose(found[1], center)


def test_draws_have_the_mean_and_the_covariance_of_the_formula():
    generator = torch.Generator().manual_seed(0)
    factors = torch.tensor([[1.0, 0.5], [0.0, 2.0]])
    row = (torch.tensor([0, 1]), torch.tensor([1.0, -1.0]))
    precision = torch.tensor([[2.0, 0.3], [0.3, 1.0]])
    options = {"center": torch.tensor([1.0, 2.0]), "weight": 1.5}
    draws = solve_rows(
        20_000 * [row], factors, precision, generator=generator, **options
    )
    exact = solve_rows([row], factors, precision, **options)[0]
    # 20,000 draws: a standard error below 0.006 of the mean
    torch.testing.assert_close(draws.mean(dim=0), exact, atol=0.03, rtol=0)
    left = 1.5 * factors.T @ factors + precision
    torch.testing.assert_close(
        torch.cov(draws.T), torch.linalg.inv(left), atol=0.02, rtol=0
    )


def test_the_penalized_error_never_rises_and_ends_flat():
    users, items, ratings = grid(seed=3)
    noise = torch.randn(42, generator=torch.Generator().manual_seed(3))
    ratings = ratings + 0.3 * noise
    p, q, losses = alternate(
        users, items, ratings, (6, 7), 2, alpha=0.5, rounds=300
    )
    falls = torch.tensor(losses).double().diff()
    assert bool((falls <= 1e-9).all())
    p.requires_grad_(), q.requires_grad_()
    errors = ratings - (p[users] * q[items]).sum(dim=1)
    penalty = 0.5 * (p.square().sum() + q.square().sum())
    loss = errors.square().sum() + penalty
    assert loss.item() == pytest.approx(losses[-1])
    loss.backward()
    assert p.grad.abs().max() < 1e-3 and q.grad.abs().max() < 1e-3


def test_products_are_found_again_where_nothing_was_rated():
    users, items, ratings = grid(8, 9, seed=1)
    kept = torch.rand(72, generator=torch.Generator().manual_seed(0)) < 0.8
    p, q, _ = alternate(
        users[kept],
        items[kept],
        ratings[kept],
        (8, 9),
        2,
        alpha=1e-6,
        rounds=500,
    )
    torch.testing.assert_close((p @ q.T).flatten(), ratings, atol=0.01, rtol=0)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_rating_that_is_no_number_is_refused(bad):
    with pytest.raises(ValueError, match=r"must be finite, got .*; leave out"):
        rows_of(torch.tensor([0]), torch.tensor([0]), torch.tensor([bad]), 1)


@pytest.mark.parametrize("bad", [-1, 2])
def test_a_number_out_of_range_is_refused(bad):
    with pytest.raises(ValueError, match=rf"in \[0, 2\), got {bad}; num"):
        rows_of(torch.tensor([bad]), torch.tensor([0]), torch.ones(1), 2)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"\(2,\), \(1,\) and \(1,\)"):
        rows_of(torch.tensor([0, 1]), torch.tensor([0]), torch.ones(1), 2)
    with pytest.raises(ValueError, match=r"shape \(2, 2\) of 2 fac.*\(3, 3\)"):
        solve_rows([], torch.eye(2), torch.eye(3))


@pytest.mark.parametrize(
    "options", [{"alpha": 0.0}, {"rounds": 0}, {"num_factors": 0}]
)
def test_settings_must_be_positive(options):
    settings = {"num_factors": 2} | options
    with pytest.raises(ValueError, match="must be positive, got 0"):
        alternate(*grid(), (6, 7), **settings)


def test_the_weight_must_be_positive():
    with pytest.raises(ValueError, match="weight must be positive, got 0"):
        solve_rows([], torch.eye(2), torch.eye(2), weight=0)
