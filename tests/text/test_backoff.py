import pytest
import torch

from sevenlessons.data.number_streams import number_tokens
from sevenlessons.text.backoff import BackoffNgram


def by_scanning(learned, before, most):
    """The guess, found by reading the whole line anew."""
    for length in range(min(most, len(before)), -1, -1):
        past = before[len(before) - length :]
        followers = [
            learned[i]
            for i in range(length, len(learned))
            if learned[i - length : i] == past
        ]
        if followers:
            return max(followers, key=followers.count)
    raise AssertionError


@pytest.mark.parametrize("most", [0, 1, 2, 5])
def test_equals_a_scan(most):
    generator = torch.Generator().manual_seed(most)
    learned = torch.randint(0, 4, (60,), generator=generator).tolist()
    asked = torch.randint(0, 5, (40,), generator=generator).tolist()
    model = BackoffNgram(learned, size=5, most=most)
    expected = [by_scanning(learned, asked[:i], most) for i in range(1, 40)]
    assert model.guesses(asked).tolist() == expected
    assert model.guess(asked[:7]) == expected[6]


def test_the_numbers_of_the_curriculum():
    train, valid = number_tokens(), number_tokens("valid")

    def right(most):
        guesses = BackoffNgram(train.tolist(), 38, most).guesses(valid)
        return (guesses == valid[1:]).double().mean().item()

    assert right(0) == pytest.approx(0.154, abs=0.001)
    assert right(2) == pytest.approx(0.318, abs=0.002)
    assert right(4) == pytest.approx(0.322, abs=0.002)


def test_no_past_at_all():
    model = BackoffNgram([3, 3, 1], size=4, most=2)
    assert model.guess([]) == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: BackoffNgram([1, 2], 3, -1), "from 0 up, got -1"),
        (lambda: BackoffNgram([1, 2], 3, 1.5), "from 0 up, got 1.5"),
        (lambda: BackoffNgram([1, 7], 3, 1), "7"),
        (lambda: BackoffNgram([1, 2], 3, 1).guesses([1, 9]), "9"),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
