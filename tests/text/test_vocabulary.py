import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.text.vocabulary import Vocabulary

TEXTS = [
    "a good film , a good one".split(),
    "a bad film".split(),
    "good grief".split(),
]
LISTS = st.lists(st.lists(st.sampled_from("abcdef")))


def test_most_frequent_first_then_by_letter():
    vocabulary = Vocabulary.learn(TEXTS, min_count=1)
    assert vocabulary.tokens == [
        *["xxunk", "a", "good", "film"],
        *[",", "bad", "grief", "one"],
    ]
    assert len(vocabulary) == 8 and list(vocabulary) == vocabulary.tokens


def test_rare_tokens_are_left_out_and_size_is_bounded():
    assert Vocabulary.learn(TEXTS).tokens == ["xxunk", "a", "good", "film"]
    small = Vocabulary.learn(TEXTS, min_count=1, max_size=3)
    assert small.tokens == ["xxunk", "a", "good"]
    assert "a" in small and "film" not in small and 7 not in small


def test_special_tokens_come_first_even_if_in_the_texts():
    special = ["xxpad", "xxunk", "film"]
    vocabulary = Vocabulary.learn(TEXTS, special=special)
    assert vocabulary.tokens == ["xxpad", "xxunk", "film", "a", "good"]
    assert vocabulary.unknown == 1
    assert vocabulary.numbers(["new", "film"]) == [1, 2]


@settings(deadline=None)  # machines differ
@given(LISTS, st.integers(1, 4))
def test_there_and_back(texts, min_count):
    vocabulary = Vocabulary.learn(texts, min_count=min_count)
    flat = [token for text in texts for token in text]
    for text in texts:
        back = vocabulary.words(vocabulary.numbers(text))
        for token, found in zip(text, back, strict=True):
            known = flat.count(token) >= min_count
            assert found == (token if known else "xxunk")
            assert (token in vocabulary) == known


def test_the_order_of_the_texts_does_not_matter():
    one = Vocabulary.learn(TEXTS, min_count=1)
    other = Vocabulary.learn(TEXTS[::-1], min_count=1)
    assert one.tokens == other.tokens


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: Vocabulary(["a", "b"]), ValueError, "'xxunk' for unknown"),
        (lambda: Vocabulary(["xxunk", "a", "a"]), ValueError, "got 'a' more"),
        (lambda: Vocabulary.learn(["a film"]), TypeError, "got one as a whol"),
        (lambda: Vocabulary.learn([], min_count=0), ValueError, "at least 1"),
        (lambda: Vocabulary.learn([], max_size=0), ValueError, "at least 1"),
        (
            lambda: Vocabulary.learn([], special=["xxpad"]),
            ValueError,
            "'xxunk' for unknown words is missing",
        ),
        (lambda: Vocabulary(["xxunk"]).numbers("a"), TypeError, "one text"),
        (lambda: Vocabulary(["xxunk"]).words([1]), ValueError, "got 1"),
        (lambda: Vocabulary(["xxunk"]).words([-1]), ValueError, "got -1"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
