import numpy as np
import pytest
import torch

from sevenlessons.data import digits
from sevenlessons.data.cache import is_present


def write(folder, table):
    folder.mkdir(exist_ok=True)
    np.savetxt(folder / "mnist_5k.csv", table, "%d", ",")


@pytest.fixture
def folder(tmp_path):
    table = np.zeros((5000, 785), np.int64)
    table[:, -1] = np.repeat(np.arange(10), 500)
    table[:, 29] = np.arange(5000) % 256  # row 1, column 1
    home = tmp_path / "mnist_5k"
    write(home, table)
    return home


def test_images_and_digits_in_the_order_of_the_file(folder, monkeypatch):
    images, numbers = digits.load(folder)
    assert (images.dtype, numbers.dtype) == (torch.uint8, torch.int64)
    assert images.shape == (5000, 28, 28)
    assert torch.equal(images[:, 1, 1], (torch.arange(5000) % 256).byte())
    assert images.sum() == images[:, 1, 1].sum()
    assert torch.equal(numbers, torch.arange(10).repeat_interleave(500))
    monkeypatch.setattr(digits, "_read", None)  # kept: not read again
    assert torch.equal(digits.load(folder)[0], images)


def test_another_file_is_refused(folder):
    table = np.zeros((5000, 785), int)
    cases = [table[:10], table, table[:, :5]]
    for case in cases:
        write(folder, case)
        with pytest.raises(ValueError, match="expected 5000 rows of 784 pix"):
            digits.load(folder)
    table[:, -1] = np.repeat(np.arange(10), 500)
    table[7, 7] = 256
    write(folder, table)
    with pytest.raises(ValueError, match="delete it, and it is fetched agai"):
        digits.load(folder)


@pytest.mark.skipif(
    not is_present("mnist_5k"),
    reason="the digits are not in the cache: "
    "python -m sevenlessons data mnist_5k",
)
def test_the_real_digits():
    images, numbers = digits.load()
    assert numbers.bincount().tolist() == [500] * 10
    assert 30 < images.float().mean() < 37  # MNIST: 33.3
