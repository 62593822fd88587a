import math
from collections import Counter
from itertools import pairwise

import pytest
import torch

from sevenlessons.text.ngrams import Bigram, KneserNeyTrigram, Unigram

SIZE = 9


def line(seed=0, count=300):
    generator = torch.Generator().manual_seed(seed)
    picked = torch.rand(count, generator=generator) ** 2 * (SIZE - 1)
    return picked.long().tolist()  # the last word never comes


MODELS = {
    "unigram": lambda words: Unigram(words, SIZE),
    "bigram": lambda words: Bigram(words, SIZE, weight=3.0),
    "trigram": lambda words: KneserNeyTrigram(words, SIZE),
    "fixed discount": lambda words: KneserNeyTrigram(
        words, SIZE, discount=0.9
    ),
}
each_model = pytest.mark.parametrize("name", MODELS)


@each_model
@pytest.mark.parametrize("before", [[0], [8], [0, 1], [8, 8], [3, 8, 2, 1]])
def test_probabilities_sum_to_one_after_anything(name, before):
    shares = MODELS[name](line()).probabilities(before)
    assert shares.shape == (SIZE,) and shares.min() > 0
    assert shares.sum().item() == pytest.approx(1, abs=1e-12)


@each_model
def test_surprises_are_the_probabilities_of_the_words_that_came(name):
    model, held = MODELS[name](line()), line(seed=1, count=40)
    expected = [
        -math.log(model.probabilities(held[max(i - 2, 0) : i])[held[i]])
        for i in range(1, len(held))
    ]
    found = model.surprises(held)
    assert torch.allclose(found, torch.tensor(expected).double())


def test_the_bigram_is_its_formula():
    words = line()
    pairs, after = Counter(pairwise(words)), Counter(words[:-1])
    shares = [(words.count(w) + 1) / (len(words) + SIZE) for w in range(SIZE)]
    model = Bigram(words, SIZE, weight=3.0)
    for last in range(SIZE):
        expected = [
            (pairs[last, w] + 3 * shares[w]) / (after[last] + 3)
            for w in range(SIZE)
        ]
        found = model.probabilities([last]).tolist()
        assert found == pytest.approx(expected)


def kneser_ney(words, before, word, discount):
    """The definition, with every count made anew."""
    triples = list(zip(words, words[1:], words[2:], strict=False))
    pairs = {(a, v, w) for a, v, w in triples}

    def lowest(w):
        total = len({(v, x) for _, v, x in pairs})
        follows = len({v for _, v, x in pairs if x == w})
        kinds = len({x for _, _, x in pairs})
        rest = max(follows - discount, 0)
        return (rest + discount * kinds / SIZE) / total

    def middle(v, w):
        total = len({(a, x) for a, y, x in pairs if y == v})
        if not total:
            return lowest(w)
        places = len({a for a, y, x in pairs if (y, x) == (v, w)})
        kinds = len({x for _, y, x in pairs if y == v})
        return (
            max(places - discount, 0) + discount * kinds * lowest(w)
        ) / total

    u, v = before
    count = sum(t[:2] == (u, v) for t in triples)
    if not count:
        return middle(v, word)
    here = triples.count((u, v, word))
    kinds = len({t[2] for t in triples if t[:2] == (u, v)})
    return (
        max(here - discount, 0) + discount * kinds * middle(v, word)
    ) / count


def test_the_trigram_is_the_definition():
    words = line(count=80)
    model = KneserNeyTrigram(words, SIZE, discount=0.75)
    for u in range(SIZE):
        for v in range(SIZE):
            expected = [
                kneser_ney(words, (u, v), w, 0.75) for w in range(SIZE)
            ]
            found = model.probabilities([u, v]).tolist()
            assert found == pytest.approx(expected)


def test_a_word_counts_by_how_many_words_it_follows():
    words = [1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 5, 4, 6, 4, 7, 0, 3]
    model = KneserNeyTrigram(words, SIZE)
    shares = model.probabilities([8, 8])  # never came
    assert words.count(2) > words.count(4) and shares[4] > shares[2]


def test_discounts_are_from_groups_seen_once_and_twice():
    words = line()
    model = KneserNeyTrigram(words, SIZE)
    triples = Counter(zip(words, words[1:], words[2:], strict=False))
    seen = Counter(triples.values())
    expected = seen[1] / (seen[1] + 2 * seen[2])
    assert model.discounts[2] == pytest.approx(expected)


def test_a_uniform_line_has_the_perplexity_of_its_size():
    words = list(range(SIZE)) * 50
    mean = Unigram(words, SIZE).surprises(words).mean()
    assert mean.exp().item() == pytest.approx(SIZE)


@pytest.mark.parametrize("make", [Unigram, Bigram, KneserNeyTrigram])
def test_bad_lines_are_refused(make):
    with pytest.raises(ValueError, match=r"in \[0, 4\), got 4; use the num"):
        make([1, 4], 4)
    with pytest.raises(ValueError, match=r"in \[0, 4\), got -1"):
        make([1, -1], 4)
    with pytest.raises(ValueError, match="at least 2 word numbers"):
        make([], 4)
    with pytest.raises(ValueError, match=r"in \[0, 4\), got 7"):
        make([1, 2], 4).surprises([0, 7])


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="weight must be positive, got 0"):
        Bigram([1, 2], 4, weight=0)
    with pytest.raises(ValueError, match=r"share in \(0, 1\), got 1"):
        KneserNeyTrigram([1, 2], 4, discount=1)


@pytest.mark.parametrize(
    ("before", "words"),
    [([], "at least one word number before the next"), ([1, 9], "got 9")],
)
def test_a_pair_needs_a_known_word_before(before, words):
    model = Bigram([1, 2, 1, 2], size=3)
    with pytest.raises(ValueError, match=words):
        model.probabilities(before)
