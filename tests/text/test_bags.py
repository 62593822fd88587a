import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from sevenlessons.text.bags import bag_of_words

NUMBERS = st.lists(st.lists(st.integers(0, 6), max_size=9), max_size=8)


@settings(deadline=None)  # machines differ
@given(NUMBERS, st.booleans())
def test_equal_to_a_loop(texts, binary):
    expected = torch.zeros(len(texts), 7)
    for row, text in enumerate(texts):
        for number in text:
            expected[row, number] += 1
    if binary:
        expected = (expected > 0).float()
    assert torch.equal(bag_of_words(texts, 7, binary=binary), expected)


@pytest.mark.parametrize("binary", [False, True])
def test_equal_to_scikit_learn(binary):
    words = [str(i) for i in range(5)]
    texts = [[0, 1, 1, 4], [2], [], [3, 3, 3, 0]]
    counter = CountVectorizer(
        vocabulary=words, token_pattern=r"\d", binary=binary
    )
    theirs = counter.transform([" ".join(map(str, t)) for t in texts])
    ours = bag_of_words(texts, 5, binary=binary)
    assert torch.equal(ours, torch.from_numpy(theirs.toarray()).float())


def test_the_order_of_words_is_forgotten():
    assert torch.equal(*bag_of_words([[1, 2, 2], [2, 1, 2]], 3))


@pytest.mark.parametrize("number", [-1, 4])
def test_a_number_of_another_vocabulary_is_refused(number):
    with pytest.raises(ValueError, match=rf"\[0, 4\), got {number}; use"):
        bag_of_words([[0, 3], [number]], 4)


def test_an_empty_vocabulary_is_refused():
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        bag_of_words([[]], 0)
