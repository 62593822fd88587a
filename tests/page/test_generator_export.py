import json

import pytest
import torch
from torch import nn

from sevenlessons.page.generator_export import export_layers, run_layers


def generator():
    torch.manual_seed(0)
    made = nn.Sequential(
        nn.Linear(6, 5 * 4 * 4),
        nn.Unflatten(1, (5, 4, 4)),
        nn.Sequential(nn.BatchNorm2d(5), nn.ReLU()),
        nn.ConvTranspose2d(5, 7, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(7, affine=False),
        nn.LeakyReLU(0.2),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(7, 1, 3, padding=1),
        nn.Tanh(),
    )
    for _ in range(5):  # running statistics that are not those of the start
        made(3 * torch.randn(16, 6) + 1)
    return made.eval()


def test_makes_what_the_generator_makes_but_for_the_rounding():
    made, noise = generator(), torch.randn(20, 6)
    pictures = run_layers(export_layers(made), noise)
    expected = made(noise)
    assert pictures.shape == (20, 1, 16, 16)
    # a weight is off by at most half of 1/127 of the largest of its channel
    apart = (pictures - expected).abs()
    assert 0 < apart.mean() < 0.01
    assert apart.max() < 0.1


def test_weights_that_need_no_rounding_are_exact():
    made = generator()
    for layer in made:
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            flat = layer.weight.data
            flat.copy_((flat.sign() * (flat.abs() > 0.05)) * 0.125)
    noise = torch.randn(8, 6)
    # what is left is the six digits of biases, norms and steps
    torch.testing.assert_close(
        run_layers(export_layers(made), noise), made(noise),
        atol=1e-4, rtol=0,
    )  # fmt: skip


def test_one_layer_of_each_kind_alone():
    torch.manual_seed(1)
    pixels = torch.randn(2, 3, 5, 5)
    for layer in (
        nn.ConvTranspose2d(3, 2, 4, stride=1, padding=0),
        nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1),
        nn.Conv2d(3, 2, 3, stride=2, padding=1),
        nn.Conv2d(3, 2, 1),
        nn.Sigmoid(),
    ):
        found = run_layers(export_layers(nn.Sequential(layer)), pixels)
        torch.testing.assert_close(found, layer(pixels), atol=0.02, rtol=0)


def test_is_json_and_an_eighth_of_a_float_by_weight():
    layers = export_layers(generator())
    assert json.loads(json.dumps(layers, allow_nan=False)) == layers
    linear = layers[0]
    assert linear["size"] == [80, 6]
    assert len(linear["bytes"]) == 640  # 480 bytes in base64


def test_a_channel_of_zeros_is_no_trouble():
    layer = nn.Linear(3, 2)
    nn.init.zeros_(layer.weight)
    found = run_layers(export_layers(nn.Sequential(layer)), torch.ones(1, 3))
    torch.testing.assert_close(found[0], layer.bias.detach())


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        (nn.GELU(), "knows no GELU; build"),
        (nn.Upsample(scale_factor=2, mode="bilinear"), "nearest"),
        (nn.Upsample(scale_factor=3), "scale_factor=2"),
        (nn.Conv2d(2, 2, 3, groups=2), "without groups"),
        (nn.Conv2d(2, 2, 3, dilation=2), "dilation"),
        (nn.Conv2d(2, 2, 3, padding="same"), "padding in numbers"),
        (nn.Conv2d(2, 2, (3, 1)), "square kernels"),
        (nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect"), "knows"),
        (nn.ConvTranspose2d(2, 2, 3, 2, output_padding=1), "knows"),
        (nn.BatchNorm2d(2, track_running_stats=False), "running stat"),
    ],
)
def test_refuses_what_the_script_cannot_do(layer, says):
    with pytest.raises(ValueError, match=says):
        export_layers(nn.Sequential(layer))
