"""All of MNIST: read where it lies, refused where it does not."""

import pytest
import torch

from sevenlessons.data import mnist
from sevenlessons.data.commands import SourceFailed


def idx(values, *shape):
    """Return an idx file of bytes."""
    head = bytes([0, 0, 8, len(shape)])
    return head + b"".join(n.to_bytes(4) for n in shape) + bytes(values)


def write(folder, digits=(7, 2, 1)):
    folder.mkdir(parents=True, exist_ok=True)
    for name, n in [("train", 3), ("t10k", 2)]:
        pixels = [i % 251 for i in range(n * 784)]
        images = folder / f"{name}-images-idx3-ubyte"
        images.write_bytes(idx(pixels, n, 28, 28))
        labels = folder / f"{name}-labels-idx1-ubyte"
        labels.write_bytes(idx(digits[:n], min(n, len(digits))))
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*arguments):
        raise AssertionError("reached for the network")

    monkeypatch.setattr(mnist, "fetch_with_torchvision", refuse)


@pytest.mark.parametrize("below", ["", "MNIST/raw"])
def test_the_files_are_read_in_both_layouts(tmp_path, below):
    write(tmp_path / below)
    assert mnist.has_mnist(tmp_path)
    images, target = mnist.load("train", tmp_path, download=True)
    assert (images.dtype, target.dtype) == (torch.uint8, torch.int64)
    assert torch.equal(images.flatten().long(), torch.arange(3 * 784) % 251)
    assert target.tolist() == [7, 2, 1]
    assert len(mnist.load("test", tmp_path)[0]) == 2


def test_the_cache_is_looked_at_by_default(tmp_path, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DATA", str(tmp_path))
    assert not mnist.has_mnist()
    write(tmp_path / "MNIST" / "raw")
    assert mnist.has_mnist() and len(mnist.load()[0]) == 3


def test_without_files_it_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="pass download=True if"):
        mnist.load(folder=tmp_path)
    write(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="they are not all there"):
        mnist.load(folder=tmp_path)


def test_a_download_lands_where_it_is_read(tmp_path, monkeypatch):
    def fetch(source, folder, watch):
        assert source.dataset == "MNIST"
        write(folder / "MNIST" / "raw")

    monkeypatch.setattr(mnist, "fetch_with_torchvision", fetch)
    folder = tmp_path / "new"
    assert len(mnist.load("train", folder, download=True)[0]) == 3


def test_a_failed_download_says_so(tmp_path, monkeypatch):
    def fail(*arguments):
        raise SourceFailed("no route to host")

    monkeypatch.setattr(mnist, "fetch_with_torchvision", fail)
    with pytest.raises(FileNotFoundError, match="no route to host; the book"):
        mnist.load(folder=tmp_path, download=True)


@pytest.mark.parametrize("digits", [(7, 2), (7, 2, 10)])
def test_digits_that_do_not_fit_are_refused(tmp_path, digits):
    write(tmp_path, digits)
    with pytest.raises(ValueError, match="as many digits from 0 to 9 as"):
        mnist.load(folder=tmp_path)


def test_another_part_is_refused(tmp_path):
    with pytest.raises(ValueError, match="one of train, test, got 'valid'"):
        mnist.load("valid", tmp_path)
