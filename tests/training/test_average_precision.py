import warnings

import pytest
import torch
from sklearn.metrics import average_precision_score

from sevenlessons.training.average_precision import (
    average_precision,
    mean_average_precision,
)


def tables(seed, n=60, k=5, decimals=None):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(n, k, generator=generator, dtype=torch.float64)
    if decimals is not None:
        scores = scores.round(decimals=decimals)
    target = (torch.rand(n, k, generator=generator) > 0.7).int()
    return scores, target


@pytest.mark.parametrize("decimals", [None, 1, 0], ids=["none", "many", "all"])
@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scikit_learn_with_and_without_ties(seed, decimals):
    scores, target = tables(seed, decimals=decimals)
    expected = [
        average_precision_score(target[:, k], scores[:, k]) for k in range(5)
    ]
    ours = average_precision(scores, target)
    assert ours.tolist() == pytest.approx(expected, abs=1e-12)
    mean = average_precision_score(target, scores, average="macro")
    assert mean_average_precision(scores, target) == pytest.approx(mean)


def test_only_the_order_counts():
    scores, target = tables(1)
    ours = average_precision(scores, target)
    assert torch.equal(average_precision(torch.logit(scores), target), ours)
    rows = torch.randperm(60, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(
        average_precision(scores[rows], target[rows]), ours
    )


def test_the_best_the_worst_and_no_information():
    target = torch.tensor([1, 1, 0, 0])
    assert average_precision(torch.tensor([4.0, 3, 2, 1]), target) == 1
    worst = average_precision(torch.tensor([1.0, 2, 3, 4]), target)
    assert worst.item() == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert average_precision(torch.zeros(4), target) == 0.5


def test_a_label_that_nobody_has_is_left_out_of_the_mean():
    scores, target = tables(2)
    target[:, 3] = 0
    ours = average_precision(scores, target)
    assert ours.isnan().tolist() == [False, False, False, True, False]
    expected = ours[[0, 1, 2, 4]].mean().item()
    assert mean_average_precision(scores, target) == pytest.approx(expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns, and says 0
        assert average_precision_score(target[:, 3], scores[:, 3]) == 0


def test_bad_input():
    with pytest.raises(ValueError, match="target has"):
        average_precision(torch.zeros(3, 2), torch.zeros(3))
    with pytest.raises(ValueError, match="at least one row"):
        average_precision(torch.zeros(0, 2), torch.zeros(0, 2))
    with pytest.raises(ValueError, match="no place in a ranking"):
        average_precision(torch.tensor([torch.nan]), torch.tensor([1]))
    with pytest.raises(ValueError, match="nothing to rank"):
        mean_average_precision(torch.zeros(3, 2), torch.zeros(3, 2))
