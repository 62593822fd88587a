import io

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.deploy.heatmaps import heat_to_png


def pixels(values):
    return np.asarray(Image.open(io.BytesIO(heat_to_png(values))))


def test_hot_is_seen_and_cold_is_clear():
    picture = pixels(torch.tensor([[0.0, 0.0], [0.0, 7.0]]))
    assert picture.shape == (224, 224, 4)
    assert picture[0, 0, 3] < 5 and picture[-1, -1, 3] > 195
    assert picture[-1, -1, 0] > 200


def test_the_shape_is_kept():
    assert pixels(np.arange(6.0).reshape(2, 3)).shape == (149, 224, 4)


def test_no_heat_shows_nothing():
    assert pixels([[0.0, 0.0]])[..., 3].max() == 0


def test_heat_everywhere_is_seen_everywhere():
    assert pixels([[3.0, 3.0]])[..., 3].min() > 195


def test_below_zero_the_lowest_is_cold():
    alpha = pixels([[-4.0, -4.0, -4.0, 0.0, 4.0, 4.0, 4.0]])[16, :, 3]
    assert alpha[0] < 5 and alpha[-1] > 195


@pytest.mark.parametrize(
    "values", [[1.0, 2.0], [[[1.0]]], [[]], [[float("nan")]]]
)
def test_other_shapes_are_refused(values):
    with pytest.raises(ValueError, match=r"finite numbers of shape \(H, W\)"):
        heat_to_png(values)
