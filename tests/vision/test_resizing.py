import pytest
import torch
from torch import nn
from torchvision.transforms.v2 import functional as vision

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner
from sevenlessons.vision.resizing import ProgressiveResizing, resize


class Sizes(Callback):
    """Notes the size of each batch and whether pictures are all there."""

    def __init__(self, fail_at=None):
        self.seen, self.fail_at = [], fail_at

    def on_batch_begin(self, learner):
        self.seen.append(learner.batch[0].shape[-1])
        if len(self.seen) == self.fail_at:
            raise RuntimeError("stopped on purpose")


def build(callbacks, seed=0):
    torch.manual_seed(seed)
    images = torch.randint(256, (24, 1, 16, 16)).byte()
    target = torch.randint(3, (24,))
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )
    model.append(nn.Linear(4, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return Learner(
        Bytes(model),
        TensorLoader(images, target, batch_size=12, shuffle=True),
        TensorLoader(images, target, batch_size=12),
        nn.functional.cross_entropy,
        optimizer,
        callbacks=callbacks,
    )


class Bytes(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images):
        return self.model(images.float() / 255)


@pytest.mark.parametrize("size", [3, 7, 14, 20, 40])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_resizes_as_torchvision(size, dtype):
    images = torch.randint(256, (2, 3, 28, 28)).to(dtype)
    theirs = vision.resize(images, [size, size], antialias=True)
    ours = resize(images, size)
    assert ours.dtype == dtype and ours.shape == (2, 3, size, size)
    gap = (ours.double() - theirs.double()).abs().max()
    assert gap <= (1 if dtype == torch.uint8 else 1e-3)  # theirs in integers


def test_the_mean_is_kept_and_same_size_is_the_same():
    images = torch.rand(2, 1, 28, 28)
    assert resize(images, 28) is images
    half = resize(images, 14)
    assert abs(half.mean() - images.mean()) < 0.01


def test_pictures_grow_during_a_fit_and_are_put_back():
    sizes = Sizes()
    learner = build([ProgressiveResizing({0: 4, 2: 8, 3: 16}), sizes])
    images = learner.train_loader.tensors[0]
    learner.fit(5)
    assert sizes.seen == [4] * 4 + [8] * 2 + [16] * 4
    assert learner.train_loader.tensors[0] is images
    sizes.seen.clear()
    learner.fit(1)  # a new fit begins anew
    assert sizes.seen == [4, 4]


def test_before_the_first_epoch_named_pictures_have_full_size():
    sizes = Sizes()
    build([sizes, ProgressiveResizing({1: 8})]).fit(2)
    assert sizes.seen == [16, 16, 8, 8]


def test_pictures_are_put_back_after_an_error():
    learner = build([ProgressiveResizing({0: 4}), Sizes(fail_at=2)])
    images = learner.train_loader.tensors[0]
    with pytest.raises(RuntimeError, match="on purpose"):
        learner.fit(1)
    assert learner.train_loader.tensors[0] is images


def test_full_size_all_the_time_changes_nothing():
    plain = build([])
    ours = build([ProgressiveResizing({0: 16})])
    assert plain.fit(3).steps == ours.fit(3).steps


def test_equals_two_fits_on_two_loaders():
    ours = build([ProgressiveResizing({0: 8, 2: 16})])
    ours.fit(3)
    theirs = build([])
    images, target = theirs.train_loader.tensors
    theirs.train_loader.tensors = (resize(images, 8), target)
    theirs.fit(2)
    theirs.train_loader.tensors = (images, target)
    theirs.fit(1)
    assert ours.history.steps == theirs.history.steps


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: resize(torch.zeros(1, 28, 28), 4), ValueError, "square imag"),
        (lambda: resize(torch.zeros(1, 1, 8, 9), 4), ValueError, "crop them"),
        (lambda: resize(torch.zeros(1, 1, 8, 8), 0), ValueError, "at least 1"),
        (lambda: ProgressiveResizing({}), ValueError, "sizes is empty"),
        (lambda: ProgressiveResizing({-1: 8}), ValueError, "got -1: 8"),
        (lambda: ProgressiveResizing({0: 0}), ValueError, "got 0: 0"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_another_kind_of_loader_is_refused():
    learner = build([ProgressiveResizing({0: 4})])
    learner.train_loader = [learner.train_loader.tensors]
    with pytest.raises(TypeError, match="must be a TensorLoader"):
        learner.fit(1)


def test_parts_are_resized_like_the_whole(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (5, 3, 8, 8), generator=generator).byte()
    whole = resize(images, 5)
    monkeypatch.setattr("sevenlessons.vision.resizing._CHUNK", 2)
    assert torch.equal(resize(images, 5), whole)
    assert resize(images[:0], 5).shape == (0, 3, 5, 5)
