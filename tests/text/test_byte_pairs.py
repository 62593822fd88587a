import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.text.byte_pairs import BytePairs

TEXTS = ["the cat sat on the mat", "The theater? The theme!", "naïve 😀 café"]
PAIRS = BytePairs.learn(TEXTS * 3, num_merges=40)
ANY = st.text(st.characters(exclude_categories=[]))  # surrogates too


@settings(deadline=None)  # machines differ
@given(st.text() | ANY)
def test_any_text_comes_back(text):
    assert PAIRS.text(PAIRS.numbers(text)) == text
    whole = b"".join(PAIRS.split(text))
    assert whole == text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a  b",
        "tab\tnewline\n\n x",
        "\u00a0\u2003",
        "\U0001d518\U0001d52b",
        "\x00",
    ],
)
def test_nasty_texts_come_back(text):
    assert PAIRS.text(PAIRS.numbers(text)) == text


def test_tokens_are_bytes_first_and_then_pairs_in_their_order():
    assert PAIRS.tokens[:256] == [bytes([k]) for k in range(256)]
    assert PAIRS.tokens[256:] == [a + b for a, b in PAIRS.merges]
    assert len(PAIRS) == 256 + len(PAIRS.merges)
    assert PAIRS.merges[0] == (b"h", b"e")


def test_a_frequent_word_becomes_one_token_and_none_is_unknown():
    assert PAIRS.split("sat the") == [b"s", b"at", b" the"]
    assert b"".join(PAIRS.split("zygote")) == b"zygote"


def test_pairs_apply_in_the_order_of_their_learning():
    pairs = BytePairs([(b"b", b"c"), (b"a", b"b"), (b"a", b"bc")])
    assert pairs.split("abc") == [b"abc"]
    pairs = BytePairs([(b"a", b"b"), (b"b", b"c")])
    assert pairs.split("abc") == [b"ab", b"c"]


def test_no_token_reaches_over_a_space_or_a_mark():
    pairs = BytePairs.learn(["of the, of the, of the,"] * 9, num_merges=99)
    assert pairs.split("of the,") == [b"of", b" the", b","]


def test_more_pairs_never_make_a_text_longer():
    text = TEXTS[0]
    lengths = [
        len(BytePairs.learn(TEXTS, num_merges=n).split(text))
        for n in (0, 5, 10, 20)
    ]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == len(text)


def test_a_million_characters_take_seconds():
    begin = time.process_time()
    for text in ("the " * 250_000, "e" * 10**6, "\n" * 10**6):
        assert PAIRS.text(PAIRS.numbers(text)) == text
    assert time.process_time() - begin < 60


def test_bytes_that_are_no_character_are_shown_as_such():
    assert PAIRS.text([0xF0, 0x9F]) == "\ufffd"


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: BytePairs([(b"ab", b"c")]), ValueError, "no token yet"),
        (lambda: BytePairs.learn("one", 3), TypeError, "got one text"),
        (lambda: BytePairs.learn([], -1), ValueError, "0 or more, got -1"),
        (lambda: PAIRS.text([-1]), ValueError, "got -1"),
        (lambda: PAIRS.text([9999]), ValueError, "got 9999"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
