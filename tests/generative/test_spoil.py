import io

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.generative.spoil import Spoiling, enlarge, spoil


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(3)
    coarse = torch.rand(5, 3, 4, 6, generator=generator) * 255
    large = torch.nn.functional.interpolate(
        coarse, size=(32, 48), mode="bilinear"
    )
    return large.to(torch.uint8)


def test_shapes_types_and_the_input_is_untouched(images):
    before = images.clone()
    for scale in (1, 2, 4):
        small = spoil(images, Spoiling(scale=scale))
        assert small.dtype == torch.uint8
        assert small.shape == (5, 3, 32 // scale, 48 // scale)
        assert small.is_contiguous()
    assert torch.equal(images, before)


def test_a_picture_is_spoiled_alike_wherever_it_stands(images):
    how = Spoiling(number=0.5)
    alone = torch.cat([spoil(one[None], how) for one in images])
    assert torch.equal(spoil(images, how), alone)
    assert torch.equal(spoil(images.flip(0), how), alone.flip(0))


def test_the_seed_decides(images):
    first = spoil(images, Spoiling(seed=1))
    assert torch.equal(first, spoil(images, Spoiling(seed=1)))
    assert not torch.equal(first, spoil(images, Spoiling(seed=2)))


def test_without_noise_it_is_shrinking_and_jpeg(images):
    how = Spoiling(quality=(40, 40), noise=0)
    image = Image.fromarray(images[2].permute(1, 2, 0).numpy())
    image = image.resize((24, 16), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    expected = np.asarray(Image.open(file).convert("RGB"))
    got = spoil(images, how)[2].permute(1, 2, 0).numpy()
    assert np.array_equal(got, expected)


def test_lower_quality_and_more_noise_are_farther_away():
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(8, 3, 32, 32, generator=generator) * 255
    images = images.to(torch.uint8)

    def error(**settings):
        small = spoil(images, Spoiling(scale=1, **settings))
        return (small.float() - images.float()).square().mean()

    good = error(quality=(90, 90), noise=0)
    assert good < error(quality=(10, 10), noise=0)
    assert good < error(quality=(90, 90), noise=40)


def test_the_number_is_drawn_on_the_share_asked_for():
    black = torch.zeros(200, 3, 32, 32, dtype=torch.uint8)
    black[:, 0, 0, 0] = torch.arange(200)  # two hundred different pictures
    bright = [
        (spoil(black, Spoiling(noise=0, number=share)).flatten(1) > 99)
        .any(1)
        .float()
        .mean()
        .item()
        for share in (0.0, 0.5, 1.0)
    ]
    assert bright[0] == 0 and 0.3 < bright[1] < 0.7 and bright[2] > 0.99


def test_enlarging_keeps_gray_and_repeats_pixels(images):
    gray = torch.full((1, 3, 5, 4), 77, dtype=torch.uint8)
    for mode in ("nearest", "bilinear", "bicubic"):
        assert torch.equal(
            enlarge(gray, 3, mode), gray[:, :, :1, :1].expand(1, 3, 15, 12)
        )
    large = enlarge(images, 2, "nearest")
    assert torch.equal(large[:, :, ::2, ::2], images)
    assert torch.equal(large[:, :, 1::2, 1::2], images)
    assert torch.equal(enlarge(images, 1), images)


@pytest.mark.parametrize(
    "bad, error, words",
    [
        (torch.zeros(1, 3, 8, 8), TypeError, "float32; multiply"),
        (np.zeros((1, 3, 8, 8), np.uint8), TypeError, "uint8 tensor"),
        (torch.zeros(3, 8, 8, dtype=torch.uint8), ValueError, r"image\[None"),
        (torch.zeros(1, 1, 8, 8, dtype=torch.uint8), ValueError, r"\(N, 3"),
        (torch.zeros(1, 3, 0, 8, dtype=torch.uint8), ValueError, r"\(N, 3"),
        (torch.zeros(1, 3, 7, 8, dtype=torch.uint8), ValueError, "multiples"),
    ],
)
def test_bad_pictures(bad, error, words):
    with pytest.raises(error, match=words):
        spoil(bad)


@pytest.mark.parametrize(
    "how, words",
    [
        (Spoiling(quality=(0, 50)), "quality"),
        (Spoiling(quality=(60, 50)), "quality"),
        (Spoiling(quality=(50, 96)), "quality"),
        (Spoiling(scale=0), "scale"),
        (Spoiling(noise=-1), "noise"),
        (Spoiling(number=1.5), "number"),
        (Spoiling(seed=-1), "seed"),
    ],
)
def test_bad_settings(how, words):
    with pytest.raises(ValueError, match=words):
        spoil(torch.zeros(1, 3, 8, 8, dtype=torch.uint8), how)


def test_bad_enlarging():
    image = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    with pytest.raises(ValueError, match="mode must be one of"):
        enlarge(image, 2, "lanczos")
    for scale in (0, 1.5, True):
        with pytest.raises(ValueError, match="whole number"):
            enlarge(image, scale)


def test_bicubic_is_a_fair_rival(images):
    small = images[..., ::2, ::2].contiguous()
    expected = torch.nn.functional.interpolate(
        small.float(), scale_factor=2, mode="bicubic", align_corners=False
    )
    expected = expected.round().clamp(0, 255).to(torch.uint8)
    assert torch.equal(enlarge(small, 2), expected)
    many = small.repeat(9, 1, 1, 1)  # more than pass at a time
    assert torch.equal(enlarge(many, 2), expected.repeat(9, 1, 1, 1))


def test_shrunk_and_enlarged_stands_in_its_place():
    how = Spoiling(quality=(95, 95), noise=0)
    ramp = torch.arange(40, 168, 2).to(torch.uint8)
    ramp = ramp.expand(1, 3, 64, 64).contiguous()
    for picture in (ramp, ramp.mT.contiguous()):
        back = enlarge(spoil(picture, how), 2).int() - picture.int()
        # a shift of half a pixel would be an error of 1 on average
        assert back[..., 8:-8, 8:-8].float().mean().abs() < 0.3


def test_shrinking_averages_what_it_drops():
    board = torch.zeros(1, 3, 32, 32, dtype=torch.uint8)
    board[..., ::2, ::2] = 200
    board[..., 1::2, 1::2] = 200
    small = spoil(board, Spoiling(quality=(95, 95), noise=0))
    assert (small.int() - 100).abs().max() <= 3


@pytest.mark.parametrize(
    "how",
    [
        Spoiling(noise=float("nan")),
        Spoiling(noise=float("inf")),
        Spoiling(quality=(10,)),  # type: ignore[arg-type]
        Spoiling(quality=(10.5, 20)),  # type: ignore[arg-type]
        Spoiling(scale=1.5),  # type: ignore[arg-type]
        Spoiling(scale=True),
        Spoiling(number=float("nan")),
    ],
)
def test_settings_that_are_no_numbers_are_refused(images, how):
    with pytest.raises(ValueError, match=r"whole numbers|must be|expected"):
        spoil(images, how)
