import pytest
import torch
from sklearn.metrics import roc_auc_score

from sevenlessons.training.auc import roc_auc


@pytest.mark.parametrize("decimals", [None, 1, 0], ids=["none", "many", "two"])
@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scikit_learn_with_and_without_ties(seed, decimals):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(200, generator=generator)
    if decimals is not None:
        scores = scores.round(decimals=decimals)
    target = (torch.rand(200, generator=generator) > 0.7).long()
    expected = roc_auc_score(target, scores)
    assert roc_auc(scores, target) == pytest.approx(expected, abs=1e-12)
    turned = roc_auc(-scores, target)
    assert turned == pytest.approx(1 - expected, abs=1e-12)


def test_only_the_order_counts_and_a_coin_reaches_a_half():
    scores = torch.tensor([0.2, 0.9, 0.4, 0.6])
    target = torch.tensor([0, 1, 0, 1])
    assert roc_auc(scores, target) == 1
    assert roc_auc(scores**3 * 7, target) == 1
    assert roc_auc(torch.zeros(4), target) == 0.5


@pytest.mark.parametrize(
    "scores, target, words",
    [
        (torch.rand(3), torch.tensor([1, 1, 1]), "got 3 yes and 0 no"),
        (torch.rand(0), torch.rand(0), "got 0 yes and 0 no"),
        (torch.tensor([0.1, float("nan")]), torch.tensor([0, 1]), "hold nan"),
        (torch.rand(3), torch.tensor([float("nan"), 1, 0]), "only, got nan"),
        (torch.rand(3), torch.tensor([7, 1, 0]), "1 for yes only, got 7"),
        (torch.rand(2), torch.tensor([-1, 1]), "1 for yes only, got -1"),
        (torch.rand(3, 1), torch.rand(3), "give both one shape"),
        (torch.rand(3, 2), torch.rand(3, 2), r"of shape \(N,\)"),
    ],
)
def test_what_makes_no_sense_is_refused(scores, target, words):
    with pytest.raises(ValueError, match=words):
        roc_auc(scores, target)
