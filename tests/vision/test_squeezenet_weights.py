import io
import os
import pickle

import numpy as np
import pytest
import torch
import torchvision

from sevenlessons.vision.squeezenet_weights import (
    ArrayUnpickler,
    load_squeezenet_state,
)


class Hostile:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "content",
    [
        Hostile(os.system, "touch hacked"),
        Hostile(eval, "open('hacked', 'w')"),
        Hostile(getattr, np.ndarray, "tofile"),
        {"conv1": [Hostile(os.mkdir, "hacked")]},
        np.load,
        np.array([Hostile(os.mkdir, "hacked")], dtype=object),
    ],
    ids=["system", "eval", "getattr", "nested", "numpy function", "object"],
)
@pytest.mark.parametrize("protocol", range(6))
def test_refuses_hostile_pickles(tmp_path, monkeypatch, content, protocol):
    monkeypatch.chdir(tmp_path)
    file = io.BytesIO(pickle.dumps(content, protocol))
    with pytest.raises(pickle.UnpicklingError, match="only numpy arrays"):
        ArrayUnpickler(file).load()
    assert not list(tmp_path.iterdir())


def test_refuses_dotted_names():
    hostile = b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93."
    with pytest.raises(
        pickle.UnpicklingError, match=r"numpy\.ndarray\.tofile"
    ):
        ArrayUnpickler(io.BytesIO(hostile)).load()


@pytest.mark.parametrize("protocol", [2, 3])
def test_reads_arrays(protocol):
    # protocol 2 of this Python asks for codecs; files of ours are protocol 3
    array = np.arange(6, dtype="f4").reshape(2, 3)
    file = io.BytesIO(pickle.dumps({"a": [array]}, protocol))
    if protocol == 2:
        with pytest.raises(pickle.UnpicklingError, match="_codecs"):
            ArrayUnpickler(file).load()
    else:
        assert np.array_equal(ArrayUnpickler(file).load()["a"][0], array)


def plain_arrays(state):
    """Turn torchvision's state into what the file holds."""
    fires = dict(zip([3, 4, 6, 7, 9, 10, 11, 12], range(2, 10), strict=True))
    arrays = {}
    for name in state:
        kind, place, *layer, _ = name.split(".")
        if kind == "classifier":
            ours = "conv10"
        elif place == "0":
            ours = "conv1"
        else:
            inner = layer[0].replace("squeeze", "squeeze1x1")
            ours = f"fire{fires[int(place)]}/{inner}"
        prefix = name.rpartition(".")[0]
        weight = state[f"{prefix}.weight"]
        if ours == "conv1":
            weight = weight.flip(1)
        arrays[ours] = [
            weight.permute(2, 3, 1, 0).numpy(),
            state[f"{prefix}.bias"].numpy(),
        ]
    return arrays


def test_names_and_axes_make_the_round_trip(tmp_path):
    network = torchvision.models.squeezenet1_1()
    expected = network.state_dict()
    file = tmp_path / "squeezenet.pkl"
    file.write_bytes(pickle.dumps(plain_arrays(expected), protocol=3))
    state = load_squeezenet_state(file)
    assert state.keys() == expected.keys()
    assert all(torch.equal(state[name], expected[name]) for name in state)
    network.load_state_dict(state)  # strict
