import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge

from sevenlessons.tables.ridge import fit_biases, fold_in


def some_ratings(seed=0, num_users=12, num_items=9, count=50):
    rng = np.random.default_rng(seed)
    users = torch.from_numpy(rng.integers(0, num_users, count))
    items = torch.from_numpy(rng.integers(0, num_items, count))
    ratings = torch.from_numpy(rng.integers(1, 6, count)).float()
    return users, items, ratings


def one_hot(users, items, num_users, num_items):
    hot = torch.nn.functional.one_hot
    return torch.cat([hot(users, num_users), hot(items, num_items)], dim=1)


@pytest.mark.parametrize("alpha", [0.1, 5.0, 40.0])
def test_biases_equal_scikit_learn(alpha):
    users, items, ratings = some_ratings()  # pairs come twice, too
    biases = fit_biases(users, items, ratings, 14, 9, alpha=alpha)
    reference = Ridge(alpha=alpha, solver="cholesky")
    reference.fit(one_hot(users, items, 14, 9).numpy(), ratings.double())
    assert biases.mean == pytest.approx(reference.intercept_, abs=1e-10)
    found = torch.cat([biases.user, biases.item])
    expected = torch.from_numpy(reference.coef_)
    torch.testing.assert_close(found, expected, atol=1e-10, rtol=0)
    pairs = one_hot(users, items, 14, 9).numpy()
    torch.testing.assert_close(
        biases.predict(users, items),
        torch.from_numpy(reference.predict(pairs)),
    )


def test_users_and_items_without_ratings_get_the_mean():
    users, items, ratings = some_ratings()
    biases = fit_biases(users, items, ratings, 14, 10)
    assert biases.user[12:].tolist() == [0, 0]
    new = biases.predict(torch.tensor([13]), torch.tensor([9]))
    assert new.item() == biases.mean


@pytest.mark.parametrize("count", [1, 3, 30])
def test_fold_in_equals_scikit_learn(count):
    generator = torch.Generator().manual_seed(count)
    factors = torch.randn(count, 6, generator=generator)
    ratings = torch.randn(count, generator=generator)
    found, bias = fold_in(factors, ratings, alpha=0.7)
    inputs = torch.cat([factors, torch.ones(count, 1)], dim=1).double()
    reference = Ridge(alpha=0.7, fit_intercept=False)
    reference.fit(inputs.numpy(), ratings.double().numpy())
    expected = torch.from_numpy(reference.coef_).float()
    torch.testing.assert_close(torch.cat([found, bias[None]]), expected)
    assert found.dtype == torch.float32


def test_fold_in_satisfies_the_normal_equations_and_finds_the_user():
    generator = torch.Generator().manual_seed(0)
    factors = torch.randn(40, 5, generator=generator, dtype=torch.float64)
    truth = torch.randn(5, generator=generator, dtype=torch.float64)
    found, bias = fold_in(factors, factors @ truth + 0.5, alpha=1e-9)
    torch.testing.assert_close(found, truth)
    assert bias.item() == pytest.approx(0.5)


def test_fold_in_without_a_bias():
    generator = torch.Generator().manual_seed(0)
    factors = torch.randn(4, 6, generator=generator)
    ratings = torch.randn(4, generator=generator)
    found, bias = fold_in(factors, ratings, alpha=0.7, bias=False)
    reference = Ridge(alpha=0.7, fit_intercept=False)
    reference.fit(factors.double().numpy(), ratings.double().numpy())
    expected = torch.from_numpy(reference.coef_).float()
    torch.testing.assert_close(found, expected)
    assert bias.item() == 0


def test_a_user_without_answers_is_the_unknown_user():
    found, bias = fold_in(torch.zeros(0, 4), torch.zeros(0))
    assert found.tolist() == [0, 0, 0, 0]
    assert bias.item() == 0


@pytest.mark.parametrize(
    "change, words",
    [
        ({0: torch.tensor([0, 12])}, r"users must be .* \[0, 12\), got 12"),
        ({0: torch.tensor([-1, 0])}, r"users must be .* \[0, 12\), got -1"),
        ({1: torch.tensor([0, 9])}, r"items must be .* \[0, 9\), got 9"),
        ({1: torch.tensor([0.0, 1.0])}, "items must be whole numbers, got"),
        ({2: torch.tensor([3.0, torch.nan])}, "got nan at position 1; leave"),
        ({2: torch.tensor([3.0])}, r"shape \(2,\), got shape \(1,\)"),
        ({1: torch.tensor([0])}, "as many of both, got 2 and 1"),
        ({5: 0.0}, "alpha must be a positive number, got 0.0; without"),
        ({5: float("nan")}, "alpha must be a positive number, got nan"),
    ],
)
def test_what_makes_no_sense_is_refused(change, words):
    given = [torch.tensor([0, 1])] * 2 + [torch.tensor([3.0, 4.0]), 12, 9, 1.0]
    for place, value in change.items():
        given[place] = value
    with pytest.raises(ValueError, match=words):
        fit_biases(*given[:5], alpha=given[5])


def test_no_rating_at_all_is_refused():
    none = torch.zeros(0, dtype=torch.long)
    with pytest.raises(ValueError, match="at least one rating"):
        fit_biases(none, none, torch.zeros(0), 3, 3)


def test_prediction_refuses_unknown_numbers():
    users, items, ratings = some_ratings()
    biases = fit_biases(users, items, ratings, 12, 9)
    with pytest.raises(ValueError, match=r"items must be .*, got 9; number"):
        biases.predict(torch.tensor([0]), torch.tensor([9]))
    with pytest.raises(ValueError, match=r"users must be .*, got 99"):
        biases.predict(torch.tensor([99]), torch.tensor([0]))


@pytest.mark.parametrize(
    "factors, ratings, alpha, words",
    [
        (torch.ones(2), torch.ones(2), 1.0, "pass the rows of the rated"),
        (torch.ones(2, 1), torch.ones(3), 1.0, r"shape \(2,\), got"),
        (torch.ones(2, 1), torch.tensor([1, torch.inf]), 1.0, "got inf at"),
        (torch.full((2, 1), torch.nan), torch.ones(2), 1.0, "finite factors"),
        (torch.ones(2, 1), torch.ones(2), -1.0, "positive number, got -1.0"),
    ],
)
def test_fold_in_refuses(factors, ratings, alpha, words):
    with pytest.raises(ValueError, match=words):
        fold_in(factors, ratings, alpha)
