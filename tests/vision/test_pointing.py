import pytest
import torch
from PIL import Image, ImageFilter

from sevenlessons.vision.pointing import (
    PointNet,
    blurred,
    brightest_spot,
    light_stack,
    soft_argmax,
)


def test_blur_is_close_to_pillows(photos):
    light = photos[:1, :1].float().repeat_interleave(4, 2)
    light = light.repeat_interleave(4, 3)
    array = light[0, 0].byte().numpy()
    theirs = Image.fromarray(array).filter(ImageFilter.GaussianBlur(2))
    found = blurred(light, 2.0)[0, 0]
    rows = [list(theirs.crop((0, y, 32, y + 1)).tobytes()) for y in range(32)]
    apart = (found - torch.tensor(rows)).abs()
    assert apart.mean() < 2  # Pillow approximates by boxes


def test_blur_keeps_constants_and_moves_with_the_picture():
    flat = torch.full((1, 2, 9, 12), 3.0)
    torch.testing.assert_close(blurred(flat, 2.5), flat)
    dot = torch.zeros(1, 1, 41, 41)
    dot[0, 0, 15, 22] = 1
    moved = blurred(dot.roll((5, -3), (2, 3)), 2.0)
    expected = blurred(dot, 2.0).roll((5, -3), (2, 3))
    torch.testing.assert_close(moved, expected)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_a_bright_star_loses_against_a_wide_glow(dtype):
    images = torch.zeros(1, 3, 64, 96)
    images[:, :, 10, 10] = 255  # one pixel
    images[:, :, 38:51, 60:73] = 120
    x, y = brightest_spot(images.to(dtype), sigma=4.0)[0].tolist()
    assert abs((x + 1) / 2 * 96 - 66.5) < 1
    assert abs((y + 1) / 2 * 64 - 44.5) < 1


def test_a_stack_does_not_depend_on_exposure():
    images = torch.rand(3, 3, 64, 64) * 0.5
    same = light_stack(images * 1.5 + 0.1)
    torch.testing.assert_close(light_stack(images), same, atol=0.6, rtol=0.4)
    as_bytes = (images * 255).round().byte()
    torch.testing.assert_close(
        light_stack(as_bytes), light_stack(images), atol=0.05, rtol=0
    )
    black = light_stack(torch.zeros(1, 3, 32, 32))
    assert black.abs().max() == 0


def test_soft_argmax_is_argmax_for_sure_scores():
    generator = torch.Generator().manual_seed(0)
    scores = torch.zeros(20, 6, 9)
    cells = torch.randint(54, (20,), generator=generator)
    scores.view(20, 54)[torch.arange(20), cells] = 200
    x, y = soft_argmax(scores).T
    torch.testing.assert_close(x, (cells % 9 * 2 + 1) / 9 - 1)
    torch.testing.assert_close(y, (cells // 9 * 2 + 1) / 6 - 1)


def test_soft_argmax_of_nothing_is_the_middle_and_has_gradients():
    torch.testing.assert_close(
        soft_argmax(torch.zeros(2, 4, 8)), torch.zeros(2, 2)
    )
    scores = torch.rand(2, 3, 4, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda s: soft_argmax(s).float().double(), scores, atol=1e-2
    )


def test_the_network_follows_the_picture():
    """What it finds moves as the picture does, away from the borders."""
    net = PointNet(5, seed=3).eval()
    stack = torch.zeros(1, 5, 32, 32)
    stack[:, :, 12:16, 10:14] = 1.0
    scores = net.scores(stack)
    moved = net.scores(stack.roll((6, 4), (2, 3)))
    expected = scores.roll((6, 4), (1, 2))
    torch.testing.assert_close(moved[:, 8:-2, 8:-2], expected[:, 8:-2, 8:-2])


def test_seed_decides_the_weights():
    stack = torch.rand(2, 5, 8, 8)
    state = torch.get_rng_state()
    first, again, other = (PointNet(5, seed=s).eval() for s in (1, 1, 2))
    assert torch.equal(first(stack), again(stack))
    assert not torch.equal(first(stack), other(stack))
    assert torch.equal(torch.get_rng_state(), state)


def test_messages():
    with pytest.raises(ValueError, match="sigma must be positive, got 0"):
        blurred(torch.zeros(1, 1, 4, 4), 0)
    with pytest.raises(ValueError, match="multiples of grid=16, got 30 x 32"):
        light_stack(torch.zeros(1, 3, 30, 32))
    with pytest.raises(ValueError, match=r"\(N, h, w\), got \(2, 3\)"):
        soft_argmax(torch.zeros(2, 3))
