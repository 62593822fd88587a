import pytest
import torch
from sklearn.linear_model import Ridge

from sevenlessons.tables.cold_start import ItemModel, fit_items


def draw(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator)


def world(num_users=150, num_items=30, rank=2, seed=0):
    """Return a true model and noisy ratings of half of all pairs."""
    mean, factors = 3 + draw(num_items, seed=seed), draw(num_items, rank)
    tastes = draw(num_users, rank, seed=seed + 1)
    full = mean + tastes @ factors.T + 0.3 * draw(num_users, num_items)
    users, items = (draw(num_users, num_items, seed=seed + 2) > 0).nonzero().T
    return ItemModel(mean, factors, 0.09), users, items, full[users, items]


def model(num_items=6, rank=3, noise=0.5):
    return ItemModel(draw(num_items), draw(num_items, rank, seed=1), noise)


def test_fold_in_equals_scikit_learn():
    films, items = model(), torch.tensor([4, 0, 3])
    ratings = torch.tensor([5.0, 2.0, 3.5])
    reference = Ridge(alpha=films.noise, fit_intercept=False)
    left = (ratings - films.mean[items]).double().numpy()
    reference.fit(films.factors[items].double().numpy(), left)
    taste = films.fold_in(items, ratings)
    torch.testing.assert_close(
        taste, torch.from_numpy(reference.coef_).float()
    )
    expected = films.mean + films.factors @ taste
    torch.testing.assert_close(films.predict(taste), expected)


def test_fold_in_from_a_start_equals_scikit_learn_around_it():
    films, items = model(), torch.tensor([4, 0, 3])
    ratings, start = torch.tensor([5.0, 2.0, 3.5]), draw(3, seed=5)
    rows = films.factors[items]
    left = ratings - films.mean[items] - rows @ start
    reference = Ridge(alpha=films.noise, fit_intercept=False)
    reference.fit(rows.double().numpy(), left.double().numpy())
    torch.testing.assert_close(
        films.fold_in(items, ratings, start),
        start + torch.from_numpy(reference.coef_).float(),
    )
    nothing = items[:0], ratings[:0]
    assert torch.equal(films.fold_in(*nothing, start), start)
    assert torch.equal(
        films.fold_in(items, ratings),
        films.fold_in(items, ratings, torch.zeros(3)),
    )


@pytest.mark.parametrize(
    "start", [torch.zeros(2), torch.tensor([0.0, torch.nan, 0.0])]
)
def test_a_start_that_is_no_taste_is_refused(start):
    with pytest.raises(ValueError, match=r"shape \(3,\), one a factor, got"):
        model().fold_in(torch.tensor([1]), torch.tensor([4.0]), start)


def test_no_answers_give_the_average_user():
    films = model()
    taste = films.fold_in(torch.zeros(0, dtype=torch.long), torch.zeros(0))
    assert taste.tolist() == [0, 0, 0]
    assert torch.equal(films.predict(taste), films.mean)


def test_it_finds_the_world_that_made_the_ratings():
    truth, users, items, ratings = world()
    found = fit_items(
        users, items, ratings, 30, 2, noise=0.09, penalty=0.1, rounds=60
    )
    new = draw(50, 2, seed=9) @ truth.factors.T + truth.mean
    errors, blind = [], []
    for row in new:
        taste = found.fold_in(torch.arange(10), row[:10])
        errors.append((found.predict(taste)[10:] - row[10:]).square().mean())
        blind.append((truth.mean[10:] - row[10:]).square().mean())
    assert sum(errors) < 0.1 * sum(blind)


def test_films_without_ratings_stand_where_their_facts_say():
    _, users, items, ratings = world(num_items=20)
    facts = torch.zeros(22, 1)
    facts[:10], facts[20] = 1.0, 1.0
    ratings = 1 + 3 * facts[items, 0]
    found = fit_items(users, items, ratings, 22, 2, features=facts)
    assert found.mean[20] > found.mean[21] + 1  # nobody rated these two


def test_same_seed_same_films_and_any_names_of_users():
    _, users, items, ratings = world()
    first = fit_items(users, items, ratings, 30, 2, rounds=3)
    again = fit_items(1000 + 7 * users, items, ratings, 30, 2, rounds=3)
    assert torch.equal(first.factors, again.factors)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"items": torch.tensor([0, 30])}, r"in \[0, 30\), got 30; number"),
        ({"items": torch.tensor([-1, 3])}, "got -1"),
        ({"ratings": torch.tensor([1.0, torch.nan])}, "leave out what was"),
        ({"ratings": torch.tensor([1.0])}, "one length above 0, got 2, 2 and"),
        ({"penalty": 0.0}, "must be positive, got"),
        ({"num_factors": 0}, "must be positive, got"),
        ({"features": torch.zeros(29, 2)}, r"shape \(30, F\), got shape"),
        ({"features": torch.full((30, 1), torch.nan)}, "fill what is missing"),
    ],
)
def test_what_makes_no_sense_is_refused(change, words):
    given = {
        "users": torch.tensor([0, 1]),
        "items": torch.tensor([0, 3]),
        "ratings": torch.tensor([1.0, 2.0]),
        "num_items": 30,
    }
    with pytest.raises(ValueError, match=words):
        fit_items(**given | change)


def test_no_rating_at_all_is_refused():
    none = torch.zeros(0, dtype=torch.long)
    with pytest.raises(ValueError, match="one length above 0"):
        fit_items(none, none, torch.zeros(0), 3)


def test_answers_that_cannot_be_used_are_refused():
    films = model()
    with pytest.raises(ValueError, match=r"in \[0, 6\), got 6"):
        films.fold_in(torch.tensor([6]), torch.tensor([3.0]))
    with pytest.raises(ValueError, match="got nan at position 0; leave out"):
        films.fold_in(torch.tensor([5]), torch.tensor([torch.nan]))


def test_answers_and_films_must_be_as_many():
    with pytest.raises(ValueError, match=r"one shape .*\(3,\) and \(1,\)"):
        model().fold_in(torch.tensor([0, 1, 2]), torch.tensor([3.0]))
    with pytest.raises(ValueError, match=r"one shape .*\(\) and \(1,\)"):
        model().fold_in(torch.tensor(2), torch.tensor([3.0]))


def test_a_pair_that_is_rated_twice_is_refused():
    users, items = torch.tensor([7, 7, 8, 7]), torch.tensor([1, 1, 1, 0])
    with pytest.raises(ValueError, match="got 1 more ratings of the same"):
        fit_items(users, items, torch.tensor([1.0, 5.0, 3.0, 3.0]), 2, 1)
