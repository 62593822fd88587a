import pytest
import torch
from sklearn.metrics import fbeta_score

from sevenlessons.training.fbeta import FBeta
from sevenlessons.training.label_thresholds import (
    best_label_thresholds,
    best_threshold,
    f_beta_curve,
    row_f_beta,
)


def tables(seed, n=40, k=5, decimals=None):
    generator = torch.Generator().manual_seed(seed)
    shares = torch.rand(n, k, generator=generator, dtype=torch.float64)
    if decimals is not None:
        shares = shares.round(decimals=decimals)
    target = (torch.rand(n, k, generator=generator) > 0.75).int()
    return shares, target


def mean_score(shares, target, cut, **options):
    return row_f_beta(shares > cut, target, **options).mean().item()


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
@pytest.mark.parametrize("beta", [0.5, 1, 2])
def test_equal_to_scikit_learn_with_empty_rows(beta, zero_division):
    for seed in range(5):
        shares, target = tables(seed)
        target[:5] = 0
        shares[:3] = 0.01
        expected = fbeta_score(
            target,
            shares > 0.6,
            beta=beta,
            average="samples",
            zero_division=zero_division,
        )
        options = {"beta": beta, "zero_division": zero_division}
        ours = mean_score(shares, target, 0.6, **options)
        assert ours == pytest.approx(expected, abs=1e-12)
        metric = FBeta(beta, 0.6, "samples", zero_division=zero_division)
        metric.update(shares.logit(), target)
        assert ours == pytest.approx(metric.compute(), abs=1e-12)


@pytest.mark.parametrize("decimals", [None, 1])
@pytest.mark.parametrize("seed", range(4))
def test_the_curve_is_what_each_threshold_gives(seed, decimals):
    shares, target = tables(seed, decimals=decimals)
    cuts, scores = f_beta_curve(shares, target, beta=2)
    assert (cuts.diff() > 0).all() and 0 < cuts[0] and cuts[-1] < 1
    for cut, score in zip(cuts.tolist(), scores.tolist(), strict=True):
        assert mean_score(shares, target, cut) == pytest.approx(score)
    distinct = shares.unique()
    inside = ((distinct > 0) & (distinct < 1)).sum() + 1
    assert len(cuts) == inside


@pytest.mark.parametrize("beta", [0.5, 2])
@pytest.mark.parametrize("seed", range(4))
def test_no_threshold_of_a_fine_grid_is_better(seed, beta):
    shares, target = tables(seed, decimals=2)
    best = best_threshold(shares, target, beta=beta)
    top = mean_score(shares, target, best, beta=beta)
    for cut in torch.linspace(0.0005, 0.9995, 1000).tolist():
        assert mean_score(shares, target, cut, beta=beta) <= top + 1e-12


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_all_probabilities_equal(value):
    target = torch.tensor([[1, 0], [1, 1]])
    shares = torch.full((2, 2), value)
    cuts, scores = f_beta_curve(shares, target)
    assert ((cuts > 0) & (cuts < 1)).all()
    for cut, score in zip(cuts.tolist(), scores.tolist(), strict=True):
        assert mean_score(shares, target, cut) == pytest.approx(score)
    assert len(cuts) == (2 if value == 0.3 else 1)


def test_rows_without_labels_decide_for_silence():
    shares = torch.tensor([[0.9, 0.1], [0.2, 0.4]])
    nothing = torch.zeros(2, 2)
    assert best_threshold(shares, nothing) > 0.9
    assert f_beta_curve(shares, nothing)[1][-1] == 1
    assert f_beta_curve(shares, nothing, zero_division=0)[1].max() == 0


@pytest.mark.parametrize("decimals", [None, 1])
def test_each_label_gets_its_own_best(decimals):
    shares, target = tables(7, n=60, decimals=decimals)
    target[:, 2] = 0
    cuts = best_label_thresholds(shares, target)
    assert cuts[2] == 1
    for k in (0, 1, 3, 4):

        def score(cut, k=k):
            yes = (shares[:, k] > cut).int()
            return fbeta_score(target[:, k], yes, beta=2, zero_division=0)

        top = score(cuts[k].item())
        grid = torch.linspace(0.0005, 0.9995, 1000).tolist()
        assert all(score(cut) <= top + 1e-12 for cut in grid)


def test_bad_input():
    shares, target = tables(0)
    with pytest.raises(ValueError, match="target has"):
        row_f_beta(shares > 0.5, target[:, :2])
    with pytest.raises(ValueError, match=r"photos by labels, not empty"):
        best_threshold(torch.zeros(0, 3), torch.zeros(0, 3))
    with pytest.raises(ValueError, match="beta must be positive"):
        f_beta_curve(shares, target, beta=0)
    for choose in (best_threshold, best_label_thresholds):
        with pytest.raises(ValueError, match="apply the sigmoid"):
            choose(shares * 3, target)
        with pytest.raises(ValueError, match="apply the sigmoid"):
            choose(shares * torch.nan, target)


@pytest.mark.parametrize(
    "call", [f_beta_curve, best_threshold, best_label_thresholds]
)
def test_no_tensor_is_made_on_another_device(call, monkeypatch):
    made = []
    for name in ("arange", "tensor", "zeros", "ones"):
        monkeypatch.setattr(torch, name, lambda *_, **__: made.append(1))
    probabilities = torch.rand(6, 3, generator=torch.Generator())
    call(probabilities, (probabilities > 0.5).long())
    assert not made
