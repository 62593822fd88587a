import math

import pytest
import torch
from sklearn.metrics.pairwise import cosine_similarity

from sevenlessons.tables.neighbors import cosine_to, nearest


def rows_at_random(seed=0, count=30, width=4):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, width, generator=generator)


@pytest.mark.parametrize("row", [0, 7, 29])
def test_equal_to_scikit_learn(row):
    rows = rows_at_random()
    theirs = torch.from_numpy(cosine_similarity(rows.numpy()))[row]
    torch.testing.assert_close(cosine_to(rows, row), theirs)


@pytest.mark.parametrize("k", [1, 5, 29])
def test_equal_to_brute_force(k):
    rows = rows_at_random(1)
    found, similarity = nearest(rows, 3, k)
    pairs = []
    for i in range(30):
        if i != 3:
            cosine = rows[i] @ rows[3] / rows[i].norm() / rows[3].norm()
            pairs.append((-cosine.item(), i))
    expected = sorted(pairs)[:k]
    assert found.tolist() == [i for _, i in expected]
    torch.testing.assert_close(
        similarity, torch.tensor([-cosine for cosine, _ in expected])
    )


def test_length_does_not_count():
    rows = rows_at_random(2)
    scaled = rows * torch.linspace(0.1, 9, 30)[:, None]
    assert nearest(rows, 0, 9)[0].tolist() == nearest(scaled, 0, 9)[0].tolist()


def test_equal_rows_keep_their_order_and_leave_out_the_asked_one():
    rows = torch.ones(5, 2)
    assert nearest(rows, 2, 3)[0].tolist() == [0, 1, 3]


def test_a_row_of_zeros_is_like_nothing():
    rows = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    assert cosine_to(rows, 0).tolist() == [1.0, 0.0]
    assert cosine_to(rows, 1).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("bad", [-1, 30])
def test_a_row_that_is_not_there_is_refused(bad):
    with pytest.raises(ValueError, match=rf"\[0, 30\), got {bad}; rows are"):
        cosine_to(rows_at_random(), bad)


@pytest.mark.parametrize("bad", [0, 30])
def test_too_many_neighbors_are_refused(bad):
    with pytest.raises(ValueError, match=rf"\[1, 29\], .* got {bad}"):
        nearest(rows_at_random(), 0, bad)


def test_only_a_finite_matrix_has_rows():
    rows = rows_at_random()
    rows[4, 1] = math.nan
    for bad in (rows, torch.ones(3)):
        with pytest.raises(ValueError, match="expected a matrix of finite"):
            cosine_to(bad, 0)
