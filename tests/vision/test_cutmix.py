import pytest
import torch
from torchvision.transforms import v2

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision.cutmix import CutMix, paste


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_equals_torchvision_for_a_given_box():
    images = torch.rand(6, 3, 8, 10, generator=generator())
    target = torch.tensor([0, 1, 2, 3, 4, 0])
    left, top, right, bottom = 2, 1, 9, 6
    share = 1 - (right - left) * (bottom - top) / 80
    settings = {
        "box": (left, top, right, bottom),
        "lam_adjusted": share,
        "labels": target,
        "batch_size": 6,
    }
    theirs = v2.CutMix(num_classes=5)
    boxes = torch.tensor([[top, left, bottom, right]]).repeat(6, 1)
    found, rest = paste(images, images.roll(1, 0), boxes)
    assert torch.equal(found, theirs.transform(images, settings))
    assert torch.allclose(rest, torch.full((6,), share))


def test_the_target_counts_the_pixels_that_were_pasted():
    # the picture of class k is k everywhere: its pixels tell the target
    target = torch.randint(5, (200,), generator=generator(1))
    images = target.float()[:, None, None, None].expand(200, 1, 9, 7)
    mixed, rows = CutMix(5)(images, target, generator())
    for kind in range(5):
        found = (mixed == kind).float().mean((1, 2, 3))
        assert torch.allclose(rows[:, kind], found, atol=1e-6)
    assert torch.allclose(rows.sum(1), torch.ones(200))
    shares = rows[torch.arange(200), target]
    assert bool((shares < 1).any())
    assert bool((shares > 0).any())


def test_the_pasted_box_stays_in_its_place():
    images = torch.arange(4.0).view(2, 1, 1, 2).repeat(1, 1, 2, 1)
    boxes = torch.tensor([[0, 1, 2, 2], [0, 0, 0, 0]])
    found, rest = paste(images, images.flip(0), boxes)
    assert found[0, 0].tolist() == [[0.0, 3.0], [0.0, 3.0]]
    assert torch.equal(found[1], images[1])
    assert rest.tolist() == [0.5, 1.0]


def test_bytes_stay_bytes_and_the_input_stays():
    images = torch.randint(256, (8, 3, 6, 6), dtype=torch.uint8)
    before = images.clone()
    mixed, _ = CutMix(4)(images, torch.arange(8) % 4, generator())
    assert mixed.dtype == torch.uint8
    assert torch.equal(images, before)


def test_the_same_seed_gives_the_same_batch():
    images, target = torch.rand(8, 1, 6, 6), torch.arange(8) % 4
    one, other = (CutMix(4)(images, target, generator(3)) for _ in range(2))
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])


def test_a_loader_takes_it():
    images, target = torch.rand(20, 1, 6, 6), torch.arange(20) % 4
    loader = TensorLoader(images, target, batch_size=8, paired=CutMix(4))
    assert [tuple(t.shape) for _, t in loader] == [(8, 4), (8, 4), (4, 4)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: CutMix(1), "at least 2, got 1"),
        (lambda: CutMix(4, alpha=-1), "above 0 and finite, got -1"),
        (
            lambda: CutMix(4)(
                torch.zeros(2, 6, 6), torch.tensor([0, 1]), generator()
            ),
            r"\(N, C, H, W\), got \(2, 6, 6\); add a channel",
        ),
        (
            lambda: paste(
                torch.zeros(2, 1, 2, 2),
                torch.zeros(2, 1, 2, 3),
                torch.zeros(2, 4),
            ),
            "two batches of one shape",
        ),
        (
            lambda: paste(
                torch.zeros(2, 1, 2, 2),
                torch.zeros(2, 1, 2, 2),
                torch.zeros(1, 4),
            ),
            r"boxes of shape \(2, 4\), one a picture, got \(1, 4\)",
        ),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()
