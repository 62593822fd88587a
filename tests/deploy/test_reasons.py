from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from PIL import Image
from torch import nn

from sevenlessons.data.images import read_image
from sevenlessons.deploy.inference import photos_to_tensor
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.reasons import explainer, last_maps
from sevenlessons.vision.gradcam import grad_cam


@pytest.fixture(params=["gray", "color"])
def predictor(request):
    return Predictor.load(request.getfixturevalue(request.param))


@pytest.fixture
def picture(photo):
    return read_image(photo)


def with_views(predictor, views):
    predictor.settings = predictor.settings | {"views": views}
    return predictor


def test_one_view_is_plain_grad_cam(predictor, picture):
    look = explainer(with_views(predictor, [0]))
    mode = predictor.settings["input"]["mode"]
    images = photos_to_tensor([picture], predictor.size, mode=mode)
    model = predictor.model
    for number, name in enumerate(predictor.classes):
        expected = grad_cam(model, images, last_maps(model), number)[0]
        torch.testing.assert_close(look(picture, name), expected)


def test_no_label_asks_about_the_likeliest_class(predictor, picture):
    look = explainer(predictor)
    best = next(iter(predictor.predict(picture).probabilities))
    torch.testing.assert_close(look(picture, None), look(picture, best))


def test_over_all_views_a_turned_photo_has_the_turned_map(predictor, picture):
    # a square that needs no resizing: then turning the photo is exact
    square = picture.resize((predictor.size, predictor.size))
    look = explainer(with_views(predictor, list(range(8))))
    name = predictor.classes[0]
    turned = square.transpose(Image.Transpose.ROTATE_90)
    expected = torch.rot90(look(square, name), 1, (-2, -1))
    # float32 sums in another order: relative to the largest value
    torch.testing.assert_close(
        look(turned, name), expected, rtol=0, atol=float(expected.max()) * 1e-4
    )


def test_the_map_is_never_negative_and_has_the_shape_of_the_maps(
    predictor, picture
):
    heat = explainer(predictor)(picture, predictor.classes[-1])
    assert heat.ndim == 2 and heat.shape[0] == heat.shape[1] < predictor.size
    assert (heat >= 0).all() and heat.device.type == "cpu"


def test_threads_do_not_mix_their_maps(predictor, photo):
    look = explainer(predictor)
    pictures = [read_image(photo).rotate(angle) for angle in range(0, 80, 10)]
    name = predictor.classes[0]
    alone = [look(picture, name) for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda p: look(p, name), pictures))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)


def test_predictions_and_the_network_stay_as_they_are(predictor, picture):
    before = predictor.predict(picture)
    look = explainer(predictor)
    look(picture, predictor.classes[0])
    assert predictor.predict(picture) == before
    for module in predictor.model.modules():
        assert not module._forward_hooks
    assert all(p.grad is None for p in predictor.model.parameters())


def test_a_class_that_is_none_is_told(predictor, picture):
    with pytest.raises(ValueError, match="knows no class 'pink'; it knows"):
        explainer(predictor)(picture, "pink")


def test_a_strange_network_is_told():
    with pytest.raises(TypeError, match="cannot tell which layer of a Lin"):
        last_maps(nn.Linear(2, 2))
