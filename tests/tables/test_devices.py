"""Whatever makes a tensor makes it where the given ones are.

There may be no GPU here, so another device is made the default: a tensor that
is made without a word about its device is then no help to the given ones, and
the call fails or its result differs.
"""

import pytest
import torch

from sevenlessons.tables.als import alternate, rows_of, solve_rows
from sevenlessons.tables.cold_start import ItemModel, fit_items
from sevenlessons.tables.item_item import item_cosine, item_ridge
from sevenlessons.tables.questions import choose_items
from sevenlessons.tables.ranking import gini, ndcg_at_k, recall_at_k, top_k
from sevenlessons.tables.ridge import fit_biases, fold_in
from sevenlessons.tables.sampling import draw_predictions
from sevenlessons.tables.screening import single_column_scores


def draw(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, device="cpu")


USERS, ITEMS = (draw(12, 6, seed=3) > 0).nonzero().T
RATINGS = draw(len(USERS), seed=4) + 3
LIKED = draw(12, 6, seed=5) > 0
FACTORS = draw(6, 2, seed=6)


def drawn_rows(users, items, ratings, factors, precision):
    rows = rows_of(users, items, ratings, 12)
    generator = torch.Generator().manual_seed(0)
    return solve_rows(rows, factors, precision, generator=generator)


def films(users, items, ratings):
    made = fit_items(users, items, ratings, 6, 2, rounds=3)
    return made.mean, made.factors


def films_with_facts(users, items, ratings, facts):
    made = fit_items(users, items, ratings, 6, 1, features=facts, rounds=3)
    return made.mean, made.factors


def biases(users, items, ratings):
    made = fit_biases(users, items, ratings, 12, 6)
    return made.user, made.item, made.predict(users, items)


def new_user(mean, factors, items, ratings):
    made = ItemModel(mean, factors, 0.5)
    return made.predict(made.fold_in(items, ratings))


def asked(mean, factors, candidates):
    return choose_items(
        ItemModel(mean, factors, 0.5), 3, candidates, candidates
    )


def predicted(users, items, ratings):
    train, options = (users, items, ratings), {"rounds": 12, "num_factors": 2}
    return draw_predictions(train, train[:2], (12, 6), **options)


def lists(scores, relevant):
    ranked = top_k(scores, 3)
    return (
        ranked,
        top_k(scores, 1, scores > scores.median()),
        recall_at_k(ranked, relevant),
        ndcg_at_k(ranked, relevant),
    )


def taken_turns(users, items, ratings):
    return alternate(users, items, ratings, (12, 6), 2, rounds=3)


CASES = {
    "alternate": (taken_turns, USERS, ITEMS, RATINGS),
    "solve_rows": (
        drawn_rows,
        USERS,
        ITEMS,
        RATINGS,
        FACTORS,
        draw(2).exp().diag(),
    ),
    "fit_items": (films, USERS, ITEMS, RATINGS),
    "facts": (films_with_facts, USERS, ITEMS, RATINGS, draw(6, 1, seed=7)),
    "fit_biases": (biases, USERS, ITEMS, RATINGS),
    "fold_in": (fold_in, FACTORS, RATINGS[:6]),
    "ItemModel": (new_user, RATINGS[:6], FACTORS, ITEMS[:3], RATINGS[:3]),
    "choose_items": (asked, RATINGS[:6], FACTORS, ITEMS[:6].unique()),
    "draw_predictions": (predicted, USERS, ITEMS, RATINGS),
    "ranking": (lists, draw(12, 6, seed=8), LIKED),
    "gini": (gini, RATINGS.abs()),
    "item_cosine": (item_cosine, LIKED.float()),
    "item_ridge": (item_ridge, LIKED.float()),
}
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@each_case
def test_another_default_device_changes_nothing(case):
    call, *given = case
    expected = call(*given)
    with torch.device("meta"):
        found = call(*given)
    torch.testing.assert_close(found, expected, rtol=0, atol=0, equal_nan=True)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@each_case
def test_a_gpu_says_the_same(case):
    call, *given = case
    found = call(*(one.cuda() for one in given))
    torch.testing.assert_close(
        found,
        call(*given),
        rtol=1e-3,
        atol=1e-3,
        equal_nan=True,
        check_device=False,
    )


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_target_on_a_gpu_is_screened():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"known": [0, 1] * 50})
    answer = torch.tensor([0, 1] * 50)
    found = single_column_scores(table, answer.cuda(), ["known"])
    assert found["known"] == 1
