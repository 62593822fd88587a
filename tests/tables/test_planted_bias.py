"""Planted bias touches what it should and nothing else."""

import numpy as np
import pytest

from sevenlessons.tables.planted_bias import hide_positives, thin_out


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_only_yes_rows_of_the_group_change(share):
    rng = np.random.default_rng(0)
    truth, rows = rng.random((2, 200)) < 0.5
    truth = truth.astype(int)
    before = truth.copy()
    made = hide_positives(truth, rows, share=share, seed=1)
    assert (truth == before).all()
    moved = made != truth
    assert (made[moved] == 0).all()
    assert rows[moved].all()
    assert moved.sum() == round(share * (rows & (truth == 1)).sum())


def test_the_seed_decides_which():
    truth, rows = np.ones(100, dtype=int), np.ones(100, dtype=bool)
    first, again, other = (
        hide_positives(truth, rows, share=0.5, seed=s) for s in (0, 0, 1)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_thinned_rows_are_of_the_group():
    rows = np.arange(100) < 40
    stay = thin_out(rows, share=0.25, seed=3)
    assert (~stay).sum() == 10
    assert rows[~stay].all()
    assert thin_out(rows, share=0.0).all()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (([1, 0], [True]), "same shape"),
        (([1, 2], [True, True]), "ones and zeros, got 2"),
        (([1, 0], [1, 0]), "truth values of shape"),
    ],
)
def test_bad_labels(args, words):
    with pytest.raises(ValueError, match=words):
        hide_positives(*args, share=0.5)


def test_bad_share():
    with pytest.raises(ValueError, match=r"share must be in \[0, 1\], got 2"):
        thin_out([True], share=2)
