import random

import pytest

from sevenlessons.text.byte_pair_learning import (
    best_pair,
    join_pair,
    learn_pairs,
    pair_counts,
)


def letters(word):
    return tuple(c.encode() for c in word)


def naive(pieces, num_merges):
    """Count everything anew after each step."""
    pieces, merges = dict(pieces), []
    for _ in range(num_merges):
        counts = pair_counts(pieces)
        if not counts or max(counts.values()) < 2:
            break
        merges.append(best_pair(counts))
        joined = {}
        for piece, times in pieces.items():
            new = join_pair(piece, merges[-1])
            joined[new] = joined.get(new, 0) + times
        pieces = joined
    return merges


def test_a_worked_text():
    words = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    pieces = {letters(word): times for word, times in words.items()}
    merges = [a + b"+" + b for a, b in learn_pairs(pieces, 7)]
    # es 9, est 9, then lo 7 before ow 7, low 7, ew 6 before ne 6 and we...
    assert merges == [
        *[b"e+s", b"es+t", b"l+o", b"lo+w"],
        *[b"e+w", b"ew+est", b"n+ewest"],
    ]


@pytest.mark.parametrize("seed", range(20))
def test_equals_counting_anew_after_each_step(seed):
    draw = random.Random(seed)
    pieces = {
        letters(
            "".join(draw.choice("aab c") for _ in range(draw.randint(1, 9)))
        ): draw.randint(1, 4)
        for _ in range(15)
    }
    assert learn_pairs(pieces, 12) == naive(pieces, 12)


def test_pairs_are_counted_as_often_as_the_piece_comes():
    counts = pair_counts({letters("aba"): 3, letters("ab"): 1, (b"a",): 9})
    assert counts == {(b"a", b"b"): 4, (b"b", b"a"): 3}


def test_of_equals_the_first_by_its_bytes():
    counts = {(b"b", b"a"): 2, (b"a", b"z"): 2, (b"a", b"b"): 1}
    assert best_pair(counts) == (b"a", b"z")
    with pytest.raises(ValueError, match="nothing is left to join"):
        best_pair({})


@pytest.mark.parametrize(
    "word, joined",
    [
        ("aaaa", [b"aa", b"aa"]),
        ("aaa", [b"aa", b"a"]),
        ("baab", [b"b", b"aa", b"b"]),
        ("a", [b"a"]),
        ("", []),
    ],
)
def test_joined_from_left_to_right(word, joined):
    assert join_pair(letters(word), (b"a", b"a")) == tuple(joined)


def test_it_ends_when_no_pair_comes_twice():
    assert learn_pairs({letters("abc"): 1}, 5) == []
    assert learn_pairs({}, 5) == []
    assert learn_pairs({letters("ab"): 2}, 5) == [(b"a", b"b")]
