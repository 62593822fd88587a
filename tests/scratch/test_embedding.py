import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.embedding import (
    embedding,
    embedding_gradient,
    one_hot,
    one_hot_product,
)


def drawn(shape, rows, width, seed, dtype=torch.float64):
    draw = torch.Generator().manual_seed(seed)
    numbers = torch.randint(rows, shape, generator=draw)
    weight = torch.randn(rows, width, generator=draw, dtype=dtype)
    asked = torch.randn(*shape, width, generator=draw, dtype=dtype)
    return numbers, weight, asked


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 4), max_size=3),
    st.integers(1, 5),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from([torch.float32, torch.float64]),
    st.integers(0, 999),
)
def test_equal_to_torch(shape, rows, width, padded, dtype, seed):
    numbers, weight, asked = drawn(tuple(shape), rows, width, seed, dtype)
    padding_idx = seed % rows if padded else None
    ours, theirs = (weight.clone().requires_grad_() for _ in range(2))
    one = embedding(numbers, ours, padding_idx=padding_idx)
    two = functional.embedding(numbers, theirs, padding_idx=padding_idx)
    assert torch.equal(one, two)
    (one * asked).sum().backward()
    (two * asked).sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad)
    by_hand = embedding_gradient(numbers, asked, rows, padding_idx=padding_idx)
    torch.testing.assert_close(by_hand, theirs.grad)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=3), st.integers(1, 5))
def test_a_look_up_is_a_product_with_one_hot_rows(shape, rows):
    numbers, weight, asked = drawn(tuple(shape), rows, 3, seed=rows)
    ours, theirs = (weight.clone().requires_grad_() for _ in range(2))
    one, two = embedding(numbers, ours), one_hot_product(numbers, theirs)
    assert torch.equal(one, two)
    (one * asked).sum().backward()
    (two * asked).sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_the_gradient_by_finite_differences():
    numbers, weight, _ = drawn((2, 3), 4, 2, seed=0)
    assert torch.autograd.gradcheck(
        lambda w: embedding(numbers, w), weight.requires_grad_()
    )


def test_one_hot_is_torchs():
    numbers = torch.tensor([[2, 0], [1, 1]])
    expected = functional.one_hot(numbers, 3)
    assert torch.equal(one_hot(numbers, 3), expected.float())
    assert torch.equal(one_hot(numbers, 3, dtype=torch.int64), expected)


def test_padding_counted_from_the_end():
    weight = torch.ones(4, 2, requires_grad=True)
    embedding(torch.tensor([3, 0]), weight, padding_idx=-1).sum().backward()
    assert weight.grad.tolist() == [[1, 1], [0, 0], [0, 0], [0, 0]]


@pytest.mark.parametrize("one", [-1, 4])
@pytest.mark.parametrize(
    "function",
    [
        lambda n: embedding(n, torch.ones(4, 2)),
        lambda n: one_hot_product(n, torch.ones(4, 2)),
        lambda n: one_hot(n, 4),
        lambda n: embedding_gradient(n, torch.ones(2, 1), 4),
    ],
)
def test_numbers_that_name_no_row(function, one):
    with pytest.raises(ValueError, match=rf"\[0, 4\), got {one}; count rows"):
        function(torch.tensor([0, one]))
    with pytest.raises(TypeError, match=r"got torch.float32; turn them"):
        function(torch.ones(2))
    with pytest.raises(TypeError, match=r"torch.bool"):
        function(torch.ones(2, dtype=torch.bool))


def test_other_bad_input():
    two = torch.tensor([0, 1])
    with pytest.raises(ValueError, match=r"table of shape .*got \(3,\)"):
        embedding(two, torch.ones(3))
    with pytest.raises(ValueError, match=r"one of 3 rows, got 3; leave it"):
        embedding(two, torch.ones(3, 2), padding_idx=3)
    with pytest.raises(ValueError, match=r"shape \(2, 'D'\).*got \(3, 1\)"):
        embedding_gradient(two, torch.ones(3, 1), 4)
    with pytest.raises(ValueError, match=r"a row for each number, got \(\)"):
        embedding_gradient(two, torch.tensor(1.0), 4)
