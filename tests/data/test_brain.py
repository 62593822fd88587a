import struct

import numpy as np
import pytest
import torch

from sevenlessons.data import brain
from sevenlessons.data.cache import is_present

needs_brain = pytest.mark.skipif(
    not is_present("brain_mri"),
    reason="fetch with python -m sevenlessons data brain_mri",
)


@pytest.fixture(scope="module")
def volumes():
    return brain.load()


def dice(predicted, truth, label):
    one, other = predicted == label, truth == label
    return (2 * (one & other).sum() / (one.sum() + other.sum())).item()


@needs_brain
def test_front_is_up_and_slices_go_from_bottom_to_top(volumes):
    scan, gray, white = volumes
    for part in volumes:
        assert part.shape == (189, 233, 197) and part.dtype == torch.uint8
    filled = (scan > 0).float().mean((1, 2))
    assert filled[60] > 0.3 > filled[150]  # the crown is narrow
    halves = scan.flip(2).float() - scan.float()
    assert halves.abs().mean() < 1  # both sides are averaged to one
    # the cerebellum lies low and at the back: matter there, none in front
    low = (gray > 127)[20].nonzero()[:, 0].float().mean()
    assert low > 233 / 2
    assert white.max() == 255


@needs_brain
def test_classes_and_void(volumes):
    _, gray, white = volumes
    masks = brain.label_pixels(gray, white)
    with_void = brain.label_pixels(gray, white, void=True)
    assert masks.unique().tolist() == [0, 1, 2]
    assert with_void.unique().tolist() == [0, 1, 2, brain.VOID]
    void = with_void == brain.VOID
    assert (masks[void] == 0).all()
    assert torch.equal(masks[~void], with_void[~void])
    assert torch.equal(masks, masks.flip(2))  # averaged with its mirror image
    assert len(brain.CLASSES) == 3


@needs_brain
def test_the_lookup_scores_what_was_measured_before(volumes):
    """The split and the figures of the book's data notes."""
    scan, gray, white = volumes
    masks = brain.label_pixels(gray, white)
    train, judged, _ = brain.slab_split(
        140, period=64, valid=16, gap=4
    )  # other slabs than those notes: near, not equal
    scores = {}
    for name, picture in [("clean", scan), ("poor", brain.degraded(scan))]:
        x, y = brain.trim(picture), brain.trim(masks)
        counts = torch.stack(
            [
                x[train][y[train] == c].int().bincount(minlength=256)
                for c in range(3)
            ]
        )
        answer = counts.argmax(0)[x[judged].int()]
        scores[name] = [dice(answer, y[judged], c) for c in (1, 2)]
    assert scores["clean"] == pytest.approx([0.965, 0.961], abs=0.02)
    assert scores["poor"] == pytest.approx([0.834, 0.734], abs=0.05)


@needs_brain
def test_trimming_loses_only_slices_with_hardly_any_brain(volumes):
    _, gray, white = volumes
    masks = brain.label_pixels(gray, white)
    kept = brain.trim(masks)
    assert kept.shape == (140, 192, 160)
    assert torch.equal((kept > 0).sum((1, 2)), (masks[10:150] > 0).sum((1, 2)))
    assert ((masks[10:150] > 0).float().mean((1, 2)) > 0.02).all()
    rest = torch.cat([masks[:10], masks[150:]])
    assert ((rest > 0).float().mean((1, 2)) <= 0.02).all()


def small_scan(seed=0):
    drawn = torch.randint(0, 200, (5, 7, 6))
    return drawn.to(torch.uint8)


