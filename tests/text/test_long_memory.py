"""The first word decides, the fillers tell nothing, seeds repeat."""

import pytest
import torch

from sevenlessons.text.long_memory import first_word_task


@pytest.mark.parametrize(("steps", "words"), [(2, 2), (9, 5), (40, 8)])
def test_shapes_and_places(steps, words):
    texts, first = first_word_task(50, steps, words=words)
    assert texts.shape == (50, steps)
    assert texts.dtype == first.dtype == torch.int64
    assert torch.equal(texts[:, 0], first)
    assert (texts[:, -1] == words).all()
    assert texts[:, :-1].max() < words


def test_fillers_say_nothing_of_the_first_word():
    texts, first = first_word_task(8000, 4, words=4)
    for place in (1, 2):
        agree = (texts[:, place] == first).double().mean().item()
        assert abs(agree - 0.25) < 0.02
    assert first.bincount(minlength=4).min() > 1800


def test_seeds():
    one, other = first_word_task(9, 6), first_word_task(9, 6, seed=1)
    assert torch.equal(one[0], first_word_task(9, 6)[0])
    assert not torch.equal(one[0], other[0])


def test_targets_are_their_own():
    texts, first = first_word_task(3, 4)
    kept = first.clone()
    texts.zero_()
    assert torch.equal(first, kept)


@pytest.mark.parametrize(
    ("sizes", "name"),
    [((0, 5, 3), "count"), ((2, 1, 3), "steps"), ((2, 5, 1), "words")],
)
def test_bad_sizes(sizes, name):
    count, steps, words = sizes
    with pytest.raises(ValueError, match=f"{name} must be at least"):
        first_word_task(count, steps, words=words)
