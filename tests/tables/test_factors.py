import math

import pytest
import torch
from torch.nn.functional import one_hot

from sevenlessons.tables.factors import DotProduct, from_range, to_range

USERS = torch.tensor([0, 2, 2, 1])
ITEMS = torch.tensor([3, 3, 0, 1])


def by_loops(model, users, items):
    """Return the scores, one product at a time."""
    scores = []
    for user, item in zip(users.tolist(), items.tolist(), strict=True):
        score = model.intercept.item()
        for k in range(model.user_factors.embedding_dim):
            score += (
                model.user_factors.weight[user, k]
                * model.item_factors.weight[item, k]
            ).item()
        if model.user_bias is not None:
            score += model.user_bias.weight[user].item()
            score += model.item_bias.weight[item].item()
        scores.append(score)
    return torch.tensor(scores)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("ends", [None, (0.0, 5.5), (1.0, 5.0)])
@pytest.mark.parametrize("start", [None, 3.5])
def test_equal_to_loops(bias, ends, start):
    model = DotProduct(
        3, 4, 5, bias=bias, rating_range=ends, std=1.0, start=start
    )
    expected = by_loops(model, USERS, ITEMS)
    if ends is not None:
        low, high = ends
        expected = low + (high - low) / (1 + torch.exp(-expected))
    torch.testing.assert_close(model(USERS, ITEMS), expected)


@pytest.mark.parametrize("bias", [True, False])
def test_all_films_of_a_user_are_the_single_scores(bias):
    model = DotProduct(3, 4, 5, bias=bias, std=1.0, start=3.0)
    every = model.scores_of(torch.tensor([2, 0]))
    for row, user in enumerate([2, 0]):
        users = torch.full((4,), user)
        single = model.scores(users, torch.arange(4))
        torch.testing.assert_close(every[row], single)


def test_looking_up_is_a_product_with_one_hot_rows_gradient_too():
    model = DotProduct(3, 4, 5, bias=False, rating_range=None, std=1.0)
    model(USERS, ITEMS).square().sum().backward()
    p = model.user_factors.weight.detach().clone().requires_grad_()
    q = model.item_factors.weight.detach().clone().requires_grad_()
    wanted, had = one_hot(USERS, 3).float() @ p, one_hot(ITEMS, 4).float() @ q
    (wanted * had).sum(dim=1).square().sum().backward()
    torch.testing.assert_close(model.user_factors.weight.grad, p.grad)
    torch.testing.assert_close(model.item_factors.weight.grad, q.grad)


def test_the_gradient_is_that_of_small_steps():
    model = DotProduct(3, 4, 2, std=1.0, start=3.5).double()
    names = [name for name, _ in model.named_parameters()]

    def ratings(*parameters):
        given = dict(zip(names, parameters, strict=True))
        return torch.func.functional_call(model, given, (USERS, ITEMS))

    inputs = tuple(p.detach().requires_grad_() for p in model.parameters())
    assert torch.autograd.gradcheck(ratings, inputs)


def test_without_spread_every_rating_is_the_start():
    model = DotProduct(3, 4, 2, std=0.0, start=3.5)
    torch.testing.assert_close(model(USERS, ITEMS), torch.full((4,), 3.5))
    model = DotProduct(3, 4, 2, std=0.0)
    torch.testing.assert_close(model(USERS, ITEMS), torch.full((4,), 2.75))


def test_the_seed_alone_sets_the_first_numbers():
    torch.manual_seed(1)
    state = torch.random.get_rng_state()
    first = DotProduct(30, 40, 5, seed=7).state_dict()
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.manual_seed(2)
    second = DotProduct(30, 40, 5, seed=7).state_dict()
    third = DotProduct(30, 40, 5, seed=8).state_dict()
    for name in first:
        assert torch.equal(first[name], second[name])
    factors = first["user_factors.weight"]
    assert not torch.equal(factors, third["user_factors.weight"])
    assert factors.std().item() == pytest.approx(0.01, rel=0.3)


def test_it_learns_ratings_that_are_products():
    generator = torch.Generator().manual_seed(0)
    p = torch.randn(8, 2, generator=generator)
    q = torch.randn(9, 2, generator=generator)
    users, items = torch.cartesian_prod(torch.arange(8), torch.arange(9)).T
    target = (p @ q.T).flatten()
    model = DotProduct(8, 9, 2, bias=False, rating_range=None, std=0.3)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        loss = (model(users, items) - target).square().mean()
        loss.backward()
        optimizer.step()
    assert loss.item() < 1e-4


def test_the_range_and_back():
    scores = torch.linspace(-6, 6, 25, dtype=torch.float64)
    ratings = to_range(scores, 1.0, 5.0)
    assert bool((ratings.diff() > 0).all())
    torch.testing.assert_close(from_range(ratings, 1.0, 5.0), scores)
    assert to_range(torch.tensor(0.0), -1.0, 2.0).item() == 0.5


@pytest.mark.parametrize("rating", [0.0, 5.5, -1.0, 6.0, math.nan])
def test_a_rating_outside_has_no_score(rating):
    with pytest.raises(ValueError, match=r"0\.0 and 5\.5, the ends excl.* wi"):
        from_range(torch.tensor([3.0, rating]), 0.0, 5.5)


@pytest.mark.parametrize("ends", [(5.0, 5.0), (5.0, 1.0)])
def test_a_range_without_an_inside_is_refused(ends):
    with pytest.raises(ValueError, match="from a low to a high end, got"):
        to_range(torch.zeros(1), *ends)
    with pytest.raises(ValueError, match="from a low to a high end, got"):
        DotProduct(3, 4, 2, rating_range=ends)


@pytest.mark.parametrize("bad", [-1, 4, 99])
def test_an_id_out_of_range_is_named(bad):
    model = DotProduct(4, 4, 2)
    good, wrong = torch.tensor([0, 1]), torch.tensor([0, bad])
    with pytest.raises(ValueError, match=rf"users .*\[0, 4\), got {bad}; nu"):
        model(wrong, good)
    with pytest.raises(ValueError, match=rf"items .*\[0, 4\), got {bad}; nu"):
        model(good, wrong)
    with pytest.raises(ValueError, match=rf"users .* got {bad}"):
        model.scores_of(wrong)


def test_pairs_must_match():
    with pytest.raises(ValueError, match=r"same shape, got \(2,\) and \(1,\)"):
        DotProduct(4, 4, 2)(torch.tensor([0, 1]), torch.tensor([0]))


@pytest.mark.parametrize("sizes", [(0, 4, 2), (4, 0, 2), (4, 4, 0)])
def test_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="must be at least 1, got 0"):
        DotProduct(*sizes)


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="std must be at least 0, got -1"):
        DotProduct(3, 4, 2, std=-1.0)
