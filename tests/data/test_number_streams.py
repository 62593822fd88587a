from itertools import pairwise

import pytest
import torch

from sevenlessons.data.human_numbers import in_words
from sevenlessons.data.number_streams import (
    number_line,
    number_places,
    number_tokens,
    number_words,
)


def test_sizes_are_those_of_the_course():
    train, valid = number_line(), number_line("valid")
    assert (len(train), len(valid)) == (50_079, 13_017)
    assert len(number_words()) == len(set(number_words())) == 38
    assert set(train) | set(valid) <= set(number_words())
    assert len(set(train)) == 31  # the mark, the comma, 29 words


def test_lines_begin_with_a_mark_and_end_without_a_comma():
    train, valid = number_line(), number_line("valid")
    assert train[:5] == ["xxbos", "one", ",", "two", ","]
    assert train[-1] == "nine" and valid[-1] == "nine"
    assert valid[1:4] == ["eight", "thousand", "one"]
    assert train.count(",") == 7998 and valid.count(",") == 1998
    assert train.count("xxbos") == valid.count("xxbos") == 1
    assert not {"and", "-", "."} & {*train, *valid}


def test_the_pair_that_never_occurs_in_training():
    def pairs(line):
        return set(pairwise(line))

    new = pairs(number_line("valid")) - pairs(number_line())
    thousands = {pair for pair in new if pair[1] == "thousand"}
    assert thousands == {("eight", "thousand"), ("nine", "thousand")}


def test_the_numbers_stand_between_the_commas():
    line = " ".join(number_line((1, 9999))[1:])
    expected = [" ".join(in_words(n)) for n in range(1, 10_000)]
    assert line.split(" , ") == expected


def test_tokens_are_places_in_the_vocabulary():
    tokens, words = number_tokens("valid"), number_words()
    assert tokens.dtype == torch.int64 and tokens.shape == (13_017,)
    assert [words[n] for n in tokens] == number_line("valid")


def test_places():
    line = number_line((4311, 4321))
    places = number_places(line)
    assert places[:6] == [
        "xxbos",
        "thousands",
        "thousand",
        "hundreds",
        "hundred",
        "last",
    ]
    assert places[-3:] == ["hundred", "tens", "last"]
    assert number_places(["eight"]) == ["last"]
    valid = number_places(number_line("valid"))
    assert valid.count("thousand") == valid.count("thousands") == 1999
    assert valid.count("hundred") == valid.count("hundreds") == 1800


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: number_line("test"), r"'train', 'valid'.* pair.*'test'"),
        (lambda: number_tokens((0, 5)), "from 1 to 9999, got 0"),
        (lambda: number_tokens((5, 4)), "got 5 and 4: no number"),
        (lambda: number_places(["one", "."]), r"number_line .* got \['.'\]"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
