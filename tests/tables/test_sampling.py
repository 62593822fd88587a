import math

import pytest
import torch

from sevenlessons.tables.als import alternate
from sevenlessons.tables.sampling import draw_predictions


def noisy_products(seed=0, users=40, items=50, width=2):
    """Return ratings that are products plus noise: two parts of them."""
    generator = torch.Generator().manual_seed(seed)
    p = torch.randn(users, width, generator=generator)
    q = torch.randn(items, width, generator=generator)
    pairs = torch.cartesian_prod(torch.arange(users), torch.arange(items))
    noise = 0.8 * torch.randn(users * items, generator=generator)
    ratings = 3.5 + (p @ q.T).flatten() + noise
    order = torch.randperm(len(pairs), generator=generator)
    u, i = pairs[order].T
    r = ratings[order]
    return (u[:400], i[:400], r[:400]), (u[400:], i[400:], r[400:])


@pytest.mark.parametrize("seed", [0, 1])
def test_the_mean_of_draws_beats_one_draw_and_least_squares(seed):
    train, (users, items, target) = noisy_products(seed)
    draws = draw_predictions(
        train, (users, items), (40, 50), num_factors=3, seed=seed
    )
    assert draws.shape == (90, 1600)

    def mse(prediction):
        return (prediction - target).square().mean().item()

    p, q, _ = alternate(
        train[0], train[1], train[2] - 3.5, (40, 50), 3, alpha=1.0
    )
    best = mse(3.5 + (p[users] * q[items]).sum(dim=1))
    assert mse(draws.mean(dim=0)) < min(best, mse(draws[-1])) - 0.05
    assert mse(draws.mean(dim=0)) < target.var().item()


def test_the_seed_alone_decides():
    train, (users, items, _) = noisy_products()
    options = {"sizes": (40, 50), "rounds": 12, "num_factors": 2}
    torch.manual_seed(0)
    first = draw_predictions(train, (users, items), **options)
    torch.manual_seed(1)
    assert torch.equal(
        first, draw_predictions(train, (users, items), **options)
    )
    other = draw_predictions(train, (users, items), seed=1, **options)
    assert not torch.equal(first, other)


def test_nobody_knows_a_user_and_a_film_without_ratings():
    train, _ = noisy_products()
    asked = torch.tensor([40]), torch.tensor([50])
    draws = draw_predictions(train, asked, (41, 51), num_factors=2)
    assert bool(draws.isfinite().all())
    assert draws.std() > 0.3  # the draws do not agree
    assert abs(draws.mean().item() - train[2].mean().item()) < 1.5


def test_nothing_asked_is_nothing_answered():
    train, _ = noisy_products()
    none = torch.tensor([], dtype=torch.int64)
    assert draw_predictions(train, (none, none), (40, 50)).shape == (90, 0)


def test_the_ratings_given_stay_as_they_are():
    train, (users, items, _) = noisy_products()
    before = [part.clone() for part in train]
    draw_predictions(train, (users, items), (40, 50), rounds=11)
    assert all(map(torch.equal, before, train))


def test_ratings_are_needed():
    none = torch.tensor([], dtype=torch.int64)
    with pytest.raises(ValueError, match="no ratings to learn from; give"):
        draw_predictions((none, none, torch.tensor([])), (none, none), (2, 2))


@pytest.mark.parametrize("bad", [-1, 40])
def test_a_user_out_of_range_is_refused(bad):
    train, _ = noisy_products()
    asked = torch.tensor([bad]), torch.tensor([0])
    with pytest.raises(
        ValueError, match=rf"users .*\[0, 40\), got {bad}; num"
    ):
        draw_predictions(train, asked, (40, 50))


def test_a_rating_that_is_no_number_is_refused():
    users, items, ratings = noisy_products()[0]
    ratings[3] = math.nan
    with pytest.raises(ValueError, match="ratings must be finite"):
        draw_predictions((users, items, ratings), (users, items), (40, 50))


def test_some_draws_must_be_left():
    train, _ = noisy_products()
    with pytest.raises(ValueError, match=r"\[0, rounds\), got 10 of 10 rou"):
        draw_predictions(train, train[:2], (40, 50), rounds=10, skip=10)
    with pytest.raises(ValueError, match="noise_variance must be positive"):
        draw_predictions(train, train[:2], (40, 50), noise_variance=0)


def test_users_asked_for_need_a_film_each():
    train, _ = noisy_products()
    asked = torch.tensor([0, 1]), torch.tensor([0])
    with pytest.raises(ValueError, match=r"one shape .*\(2,\) and \(1,\)"):
        draw_predictions(train, asked, (40, 50))
    with pytest.raises(ValueError, match="num_factors must be at least 1"):
        draw_predictions(train, train[:2], (40, 50), num_factors=0)