def test_the_poor_scan_is_brightness_times_a_field_plus_noise():
    scan = small_scan()
    poor = brain.degraded(scan, noise=3.0, shading=0.2, seed=4)
    volume = scan.flip(1).permute(2, 1, 0).numpy()
    x, y, z = (np.linspace(-1, 1, n) for n in volume.shape)
    noise = np.random.default_rng(4).normal(0, 3.0, volume.shape)
    for i, j, k in [(0, 0, 0), (5, 6, 4), (2, 3, 1), (4, 1, 3)]:
        wave = (
            np.sin(2.5 * x[i] + 0.7)
            + np.cos(2 * y[j] - 0.4)
            + np.sin(2 * z[k] + y[j])
        )
        value = volume[i, j, k] * (1 + 0.2 * wave / 3) + noise[i, j, k]
        expected = int(np.clip(value, 0, 255))
        assert poor[k, 6 - j, i] == expected


def test_the_seed_decides_the_noise_and_no_noise_is_none():
    scan = small_scan()
    assert torch.equal(brain.degraded(scan), brain.degraded(scan))
    other = brain.degraded(scan, seed=1)
    assert not torch.equal(brain.degraded(scan), other)
    assert torch.equal(brain.degraded(scan, noise=0.0, shading=0.0), scan)


@pytest.mark.parametrize("count", [140, 97, 33])
@pytest.mark.parametrize(
    ("period", "valid", "gap"), [(20, 4, 4), (32, 8, 6), (9, 1, 3)]
)
def test_no_slice_to_learn_from_is_near_one_that_judges(
    count, period, valid, gap
):
    train, judged, slab = brain.slab_split(
        count, period=period, valid=valid, gap=gap
    )
    apart = (train[:, None] - judged[None]).abs().min()
    assert apart == gap + 1
    assert len(slab) == len(judged)
    for number in slab.unique():
        rows = judged[slab == number]
        assert torch.equal(rows, torch.arange(rows[0], rows[0] + len(rows)))
        assert len(rows) <= valid


def test_the_book_s_split():
    train, judged, slab = brain.slab_split(140)
    assert (len(train), len(judged), len(slab.unique())) == (56, 28, 7)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: brain.slab_split(140, period=10, valid=4, gap=3),
            ValueError,
            r"need valid \+ 2 \* gap < period",
        ),
        (
            lambda: brain.slab_split(3, period=20),
            ValueError,
            "3 slices are too few",
        ),
        (
            lambda: brain.trim(torch.zeros(3, 4, 5)),
            ValueError,
            r"whole slices of shape \(189, 233, 197\), got \(3, 4, 5\)",
        ),
        (
            lambda: brain.degraded(torch.zeros(3, 4, 5)),
            ValueError,
            "slices of uint8, .* got torch.float32",
        ),
        (
            lambda: brain.degraded(small_scan(), noise=-1.0),
            ValueError,
            "noise must not be negative, got -1.0",
        ),
        (
            lambda: brain.label_pixels(small_scan(), small_scan()[:2]),
            ValueError,
            r"one shape, got \(5, 7, 6\) and \(2, 7, 6\)",
        ),
        (
            lambda: brain.label_pixels(torch.zeros(2), torch.zeros(2)),
            TypeError,
            "must be uint8 in 0..255, got torch.float32",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def write(path, shape):
    """Write an empty volume of bytes."""
    raw = bytearray(352)
    struct.pack_into("<i", raw, 0, 348)
    struct.pack_into("<8h", raw, 40, 3, *shape, 1, 1, 1, 1)
    struct.pack_into("<2h", raw, 70, 2, 8)
    struct.pack_into("<f", raw, 108, 352.0)
    raw[344:348] = b"n+1\x00"
    path.write_bytes(bytes(raw) + bytes(shape[0] * shape[1] * shape[2]))
    return path


def test_a_volume_of_another_shape_is_refused(tmp_path):
    for name in ("t1.nii", "gm.nii", "wm.nii"):
        write(tmp_path / name, (3, 4, 5))
    with pytest.raises(ValueError, match=r"t1\.nii is not the file this book"):
        brain.load(tmp_path)


def test_a_damaged_volume_is_refused(tmp_path):
    path = write(tmp_path / "t1.nii", (197, 233, 189))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged or was cut short"):
        brain.load(tmp_path)
