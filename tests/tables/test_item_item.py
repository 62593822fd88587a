import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity

from sevenlessons.tables.item_item import item_cosine, item_ridge


def some_seen(users=40, items=9):
    rng = np.random.default_rng(0)
    return torch.from_numpy((rng.random((users, items)) < 0.4).astype(float))


def test_cosine_equals_scikit_learn():
    seen = some_seen()
    expected = cosine_similarity(seen.numpy().T)
    np.fill_diagonal(expected, 0)
    torch.testing.assert_close(item_cosine(seen), torch.from_numpy(expected))


def test_ridge_equals_one_regression_a_film():
    seen = some_seen()
    weights = item_ridge(seen, alpha=3.0)
    for film in range(seen.shape[1]):
        others = [i for i in range(seen.shape[1]) if i != film]
        reference = Ridge(alpha=3.0, fit_intercept=False)
        reference.fit(seen[:, others].numpy(), seen[:, film].numpy())
        expected = torch.from_numpy(reference.coef_)
        torch.testing.assert_close(weights[others, film], expected)
        assert weights[film, film] == 0


def test_a_film_that_nobody_saw_has_no_neighbors():
    seen = some_seen()
    seen[:, 4] = 0
    for weights in (item_cosine(seen), item_ridge(seen)):
        assert weights[4].abs().max() == weights[:, 4].abs().max() == 0


def test_true_and_false_will_do():
    seen = some_seen()
    found = item_cosine(seen.bool())
    torch.testing.assert_close(found, item_cosine(seen).float())


def test_odd_tables_are_refused():
    for function in (item_cosine, item_ridge):
        with pytest.raises(ValueError, match="write 0 where nothing"):
            function(torch.tensor([[1.0, torch.nan]]))
        with pytest.raises(ValueError, match=r"got shape \(3,\)"):
            function(torch.ones(3))
    with pytest.raises(ValueError, match="alpha must be a positive number"):
        item_ridge(some_seen(), alpha=0)
