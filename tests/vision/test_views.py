import pytest
import torch
from torch import nn

from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.features import cached_features
from sevenlessons.vision.views import (
    RandomView,
    dihedral_view,
    mean_probabilities,
    view_features,
)


@pytest.fixture(scope="module")
def backbone():
    return load_backbone("squeezenet_1_1", pretrained=False)


def flat(image):
    return tuple(image.flatten().tolist())


def test_the_eight_views_differ_and_keep_every_pixel():
    image = torch.arange(16).reshape(4, 4)
    views = {flat(dihedral_view(image, view)) for view in range(8)}
    assert len(views) == 8
    assert all(sorted(view) == list(range(16)) for view in views)


def test_two_views_in_a_row_are_again_one_of_the_eight():
    image = torch.arange(16).reshape(4, 4)
    known = {flat(dihedral_view(image, view)) for view in range(8)}
    for first in range(8):
        for second in range(8):
            both = dihedral_view(dihedral_view(image, first), second)
            assert flat(both) in known


def test_view_0_is_the_photo_and_a_mirror_undoes_itself():
    image = torch.rand(2, 3, 5, 5)
    assert torch.equal(dihedral_view(image, 0), image)
    assert torch.equal(dihedral_view(dihedral_view(image, 4), 4), image)


@pytest.mark.parametrize("view", [-1, 8])
def test_an_unknown_view_is_refused(view):
    with pytest.raises(ValueError, match=r"view must be in \[0, 8\)"):
        dihedral_view(torch.zeros(2, 2), view)


def test_a_photo_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match="expected square images"):
        dihedral_view(torch.zeros(3, 4, 5), 1)


def test_features_of_a_view_are_those_of_the_turned_photo(backbone):
    generator = torch.Generator().manual_seed(0)
    photos = torch.rand(2, 3, 48, 48, generator=generator)
    got = view_features(backbone, photos, views=[0, 5])
    turned = cached_features(backbone, dihedral_view(photos, 5))
    assert got.shape == (2, 2, 1024)
    assert torch.equal(got[:, 1], turned)


def test_no_view_is_refused(backbone):
    with pytest.raises(ValueError, match="views is empty"):
        view_features(backbone, torch.zeros(1, 3, 48, 48), views=[])


def test_a_random_view_is_one_of_the_photos_own():
    features = torch.arange(40).reshape(10, 4)[..., None]
    seen = set()
    generator = torch.Generator().manual_seed(0)
    for _ in range(60):
        chosen = RandomView()(features, generator)
        assert ((chosen // 4).flatten() == torch.arange(10)).all()
        seen |= set((chosen % 4).flatten().tolist())
    assert seen == {0, 1, 2, 3}


def test_mean_probabilities_are_the_mean_and_keep_the_mode():
    model = nn.Sequential(nn.Dropout(0.9), nn.Linear(3, 2))
    features = torch.randn(5, 4, 3)
    got = mean_probabilities(model, features, batch_size=3)
    assert model.training
    expected = model.eval()(features).softmax(-1).mean(1)
    torch.testing.assert_close(got, expected)
    torch.testing.assert_close(got.sum(1), torch.ones(5))


def test_several_labels_have_a_sigmoid_each():
    model = nn.Linear(3, 2)
    features = torch.randn(5, 4, 3)
    got = mean_probabilities(model, features, several=True)
    expected = model(features).sigmoid().mean(1)
    torch.testing.assert_close(got, expected)


def test_features_without_views_are_refused():
    with pytest.raises(ValueError, match="photos by views"):
        mean_probabilities(nn.Identity(), torch.zeros(5, 3))
