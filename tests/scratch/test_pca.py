import math

import pytest
import torch
from sklearn.decomposition import PCA

from sevenlessons.scratch.pca import pca


def rows_at_random(count=40, width=6, seed=0):
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(count, width, generator=generator, dtype=torch.float64)
    return rows * torch.arange(1, width + 1) + 5


@pytest.mark.parametrize("shape", [(40, 6), (5, 8)])
@pytest.mark.parametrize("num_components", [1, 3, 5])
def test_equal_to_scikit_learn_up_to_sign(shape, num_components):
    rows = rows_at_random(*shape)
    ours = pca(rows, num_components)
    theirs = PCA(num_components, svd_solver="full").fit(rows.numpy())
    wanted = torch.from_numpy(theirs.components_)
    directions = ours.directions
    if num_components == 5 and shape[0] == 5:  # the fifth has no spread
        directions, wanted = directions[:4], wanted[:4]
    signs = (directions * wanted).sum(dim=1, keepdim=True).sign()
    torch.testing.assert_close(signs * directions, wanted)
    torch.testing.assert_close(
        ours.share, torch.from_numpy(theirs.explained_variance_ratio_)
    )
    places = torch.from_numpy(theirs.transform(rows.numpy()))
    torch.testing.assert_close(
        ours.transform(rows)[:, : len(signs)] * signs.T,
        places[:, : len(signs)],
    )


def test_directions_are_at_right_angles_and_positive_where_largest():
    found = pca(rows_at_random(), 6)
    torch.testing.assert_close(
        found.directions @ found.directions.T, torch.eye(6).double()
    )
    largest = found.directions.abs().argmax(dim=1, keepdim=True)
    assert bool((found.directions.gather(1, largest) > 0).all())
    assert found.share.sum().item() == pytest.approx(1.0)
    assert bool((found.share.diff() <= 0).all())


def test_all_directions_lose_nothing():
    rows = rows_at_random()
    found = pca(rows, 6)
    back = found.transform(rows) @ found.directions + found.mean
    torch.testing.assert_close(back, rows)


@pytest.mark.parametrize("bad", [0, 7])
def test_too_many_directions_are_refused(bad):
    with pytest.raises(ValueError, match=rf"\[1, 6\] for rows .* got {bad}"):
        pca(rows_at_random(), bad)


def test_rows_must_differ_and_be_finite():
    with pytest.raises(ValueError, match="all rows are the same"):
        pca(torch.ones(4, 2), 1)
    rows = rows_at_random()
    rows[0, 0] = math.nan
    with pytest.raises(ValueError, match="expected a matrix of finite"):
        pca(rows, 1)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-30])
@pytest.mark.parametrize("count", [2, 7, 100])
def test_equal_rows_are_refused_whatever_their_mean_is_rounded_to(
    value, count
):
    with pytest.raises(ValueError, match="all rows are the same"):
        pca(torch.full((count, 3), value), 1)
