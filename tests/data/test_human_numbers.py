import pytest

from sevenlessons.data.human_numbers import count_in_words, in_words, load


@pytest.mark.parametrize(
    "number, words",
    [
        (1, "one"),
        (13, "thirteen"),
        (20, "twenty"),
        (99, "ninety nine"),
        (100, "one hundred"),
        (110, "one hundred ten"),
        (1000, "one thousand"),
        (4017, "four thousand seventeen"),
        (9999, "nine thousand nine hundred ninety nine"),
    ],
)
def test_known_numbers(number, words):
    assert " ".join(in_words(number)) == words


def value(words):
    """The number again, by a way of its own: read from left to right."""
    units = {" ".join(in_words(n)): n for n in range(1, 20)}
    units |= {in_words(n)[0]: n for n in range(20, 100, 10)}
    total = last = 0
    for word in words:
        if word in ("hundred", "thousand"):
            total += last * {"hundred": 100, "thousand": 1000}[word]
            last = 0
        else:
            last += units[word]
    return total + last


def test_every_number_can_be_read_back():
    for number in range(1, 10_000):
        assert value(in_words(number)) == number


def test_sizes_and_words_as_in_the_description():
    train, valid = load(), load("valid")
    assert (len(train), len(valid)) == (50_082, 13_017)
    assert len(set(train)) == 30 and set(valid) <= set(train)
    assert train[:4] == ["one", ".", "two", "."]
    assert train + valid == count_in_words(1, 9999)
    assert valid.count(".") == 1999


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: in_words(0), "from 1 to 9999, got 0"),
        (lambda: in_words(10_000), "got 10000"),
        (lambda: count_in_words(5, 4), "got 5 and 4: no number"),
        (lambda: count_in_words(9998, 10_001), "got 10000"),
        (lambda: load("test"), "one of .*'train', 'valid'.*, got 'test'"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
