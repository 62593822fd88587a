import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from sevenlessons.vision.suspects import (
    fold_rows,
    label_losses,
    neighbor_disagreement,
    out_of_fold,
    precision_at_k,
)


def clouds(count=60, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    target = torch.arange(count) % classes
    noise = 0.3 * torch.randn(count, 2, 8, generator=generator)
    return F.one_hot(target, 8)[:, None] + noise, target


def test_folds_keep_groups_together_and_judge_each_row_once():
    table = pd.DataFrame(
        {"group": np.arange(30) // 3, "label": np.arange(30) // 3 % 2},
        index=range(100, 130),
    )
    folds = fold_rows(table, "group", num_folds=4, stratify="label", seed=1)
    judged = torch.cat([rows for _, rows in folds])
    assert sorted(judged.tolist()) == list(range(30))
    for train, rows in folds:
        assert len(train) + len(rows) == 30
        left, right = (set(table["group"].iloc[r]) for r in (train, rows))
        assert not left & right


def test_no_model_ever_sees_the_row_that_it_judges():
    features, target = clouds(20, 2)
    features[:, 0, 0] = torch.arange(20.0)  # a name for each row
    folds = fold_rows(pd.DataFrame({"g": range(20)}), "g", num_folds=5)

    def spy(known, answers, unknown, fold):
        assert not set(known[:, 0, 0].tolist()) & set(
            unknown[:, 0, 0].tolist()
        )
        seen = known[:, 0, 0].long()
        assert torch.equal(answers, target[seen])
        assert sorted(seen.tolist()) == folds[fold][0].tolist()
        return F.one_hot(unknown[:, 0, 0].long() % 2, 2)

    answers = out_of_fold(features, target, folds, predict=spy)
    assert torch.equal(answers.argmax(dim=1), torch.arange(20) % 2)


def test_changing_a_label_leaves_the_own_answer_as_it_was():
    features, target = clouds(30)
    folds = fold_rows(pd.DataFrame({"g": range(30)}), "g", num_folds=3)
    before = out_of_fold(features, target, folds, epochs=2, num_classes=3)
    changed = target.clone()
    changed[4] = (changed[4] + 1) % 3
    after = out_of_fold(features, changed, folds, epochs=2, num_classes=3)
    fold = next(rows for _, rows in folds if 4 in rows)
    assert torch.equal(before[fold], after[fold])
    assert not torch.equal(before, after)


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
    features, target = clouds(6)
    every = torch.arange(6)
    with pytest.raises(ValueError, match="exactly once"):
        out_of_fold(features, target, [(every, every[:3])])
    with pytest.raises(ValueError, match="rows that it learned from"):
        out_of_fold(features, target, [(every, every)])
    with pytest.raises(ValueError, match="got 2 scores and 3 labels"):
        precision_at_k(torch.zeros(2), torch.zeros(3), 1)
    with pytest.raises(ValueError, match=r"k must be in \[1, 2\], got 3"):
        precision_at_k(torch.zeros(2), torch.zeros(2), 3)
    with pytest.raises(ValueError, match="not a number"):
        precision_at_k(torch.tensor([np.nan]), torch.zeros(1), 1)
