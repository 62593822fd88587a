import datetime
import os
from collections import OrderedDict

import numpy as np
import pytest
import torch
from torch import nn

from sevenlessons.training.storage import load_plain, plain, save_plain


def test_returns_what_was_written(tmp_path):
    value = {
        "weights": OrderedDict(w=torch.arange(3.0)),
        "nested": [1, (2.5, None, True), "text", b"bytes"],
        "dtype": torch.float16,
        3: float("inf"),
    }
    path = tmp_path / "new" / "folder" / "file.pt"
    save_plain(value, path)
    again = load_plain(path)
    assert torch.equal(again["weights"].pop("w"), value["weights"].pop("w"))
    assert again == value


def test_numbers_of_numpy_become_plain(tmp_path):
    save_plain([np.float64(0.1), np.int64(3), np.bool_(True)], tmp_path / "x")
    assert load_plain(tmp_path / "x") == [0.1, 3, True]
    kinds = [type(v) for v in plain([np.float32(0.5), np.float64(0.1)])]
    assert kinds == [float, float]


def test_a_parameter_becomes_a_tensor():
    kept = plain(nn.Linear(1, 1).weight)
    assert type(kept) is torch.Tensor and not kept.requires_grad


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [1, print]}, r"value\['a'\]\[1\] is a builtin_function"),
        ({"a": datetime.date(2020, 1, 1)}, r"value\['a'\] is a date"),
        (np.zeros(3), "value is a ndarray; only plain values"),
    ],
)
def test_refuses_what_could_not_be_read_again(tmp_path, value, message):
    path = tmp_path / "file.pt"
    save_plain(1, path)
    with pytest.raises(TypeError, match=message):
        save_plain(value, path)
    assert load_plain(path) == 1
    assert os.listdir(tmp_path) == ["file.pt"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file.pt"
    save_plain("old", path)

    def disk_full(value, file):
        file.write(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", disk_full)
    with pytest.raises(OSError, match="no space left"):
        save_plain("new", path)
    monkeypatch.undo()
    assert load_plain(path) == "old"
    assert os.listdir(tmp_path) == ["file.pt"]


def test_a_kill_before_the_new_name_leaves_the_old_file(tmp_path, monkeypatch):
    def killed(source, target):
        assert load_plain(source) == [2]  # whole before it takes the name
        raise KeyboardInterrupt

    path = tmp_path / "value.pt"
    save_plain([1], path)
    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        save_plain([2], path)
    assert load_plain(path) == [1]


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*none\.pt"):
        load_plain(tmp_path / "none.pt")


def test_one_changed_bit_is_noticed(tmp_path):
    # torch.load alone returns the wrong numbers without a word
    path = tmp_path / "file.pt"
    save_plain(torch.arange(1000.0), path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"damaged or cut short.*checksum|CRC"
    ):
        load_plain(path)


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04"])
def test_no_such_file_format(tmp_path, content):
    (tmp_path / "x.pt").write_bytes(content)
    with pytest.raises(ValueError, match="is damaged or cut short"):
        load_plain(tmp_path / "x.pt")


def test_code_in_a_file_is_not_run(tmp_path):
    torch.save({"model": nn.Linear(1, 1)}, tmp_path / "model.pt")
    with pytest.raises(ValueError, match="holds more than plain values"):
        load_plain(tmp_path / "model.pt")
