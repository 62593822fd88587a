import numpy as np
import pandas as pd
import pytest
import torch
import torch.nn.functional as F

from sevenlessons.vision.out_of_fold import fold_rows, out_of_fold


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


def test_bad_folds_are_refused():
    features, target = clouds(6)
    every = torch.arange(6)
    with pytest.raises(ValueError, match="exactly once"):
        out_of_fold(features, target, [(every, every[:3])])
    with pytest.raises(ValueError, match="rows that it learned from"):
        out_of_fold(features, target, [(every, every)])
