"""SqueezeNet's weights out of a pickle, without trusting the pickle.

A pickle is a small program: loading one can run anything. This reader lets
it call the three functions that rebuild a numpy array, and nothing else.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor

__all__ = ["ArrayUnpickler", "load_squeezenet_state"]

# numpy 2 moved `_reconstruct`; old pickles name the old place.
_RECONSTRUCT = np.empty(0).__reduce__()[0]  # type: ignore[index]
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """Unpickle containers, numbers, text and numpy arrays, nothing else.

    Examples
    --------
    >>> import io, pickle
    >>> ArrayUnpickler(io.BytesIO(pickle.dumps({"a": [1.5]}))).load()
    {'a': [1.5]}

    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)

    def find_class(self, module: str, name: str) -> Any:
        """Return what the pickle asks for if it is one of the three."""
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(
                f"the file asks for {module}.{name}; only numpy arrays are "
                f"allowed here. Do not open this file with pickle.load: "
                f"delete it and fetch it again"
            )
        return _ALLOWED[module, name]


def _layer_name(name: str) -> str:
    """Return torchvision's name of a layer.

    Examples
    --------
    >>> _layer_name("conv1"), _layer_name("conv10")
    ('features.0', 'classifier.1')
    >>> _layer_name("fire5/squeeze1x1")
    'features.7.squeeze'

    """
    if "/" not in name:
        return {"conv1": "features.0", "conv10": "classifier.1"}[name]
    fire, layer = name.split("/")
    # torchvision counts all layers: poolings stand before fire 2, 4 and 6
    place = {2: 3, 3: 4, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11, 9: 12}[int(fire[4:])]
    return f"features.{place}.{layer.replace('squeeze1x1', 'squeeze')}"


def load_squeezenet_state(path: Path | str) -> dict[str, Tensor]:
    """Return SqueezeNet 1.1's weights under torchvision's names.

    The network was trained on blue, green, red; the filters of the first
    layer are turned around, so that the result takes red, green, blue.

    Parameters
    ----------
    path
        The pickle: a dictionary ``{layer: [weight, bias]}`` whose weights
        have the shape (height, width, in, out).

    Returns
    -------
    dict
        For ``torchvision.models.squeezenet1_1().load_state_dict``. Pictures
        go in as bytes minus (123, 117, 104), red first.

    """
    with Path(path).open("rb") as file:
        arrays = ArrayUnpickler(file).load()
    state = {}
    for name, (weight, bias) in arrays.items():
        layer = _layer_name(name)
        # (H, W, in, out) -> (out, in, H, W)
        state[f"{layer}.weight"] = torch.tensor(weight).permute(3, 2, 0, 1)
        state[f"{layer}.bias"] = torch.tensor(bias)
    first = state["features.0.weight"]
    state["features.0.weight"] = first.flip(1)  # BGR -> RGB
    return {name: value.contiguous() for name, value in state.items()}
