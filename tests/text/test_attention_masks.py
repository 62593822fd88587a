import pytest
import torch

from sevenlessons.text.attention_masks import causal_mask, padding_mask


@pytest.mark.parametrize("length", [1, 2, 7])
def test_a_place_sees_itself_and_what_came_before(length):
    mask = causal_mask(length)
    for i in range(length):
        for j in range(length):
            assert mask[i, j] == (j <= i)


def test_only_real_tokens_are_seen():
    mask = padding_mask(torch.tensor([0, 2, 4]), size=5)
    assert mask.shape == (3, 1, 1, 5) and mask.dtype == torch.bool
    assert mask.sum(dim=-1).flatten().tolist() == [0, 2, 4]
    assert mask[1, 0, 0].tolist() == [True, True, False, False, False]
    assert padding_mask([3, 1]).shape == (2, 1, 1, 3)


def test_both_together_broadcast():
    both = causal_mask(3) & padding_mask([3, 2])
    assert both.shape == (2, 1, 3, 3)
    assert both[1, 0, 2].tolist() == [True, True, False]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: causal_mask(0), "at least 1 place, got 0"),
        (lambda: padding_mask([3], size=2), r"in \[0, 2\], got 3 to 3"),
        (lambda: padding_mask([-1, 2]), "got -1 to 2"),
        (lambda: padding_mask([]), "one a text"),
        (lambda: padding_mask([1.5]), "whole numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
