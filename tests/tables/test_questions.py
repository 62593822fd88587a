import itertools

import pytest
import torch

from sevenlessons.tables.cold_start import ItemModel
from sevenlessons.tables.questions import choose_items


def model(num_items=8, rank=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    factors = torch.randn(num_items, rank, generator=generator)
    return ItemModel(torch.zeros(num_items), factors, 0.5)


def left_unsure(films, asked, matter):
    """Return the summed variance of predictions after some answers."""
    rows = films.factors[asked].double()
    inside = torch.eye(rows.shape[1]) + rows.T @ rows / films.noise
    targets = films.factors[matter].double()
    return (targets @ torch.linalg.inv(inside) * targets).sum()


@pytest.mark.parametrize("seed", range(3))
def test_each_choice_is_the_best_next_one(seed):
    films = model(seed=seed)
    candidates, matter = torch.tensor([6, 1, 4, 3, 0]), torch.arange(8)
    chosen = choose_items(films, 3, candidates, matter)
    for n in range(3):
        best = min(
            (c for c in candidates.tolist() if c not in chosen[:n]),
            key=lambda c: left_unsure(films, [*chosen[:n], c], matter),
        )
        assert chosen[n] == best
    worst = max(
        left_unsure(films, list(three), matter)
        for three in itertools.combinations(candidates.tolist(), 3)
    )
    assert left_unsure(films, chosen, matter) < worst


def test_all_candidates_can_be_chosen_once():
    chosen = choose_items(model(6), 6, torch.arange(6), torch.arange(6))
    assert sorted(chosen) == list(range(6))


def test_odd_requests_are_refused():
    films = model(6)
    with pytest.raises(ValueError, match="the 2 candidates, got 3"):
        choose_items(films, 3, torch.tensor([0, 1]), torch.arange(6))
    with pytest.raises(ValueError, match="the 2 candidates, got 0"):
        choose_items(films, 0, torch.tensor([0, 1]), torch.arange(6))
    with pytest.raises(ValueError, match="got 9; number"):
        choose_items(films, 1, torch.tensor([9]), torch.arange(6))
    with pytest.raises(ValueError, match="got -1; number"):
        choose_items(films, 1, torch.arange(6), torch.tensor([-1]))


def test_a_candidate_is_asked_once():
    with pytest.raises(ValueError, match="different films, got 1 more than"):
        choose_items(model(6), 3, torch.tensor([4, 1, 1]), torch.arange(6))
