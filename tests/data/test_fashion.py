import pytest
import torch

from sevenlessons.data import fashion
from sevenlessons.data.cache import is_present


def idx(values, *shape):
    """Return an idx file of bytes."""
    head = bytes([0, 0, 8, len(shape)])
    return head + b"".join(n.to_bytes(4) for n in shape) + bytes(values)


@pytest.fixture
def folder(tmp_path):
    for name, n in [("train", 3), ("t10k", 2)]:
        pixels = [i % 251 for i in range(n * 784)]
        images = tmp_path / f"{name}-images-idx3-ubyte"
        images.write_bytes(idx(pixels, n, 28, 28))
        labels = tmp_path / f"{name}-labels-idx1-ubyte"
        labels.write_bytes(idx(range(9, 9 - n, -1), n))
    return tmp_path


def test_pictures_and_classes_in_the_order_of_the_file(folder):
    images, target = fashion.load(folder=folder)
    assert (images.dtype, target.dtype) == (torch.uint8, torch.int64)
    assert torch.equal(images.flatten().long(), torch.arange(3 * 784) % 251)
    assert images.shape == (3, 28, 28)
    assert target.tolist() == [9, 8, 7]
    assert len(fashion.load("test", folder)[0]) == 2


def test_what_is_loaded_may_be_changed(folder):
    images, _ = fashion.load("test", folder)
    images[:] = 0  # not a view of a read-only file
    assert fashion.load("test", folder)[0].any()


def test_another_part_is_refused():
    with pytest.raises(ValueError, match="one of train, test, got 'valid'"):
        fashion.load("valid")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        idx([1, 2, 3], 3)[:-1],
        idx([1, 2, 3], 3) + b"x",
        idx([1, 2, 3, 4], 2, 2),
        b"\0\0\x0d\1" + idx([1, 2, 3], 3)[4:],
    ],
)
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "labels"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="expected a header 00000801"):
        fashion.read_idx(path, 1)


@pytest.mark.parametrize("labels", [[9, 8], [9, 10, 7]])
def test_labels_that_do_not_fit_are_refused(folder, labels):
    path = folder / "train-labels-idx1-ubyte"
    path.write_bytes(idx(labels, len(labels)))
    with pytest.raises(ValueError, match="as many labels as pictures, fro"):
        fashion.load(folder=folder)


@pytest.mark.skipif(
    not is_present("fashion_mnist"),
    reason="Fashion-MNIST is not in the cache: "
    "python -m sevenlessons data fashion_mnist",
)
def test_the_real_pictures():
    images, target = fashion.load()
    assert images.shape == (60_000, 28, 28)
    assert target.bincount().tolist() == [6000] * 10
    assert fashion.CLASSES[target[0]] == "ankle boot"
    assert 72 < images.float().mean() < 74
    assert fashion.load("test")[1].bincount().tolist() == [1000] * 10


def test_a_missing_file_and_an_empty_one(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="leave the folder out"):
        fashion.load("test", tmp_path / "none")
    for name, axes in (("images-idx3", 3), ("labels-idx1", 1)):
        content = bytes([0, 0, 8, axes]) + bytes(4 * axes)
        (tmp_path / f"t10k-{name}-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match="got 0 pictures and 0 labels"):
        fashion.load("test", tmp_path)
