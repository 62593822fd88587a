import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from sevenlessons.generative.precision_recall import (
    inside_balls,
    precision_recall,
)


def rows(seed, n=80, d=3):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, d, generator=generator)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_balls_are_those_of_scikit_learns_neighbors(k):
    centers, others = rows(0), rows(1) * 1.5
    search = NearestNeighbors(n_neighbors=k + 1).fit(centers.double())
    radii = torch.tensor(search.kneighbors(centers.double())[0][:, -1])
    apart = (others.double()[:, None] - centers.double()).norm(dim=2)
    expected = (apart <= radii).any(dim=1)
    assert 0 < expected.sum() < len(expected)
    assert torch.equal(inside_balls(others, centers, k=k), expected)


def test_the_same_rows_are_all_inside():
    assert precision_recall(rows(0), rows(0)) == (1, 1)


def test_far_away_is_outside():
    assert precision_recall(rows(0), rows(1) + 100) == (0, 0)


def test_one_mode_of_two_costs_recall_alone():
    left, right = rows(0), rows(1) + 100
    found = precision_recall(torch.cat([left, right]), rows(2) * 0.5)
    assert found.precision > 0.9
    assert found.recall <= 0.5


def test_wide_noise_costs_precision():
    found = precision_recall(rows(0), rows(1) * 20)
    assert found.precision < 0.3
    assert found.recall > found.precision


def test_more_rows_than_are_done_at_a_time():
    many = torch.arange(3000.0)[:, None]
    assert inside_balls(many, many, k=1).all()
    assert not inside_balls(many + 1e6, many, k=1).any()


def test_equal_rows_do_not_confuse_the_radius():
    centers = torch.zeros(5, 2)
    rows_ = torch.tensor([[0.0, 0.0], [1e-9, 0.0]])
    assert inside_balls(rows_, centers, k=2).tolist() == [True, False]


@pytest.mark.parametrize(
    ("k", "says"), [(0, "at least 1, got 0"), (80, "81 centers, got 80")]
)
def test_k_outside(k, says):
    with pytest.raises(ValueError, match=says):
        inside_balls(rows(1), rows(0), k=k)
