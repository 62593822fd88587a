"""Word associations: the formula by hand, the p-value by hand."""

from itertools import combinations

import pytest
import torch
from torch.nn.functional import normalize

from sevenlessons.text.association import leanings, word_association


def drawn(generator, *sizes, width=6):
    return [
        normalize(torch.randn(n, width, generator=generator), dim=1)
        for n in sizes
    ]


def test_leanings_by_hand():
    words, first, second = drawn(torch.Generator().manual_seed(0), 3, 2, 4)
    found = leanings(words, first, second)
    for i, word in enumerate(words.double()):
        near = sum(float(word @ a.double()) for a in first) / 2
        far = sum(float(word @ b.double()) for b in second) / 4
        assert float(found[i]) == pytest.approx(near - far, abs=1e-12)


def test_every_way_is_counted():
    words, others, first, second = drawn(
        torch.Generator().manual_seed(1), 3, 4, 2, 2
    )
    found = word_association(words, others, first, second)
    lean = leanings(torch.cat([words, others]), first, second).tolist()
    ways = []
    for chosen in combinations(range(7), 3):
        rest = [k for k in range(7) if k not in chosen]
        ways.append(
            sum(lean[k] for k in chosen) / 3 - sum(lean[k] for k in rest) / 4
        )
    assert found.permutations == len(ways) == 35
    assert torch.allclose(found.dealt, torch.tensor(ways).double())
    reached = sum(way >= ways[0] - 1e-9 for way in ways)
    assert found.p_value == pytest.approx(reached / 35)
    spread = torch.tensor(lean, dtype=torch.float64).std()
    assert found.effect == pytest.approx(ways[0] / float(spread))


def test_turned_round_the_effect_changes_its_sign():
    words, others, first, second = drawn(
        torch.Generator().manual_seed(2), 4, 4, 3, 3
    )
    one = word_association(words, others, first, second)
    other = word_association(others, words, first, second)
    assert one.effect == pytest.approx(-other.effect)
    # each way leans to one side; those that lean as the real one, to both
    as_real = (one.dealt - one.dealt[0]).abs() < 1e-9
    ties = int(as_real.sum()) / one.permutations
    assert one.p_value + other.p_value == pytest.approx(1 + ties)


def test_random_words_are_rarely_associated():
    generator = torch.Generator().manual_seed(3)
    found = [
        word_association(*drawn(generator, 4, 4, 3, 3)).p_value
        for _ in range(200)
    ]
    alarms = sum(p <= 0.05 for p in found) / 200
    assert alarms < 0.12  # 0.05 promised; four standard errors are 0.06


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, torch.ones(2, 6), "length 1, got lengths 1 to 2.45"),
        (0, torch.zeros(0, 6), "words is empty; pass at least one"),
        (1, torch.zeros(0, 6), "others is empty; pass at least one"),
        (2, torch.zeros(0, 6), "first is empty"),
        (3, torch.eye(4), r"second must have the shape \(N, 6\)"),
    ],
)
def test_bad_rows(place, value, words):
    rows = drawn(torch.Generator().manual_seed(4), 2, 2, 2, 2)
    rows[place] = value
    with pytest.raises(ValueError, match=words):
        word_association(*rows)


def test_too_many_ways():
    rows = drawn(torch.Generator().manual_seed(5), 10, 10, 2, 2)
    with pytest.raises(ValueError, match="at most 20000 ways"):
        word_association(*rows)
