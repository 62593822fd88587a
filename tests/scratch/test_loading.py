"""Data set, sampler and loader, held against torch's own."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.scratch.loading import RowDataset, RowLoader, RowSampler


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


sizes = given(
    num_rows=st.integers(1, 40),
    batch_size=st.integers(1, 45),
    drop_last=st.booleans(),
    seed=st.integers(0, 99),
)


@sizes
@settings(max_examples=60, deadline=None)
def test_batches_are_those_of_torch(num_rows, batch_size, drop_last, seed):
    if drop_last and num_rows < batch_size:
        return  # refused, below
    for shuffle in (False, True):
        ours = RowSampler(
            num_rows,
            batch_size,
            shuffle=shuffle,
            drop_last=drop_last,
            generator=seeded(seed),
        )
        rows = range(num_rows)
        order = (
            RandomSampler(rows, generator=seeded(seed))
            if shuffle
            else SequentialSampler(rows)
        )
        theirs = BatchSampler(order, batch_size, drop_last)
        assert list(ours) == list(theirs)
        assert len(ours) == len(theirs)


@sizes
@settings(max_examples=40, deadline=None)
def test_each_row_comes_once(num_rows, batch_size, drop_last, seed):
    if drop_last and num_rows < batch_size:
        return
    sampler = RowSampler(
        num_rows,
        batch_size,
        shuffle=True,
        drop_last=drop_last,
        generator=seeded(seed),
    )
    for batches in (list(sampler), list(sampler)):
        rows = [row for batch in batches for row in batch]
        left_out = num_rows % batch_size if drop_last else 0
        assert len(rows) == len(set(rows)) == num_rows - left_out
        assert set(rows) <= set(range(num_rows))
        assert all(len(batch) == batch_size for batch in batches[:-1])


def test_a_new_order_each_epoch_and_a_seed_repeats():
    sampler, again = (
        RowSampler(30, 30, shuffle=True, generator=seeded(3)) for _ in "ab"
    )
    first, second = list(sampler), list(sampler)
    assert first != second
    assert [list(again), list(again)] == [first, second]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.uint8])
def test_batches_equal_those_of_both_loaders(dtype):
    inputs = torch.arange(23 * 6).reshape(23, 2, 3).to(dtype)
    target = torch.arange(23)
    sampler = RowSampler(23, 5, shuffle=True, generator=seeded(7))
    ours = RowLoader(RowDataset(inputs, target), sampler)
    fast = TensorLoader(inputs, target, batch_size=5, shuffle=True, seed=7)
    for _ in range(3):  # epochs: one shuffle each
        for mine, quick in zip(ours, fast, strict=True):
            for a, b in zip(mine, quick, strict=True):
                assert torch.equal(a, b) and a.dtype == b.dtype
    theirs = DataLoader(
        TensorDataset(inputs, target),
        batch_size=5,
        sampler=RandomSampler(range(23), generator=seeded(7)),
    )
    sampler.generator.manual_seed(7)
    for mine, other in zip(ours, theirs, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(mine, other, strict=True))
    assert len(ours) == len(theirs) == 5


def test_rows_may_be_made_when_they_are_asked_for():
    class Squares:
        def __len__(self):
            return 4

        def __getitem__(self, row):
            return torch.full((2,), float(row)), row**2

    loader = RowLoader(Squares(), [[3, 1], [0]])
    (x, y), (_, last) = loader
    assert x.tolist() == [[3.0, 3.0], [1.0, 1.0]]
    assert y.tolist() == [9, 1] and last.tolist() == [0]


def test_empty_axes_pass_through():
    loader = RowLoader(
        RowDataset(torch.zeros(3, 0), torch.zeros(3, 1)), RowSampler(3, 2)
    )
    assert [tuple(x.shape) for x, _ in loader] == [(2, 0), (1, 0)]


def test_tensors_of_different_length_are_refused():
    with pytest.raises(ValueError, match=r"got \[3, 2\]; give inputs and tar"):
        RowDataset(torch.zeros(3), torch.zeros(2))
    with pytest.raises(ValueError, match="got no tensor"):
        RowDataset()


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        ((0, 2), {}, "num_rows must be at least 1, got 0"),
        ((2, 0), {}, "batch_size must be at least 1, got 0"),
        ((3, 4), {"drop_last": True}, "take smaller batches"),
        ((3, 4), {"shuffle": True}, "needs a generator, got None; pass"),
    ],
)
def test_a_sampler_without_batches_is_refused(arguments, more, words):
    with pytest.raises(ValueError, match=words):
        RowSampler(*arguments, **more)


def test_a_sampler_that_is_used_up_is_refused():
    dataset = RowDataset(torch.zeros(3))
    with pytest.raises(TypeError, match="got list_iterator, which is used up"):
        RowLoader(dataset, iter([[0], [1]]))
