import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from sevenlessons.vision.out_of_fold import fold_rows, out_of_fold
from sevenlessons.vision.suspects import (
    label_losses,
    neighbor_disagreement,
    precision_at_k,
)


def clouds(count=60, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    target = torch.arange(count) % classes
    noise = 0.3 * torch.randn(count, 2, 8, generator=generator)
    return F.one_hot(target, 8)[:, None] + noise, target


def test_planted_labels_come_first():
    features, target = clouds(90)
    wrong = torch.zeros(90, dtype=torch.bool)
    wrong[::18] = True
    noisy = torch.where(wrong, (target + 1) % 3, target)
    folds = fold_rows(pd.DataFrame({"g": range(90)}), "g")
    chances = out_of_fold(features, noisy, folds, epochs=30, lr=0.05)
    assert torch.allclose(chances.sum(dim=1), torch.ones(90))
    scores = label_losses(chances, noisy)
    assert precision_at_k(scores, wrong, 5) >= 0.8
    neighbors = neighbor_disagreement(features[:, 0], noisy, k=5)
    assert precision_at_k(neighbors, wrong, 5) >= 0.8


def test_losses_are_the_cross_entropy():
    logits, target = torch.randn(7, 4), torch.randint(4, (7,))
    expected = F.cross_entropy(logits, target, reduction="none")
    losses = label_losses(logits.softmax(dim=1), target)
    assert torch.allclose(losses, expected, atol=1e-5)
    certain = torch.tensor([[1.0, 0.0]])
    assert label_losses(certain, torch.tensor([1])).isfinite().all()


def test_neighbors_are_counted_outside_the_own_group():
    features = torch.tensor([[1.0, 0], [1, 0.01], [1, 0.2], [0, 1.0]])
    target = torch.tensor([0, 0, 1, 1])
    assert neighbor_disagreement(features, target, k=1).tolist() == [
        0,
        0,
        1,
        0,
    ]
    groups = ["a", "a", "b", "c"]
    alone = neighbor_disagreement(features, target, groups=groups, k=1)
    assert alone.tolist() == [1, 1, 1, 0]
    with pytest.raises(ValueError, match=r"k must be in \[1, 2\]"):
        neighbor_disagreement(features, target, groups=groups, k=3)


def test_precision_at_k_in_closed_cases():
    scores = torch.tensor([0.3, 0.9, 0.9, 0.1])
    wrong = np.array([False, True, False, True])
    assert [precision_at_k(scores, wrong, k) for k in (1, 2, 3, 4)] == [
        1.0,
        0.5,
        pytest.approx(1 / 3),
        0.5,
    ]
    rng = np.random.default_rng(0)
    flags = rng.random(20000) < 0.05
    by_chance = precision_at_k(rng.random(20000), flags, 10000)
    assert by_chance == pytest.approx(0.05, abs=0.01)


def test_bad_input():
    with pytest.raises(ValueError, match="got 2 scores and 3 labels"):
        precision_at_k(torch.zeros(2), torch.zeros(3), 1)
    with pytest.raises(ValueError, match=r"k must be in \[1, 2\], got 3"):
        precision_at_k(torch.zeros(2), torch.zeros(2), 3)
    with pytest.raises(ValueError, match="not a number"):
        precision_at_k(torch.tensor([np.nan]), torch.zeros(1), 1)
