import copy
import io
import math

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.data.images import images_to_tensor
from sevenlessons.deploy.inference import (
    photos_to_tensor,
    prepare,
    probabilities_of,
)
from sevenlessons.vision.small_cnn import SmallCNN


def cubic(x, a=-0.5):
    x = abs(x)
    if x < 1:
        return ((a + 2) * x - (a + 3)) * x * x + 1
    if x < 2:
        return (((x - 5) * x + 8) * x - 4) * a
    return 0.0


def resize_rows(pixels, size):
    """Bring axis 1 of bytes to `size`, by the rule in words alone."""
    n = pixels.shape[1]
    if n == size:
        return pixels
    scale = n / size
    wide = max(scale, 1.0)
    out = np.empty((pixels.shape[0], size, pixels.shape[2]), dtype=np.uint8)
    for i in range(size):
        c = (i + 0.5) * scale
        first = max(0, int(c - 2 * wide + 0.5))
        last = min(n, int(c + 2 * wide + 0.5))
        w = [cubic((k + 0.5 - c) / wide) for k in range(first, last)]
        total = sum(w)
        fixed = [
            math.floor(abs(v / total) * 2**22 + 0.5) * (1 if v >= 0 else -1)
            for v in w
        ]
        part = pixels[:, first:last].astype(np.int64)
        sums = (part * np.array(fixed)[None, :, None]).sum(1)
        out[:, i] = np.clip((sums + 2**21) >> 22, 0, 255)
    return out


@pytest.mark.parametrize("height, width", [(37, 53), (7, 9), (200, 16)])
def test_the_rule_in_words_is_enough_to_write_it_again(noise, height, width):
    pixels = noise(height, width, 3).numpy()
    flat = resize_rows(pixels, 16)
    square = resize_rows(flat.transpose(1, 0, 2), 16).transpose(2, 1, 0)
    theirs = photos_to_tensor([Image.fromarray(pixels)], 16)[0]
    assert torch.equal(theirs, torch.from_numpy(square.copy()))


def test_gray_by_the_rule_in_words(noise):
    pixels = noise(28, 28, 3)
    weights = torch.tensor([19595, 38470, 7471])
    gray = ((pixels.long() * weights).sum(2) + 32768) >> 16
    theirs = photos_to_tensor([Image.fromarray(pixels.numpy())], 28, mode="L")
    assert torch.equal(theirs[0, 0].long(), gray)


def test_paths_bytes_and_pillow_are_one_picture(photo):
    buffer = io.BytesIO()
    image = Image.open(photo)
    image.save(buffer, "PNG")
    same = photos_to_tensor([photo, str(photo), buffer.getvalue(), image], 24)
    assert all(torch.equal(same[0], other) for other in same)
    assert torch.equal(same[:1], images_to_tensor([photo], 24))
    image.close()


def test_a_turned_photo_is_upright_from_pillow_too(photo, tmp_path):
    image = Image.open(photo)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.png", exif=exif)
    image.close()
    with Image.open(tmp_path / "turned.png") as opened:
        both = photos_to_tensor([tmp_path / "turned.png", opened], 24)
    assert torch.equal(*both)
    assert not torch.equal(both[0], photos_to_tensor([photo], 24)[0])


def test_one_view_is_the_softmax_of_the_scores(transfer_model, noise):
    model = prepare(SmallCNN(3), fused=True)
    images = noise(5, 1, 28, 28)
    expected = model(images).softmax(1)
    assert torch.equal(probabilities_of(model, images), expected)
    images = noise(5, 3, 32, 32)
    expected = transfer_model(images).softmax(1)
    assert torch.equal(probabilities_of(transfer_model, images), expected)


def test_views_are_averaged(noise):
    model = prepare(SmallCNN(3), fused=False)
    images = noise(4, 1, 28, 28)
    mean = (model(images).softmax(1) + model(images.flip(3)).softmax(1)) / 2
    got = probabilities_of(model, images, [0, 4])
    torch.testing.assert_close(got, mean)


def test_fused_is_the_same_up_to_rounding(transfer_model, noise):
    fused = prepare(copy.deepcopy(transfer_model), fused=True)
    images = noise(4, 3, 32, 32)
    ours = probabilities_of(fused, images)
    torch.testing.assert_close(
        ours, probabilities_of(transfer_model, images), rtol=0, atol=1e-4
    )
    assert not any(p.requires_grad for p in fused.parameters())
