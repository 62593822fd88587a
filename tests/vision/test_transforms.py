import copy

import pytest
import torch

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision import transforms
from sevenlessons.vision.augment import (
    Dihedral,
    HorizontalFlip,
    RandomResizedCrop,
    Rotate,
    Zoom,
)
from sevenlessons.vision.lighting import Brightness
from sevenlessons.vision.transforms import Compose, Transform, draw


def test_draw_stays_between_and_spreads():
    values = draw(1000, -2.0, 3.0, torch.Generator().manual_seed(0))
    assert values.min() >= -2 and values.max() <= 3
    assert values.mean().item() == pytest.approx(0.5, abs=0.15)


def test_geometry_in_a_row_is_sampled_once(photos, monkeypatch):
    calls = []
    sample = transforms.sample
    monkeypatch.setattr(
        transforms, "sample", lambda *a: calls.append(1) or sample(*a)
    )
    moves = [HorizontalFlip(), Rotate(10), Zoom(1.2)]
    Compose([*moves, Brightness(0.2), Rotate(5)])(photos)
    assert len(calls) == 2


def test_exact_moves_in_one_equal_the_same_one_by_one(photos):
    """Flips and quarter turns blur nothing, so order can be compared."""
    moves = [HorizontalFlip(), Dihedral(), HorizontalFlip(), Dihedral()]
    together = Compose(moves)(photos, torch.Generator().manual_seed(3))
    generator, alone = torch.Generator().manual_seed(3), photos
    for move in moves:
        alone = move(alone, generator)
    assert torch.equal(together, alone)


def test_later_moves_see_the_result_of_earlier_ones(photos):
    """A crop then a zoom: the zoom is about the middle of the crop."""
    crop = RandomResizedCrop(0.25, 1.0, size=4)
    both = [crop, HorizontalFlip(p=1.0)]
    result = Compose(both)(photos, torch.Generator().manual_seed(0))
    first = crop(photos, torch.Generator().manual_seed(0))
    assert result.shape == (10, 3, 4, 4)
    difference = (result.int() - first.flip(3).int()).abs()
    assert difference.max() <= 1  # rounding of places


def test_seeds(photos):
    moves = [Rotate(20), Brightness(0.3)]
    first, second, other = (Compose(moves, seed=s) for s in (1, 1, 2))
    result = first(photos)
    assert torch.equal(result, second(photos))
    assert not torch.equal(result, other(photos))
    assert not torch.equal(result, first(photos))  # goes on, not again
    state = torch.random.get_rng_state()
    first(photos)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_given_generator_wins_and_a_copy_continues_alike(photos):
    transform = Rotate(20, seed=5)
    generators = [torch.Generator().manual_seed(9) for _ in range(2)]
    first, second = (transform(photos, g) for g in generators)
    assert torch.equal(first, second)
    twin = copy.deepcopy(transform)
    assert torch.equal(twin(photos), transform(photos))


def test_no_transform_gives_a_copy(photos):
    result = Compose([])(photos)
    assert torch.equal(result, photos)
    assert result.data_ptr() != photos.data_ptr()


def test_serves_as_transform_of_a_loader(photos):
    target = torch.arange(10)
    loaders = [
        TensorLoader(
            photos,
            target,
            batch_size=4,
            seed=7,
            transform=Compose([Rotate(20), Brightness(0.2)]),
        )
        for _ in range(2)
    ]
    for (a, i), (b, j) in zip(*loaders, strict=True):
        assert a.dtype == torch.uint8
        assert torch.equal(a, b) and torch.equal(i, j)


def test_messages(photos):
    with pytest.raises(ValueError, match=r"got \(3, 8, 8\); add a batch axis"):
        Rotate()(photos[0])
    with pytest.raises(TypeError, match=r"got torch.int32; convert with"):
        Rotate()(photos.int())
    with pytest.raises(TypeError, match="at place 1; write Rotate"):
        Compose([Zoom(), Rotate])
    with pytest.raises(NotImplementedError):
        Transform()(photos)
