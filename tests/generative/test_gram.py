import pytest
import torch

from sevenlessons.generative.gram import gram_matrix


@pytest.fixture
def maps():
    generator = torch.Generator().manual_seed(2)
    return torch.randn(3, 5, 4, 6, generator=generator, dtype=torch.float64)


def test_equals_the_loop_over_pictures_and_channels(maps):
    grams = gram_matrix(maps)
    for n in range(3):
        for i in range(5):
            for j in range(5):
                expected = (maps[n, i] * maps[n, j]).sum() / (5 * 4 * 6)
                assert torch.isclose(grams[n, i, j], expected)


def test_symmetric_no_negative_eigenvalue_blind_to_the_order(maps):
    grams = gram_matrix(maps)
    assert torch.allclose(grams, grams.mT)
    assert (torch.linalg.eigvalsh(grams) > -1e-12).all()
    order = torch.randperm(24, generator=torch.Generator().manual_seed(0))
    mixed = maps.flatten(2)[:, :, order].view_as(maps)
    assert torch.allclose(gram_matrix(mixed), grams)
    assert torch.allclose(gram_matrix(maps.repeat(1, 1, 2, 1)), grams)


@pytest.mark.parametrize(
    "bad",
    [
        torch.zeros(3, 4, 4),
        torch.zeros(1, 3, 4, 4, dtype=torch.uint8),
        torch.zeros(0, 3, 4, 4),
    ],
)
def test_bad_maps(bad):
    with pytest.raises(ValueError, match="expected maps of shape"):
        gram_matrix(bad)
