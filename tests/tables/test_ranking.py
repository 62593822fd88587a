import numpy as np
import pytest
import torch
from sklearn.metrics import ndcg_score

from sevenlessons.tables.ranking import gini, ndcg_at_k, recall_at_k, top_k


def case(seed, users=20, items=15, share=0.3):
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((users, items))
    relevant = rng.random((users, items)) < share
    relevant[:, 0] |= ~relevant.any(axis=1)
    return torch.from_numpy(scores), torch.from_numpy(relevant)


@pytest.mark.parametrize("k", [1, 4, 10, 15])
def test_ndcg_equals_scikit_learn(k):
    scores, relevant = case(k)
    found = ndcg_at_k(top_k(scores, k), relevant)
    for row in range(len(scores)):
        expected = ndcg_score([relevant[row].int()], [scores[row]], k=k)
        assert found[row].item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("k", [1, 4, 15])
def test_recall_by_counting(k):
    scores, relevant = case(k)
    ranked = top_k(scores, k)
    for row, value in enumerate(recall_at_k(ranked, relevant)):
        liked = set(relevant[row].nonzero().flatten().tolist())
        hits = liked & set(ranked[row].tolist())
        assert value.item() == pytest.approx(len(hits) / len(liked))


def test_the_best_list_and_the_worst():
    relevant = torch.tensor([[True, True, False, False]])
    assert ndcg_at_k(torch.tensor([[1, 0, 2]]), relevant).item() == 1
    assert ndcg_at_k(torch.tensor([[2, 3]]), relevant).item() == 0
    assert recall_at_k(torch.tensor([[2, 3]]), relevant).item() == 0


def test_nothing_can_be_said_of_users_without_relevant_films():
    none = torch.zeros(1, 4, dtype=torch.bool)
    assert recall_at_k(torch.tensor([[0, 1]]), none).isnan().all()
    assert ndcg_at_k(torch.tensor([[0, 1]]), none).isnan().all()


def test_what_was_seen_is_not_recommended_and_ties_go_to_the_lower_number():
    scores = torch.tensor([[1.0, 1.0, 5.0, 1.0]])
    seen = torch.tensor([[False, False, True, False]])
    assert top_k(scores, 3, seen).tolist() == [[0, 1, 3]]


def by_pairs(counts):
    """Return the mean difference of two films, over twice the mean."""
    differences = np.abs(np.subtract.outer(counts, counts))
    return differences.mean() / (2 * np.mean(counts))


@pytest.mark.parametrize("seed", range(3))
def test_gini_is_the_mean_difference_of_pairs(seed):
    counts = np.random.default_rng(seed).integers(0, 50, 30)
    found = gini(torch.from_numpy(counts))
    assert found == pytest.approx(by_pairs(counts))


@pytest.mark.parametrize(
    "scores, k, seen, words",
    [
        (torch.zeros(3), 1, None, r"of shape \(users, items\), got"),
        (torch.full((1, 3), torch.nan), 1, None, "with 3 NaN"),
        (torch.zeros(2, 3), 4, None, "k must be from 1 to 3"),
        (torch.zeros(2, 3), 0, None, "got 0"),
        (torch.zeros(2, 3), 1, torch.ones(2, 3).bool(), "from 1 to 0"),
        (torch.zeros(2, 3), 1, torch.zeros(2, 2).bool(), "the shape of"),
    ],
)
def test_lists_that_cannot_be_made(scores, k, seen, words):
    with pytest.raises(ValueError, match=words):
        top_k(scores, k, seen)


@pytest.mark.parametrize(
    "ranked, words",
    [
        (torch.tensor([[4]]), r"in \[0, 4\), got 4"),
        (torch.tensor([[-1]]), "got -1"),
        (torch.tensor([[1], [2]]), "as many lists as users, got 2 and 1"),
        (torch.zeros(1, 0, dtype=torch.long), "at least one item"),
    ],
)
def test_lists_that_cannot_be_judged(ranked, words):
    relevant = torch.tensor([[True, False, True, False]])
    for score in (recall_at_k, ndcg_at_k):
        with pytest.raises(ValueError, match=words):
            score(ranked, relevant)


@pytest.mark.parametrize(
    "counts", [torch.zeros(3), torch.tensor([-1, 2]), torch.ones(2, 2)]
)
def test_counts_that_cannot_be_shared(counts):
    with pytest.raises(ValueError, match="numbers from 0 up, not all 0"):
        gini(counts)


def test_an_unseen_film_comes_before_a_seen_one_whatever_its_score():
    scores = torch.tensor([[1.0, -torch.inf, 2.0], [5.0, -torch.inf, 4.0]])
    seen = torch.tensor([[True, False, False], [True, False, False]])
    assert top_k(scores[:, :2], 1, seen[:, :2]).tolist() == [[1], [1]]
    assert top_k(scores, 2, seen).tolist() == [[2, 1], [2, 1]]


def test_only_truth_values_say_what_was_seen_or_liked():
    ranked, stars = torch.tensor([[0, 1]]), torch.tensor([[5.0, 3.0, 0.0]])
    with pytest.raises(ValueError, match=r"seen must be truth .*float32"):
        top_k(stars, 1, torch.zeros(1, 3))
    for score in (recall_at_k, ndcg_at_k):
        with pytest.raises(ValueError, match="relevant must be truth values"):
            score(ranked, stars)


def test_a_list_that_names_a_film_twice_is_refused():
    relevant = torch.tensor([[True, False, False]])
    for score in (recall_at_k, ndcg_at_k):
        with pytest.raises(ValueError, match="names an item twice"):
            score(torch.tensor([[0, 1, 0]]), relevant)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_counts_that_are_no_numbers(bad):
    with pytest.raises(ValueError, match="1 of them negative or not finite"):
        gini(torch.tensor([1.0, bad, 2.0]))
