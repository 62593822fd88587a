"""A generator of pictures as plain numbers, small enough for a page.

`export_layers` writes an `nn.Sequential` as a list that a script can read:
what each layer does, its shape, its weights in eight bits. `run_layers` does
with the list what the script does, so that Python can judge what the rounding
costs.
"""

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["export_layers", "run_layers"]

Described: TypeAlias = dict[str, Any]

_SIMPLE = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.Sigmoid: "sigmoid"}
_ENOUGH = 127  # the largest number of eight bits with a sign


def export_layers(generator: nn.Sequential) -> list[Described]:
    """Return the layers of a generator as JSON can hold them.

    Each output channel's weights are rounded to 255 steps between minus and
    plus its largest one; biases and norms keep their digits. Norms are taken
    as they are in eval mode.

    Parameters
    ----------
    generator
        Of `Linear`, `Unflatten`, `ConvTranspose2d`, `Conv2d`, `Upsample`
        (nearest), batch norms, `ReLU`, `LeakyReLU`, `Sigmoid` and `Tanh`;
        parts that are an `nn.Sequential` are taken apart.

    Raises
    ------
    ValueError
        If a layer is of another kind, or has a setting that the script does
        not know.

    Examples
    --------
    >>> from sevenlessons.page.generator_export import export_layers
    >>> layers = export_layers(nn.Sequential(nn.Linear(2, 3), nn.ReLU()))
    >>> [layer["does"] for layer in layers]
    ['linear', 'relu']

    """
    layers: list[Described] = []
    for layer in generator:
        if isinstance(layer, nn.Sequential):
            layers += export_layers(layer)
        else:
            layers.append(_described(layer))
    return layers


@torch.no_grad()
def run_layers(layers: Sequence[Described], noise: Tensor) -> Tensor:
    """Return the pictures that the exported layers make.

    Parameters
    ----------
    layers
        From `export_layers`.
    noise
        Shape ``(N, Z)``, or whatever the first layer takes.

    Examples
    --------
    >>> from sevenlessons.page.generator_export import export_layers
    >>> from sevenlessons.page.generator_export import run_layers
    >>> generator = nn.Sequential(nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2)))
    >>> run_layers(export_layers(generator), torch.rand(5, 2)).shape
    torch.Size([5, 1, 2, 2])

    """
    x = noise
    for layer in layers:
        x = _RUN[layer["does"]](x, layer)
    return x


def _described(layer: nn.Module) -> Described:
    for kind, does in _SIMPLE.items():
        if isinstance(layer, kind):
            return {"does": does}
    if isinstance(layer, nn.LeakyReLU):
        return {"does": "leaky", "slope": layer.negative_slope}
    if isinstance(layer, nn.Unflatten):
        return {"does": "shape", "shape": list(layer.unflattened_size)}
    if isinstance(layer, nn.Linear):
        return {"does": "linear"} | _weights(layer.weight, layer.bias)
    if isinstance(layer, nn.Upsample):
        if layer.mode != "nearest" or layer.scale_factor != 2:
            raise ValueError(
                "expected Upsample(scale_factor=2, mode='nearest'), got "
                f"{layer}"
            )
        return {"does": "double"}
    if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
        return _norm(layer)
    if isinstance(layer, nn.ConvTranspose2d | nn.Conv2d):
        return _convolution(layer)
    raise ValueError(
        f"the script knows no {type(layer).__name__}; build the generator of "
        "Linear, Unflatten, ConvTranspose2d, Conv2d, Upsample, batch norms, "
        "ReLU, LeakyReLU, Sigmoid and Tanh"
    )


def _norm(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> Described:
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError(
            "a batch norm without running statistics needs a whole batch; "
            "use track_running_stats=True"
        )
    gain = norm.weight if norm.affine else torch.ones_like(norm.running_var)
    shift = norm.bias if norm.affine else torch.zeros_like(norm.running_var)
    scale = gain * (norm.running_var + norm.eps).rsqrt()
    moved = shift - scale * norm.running_mean
    return {"does": "scale", "by": _digits(scale), "plus": _digits(moved)}


def _convolution(layer: nn.ConvTranspose2d | nn.Conv2d) -> Described:
    up = isinstance(layer, nn.ConvTranspose2d)
    stride, padding = layer.stride[0], layer.padding[0]
    plain = (
        layer.groups == 1
        and layer.dilation == (1, 1)
        and layer.stride == (stride, stride)
        and layer.padding == (padding, padding)
        and layer.kernel_size[0] == layer.kernel_size[1]
        and (layer.padding_mode == "zeros")
        and set(layer.output_padding) == {0}
    )
    if not plain or isinstance(padding, str):
        raise ValueError(
            "the script knows convolutions with square kernels, one stride, "
            "padding in numbers, without groups and dilation; got "
            f"{layer}"
        )
    weight = layer.weight.transpose(0, 1) if up else layer.weight
    return {
        "does": "grow" if up else "convolve",
        "stride": int(stride),
        "padding": int(padding),
    } | _weights(weight, layer.bias)  # outputs first, for both


def _weights(weight: Tensor, bias: Tensor | None) -> Described:
    """Return weights in eight bits: a step for each output, then bytes."""
    weight = weight.detach().cpu().float()
    step = weight.flatten(1).abs().amax(dim=1) / _ENOUGH
    step = torch.where(step > 0, step, torch.ones_like(step))
    shape = (-1,) + (1,) * (weight.ndim - 1)
    whole = (weight / step.view(shape)).round().to(torch.int8)
    if bias is None:
        bias = torch.zeros(len(weight))
    return {
        "size": list(weight.shape),
        "step": _digits(step),
        "bytes": base64.b64encode(whole.numpy().tobytes()).decode("ascii"),
        "bias": _digits(bias),
    }


def _digits(numbers: Tensor) -> list[float]:
    return [float(f"{n:.6g}") for n in numbers.detach().cpu().tolist()]


def _weight_of(layer: Described) -> Tensor:
    raw = bytearray(base64.b64decode(layer["bytes"]))
    whole = torch.frombuffer(raw, dtype=torch.int8).view(layer["size"])
    step = torch.tensor(layer["step"])
    return whole * step.view((-1,) + (1,) * (whole.ndim - 1))


def _convolved(x: Tensor, layer: Described) -> Tensor:
    bias = torch.tensor(layer["bias"])
    options = {"stride": layer["stride"], "padding": layer["padding"]}
    if layer["does"] == "grow":
        weight = _weight_of(layer).transpose(0, 1)
        return F.conv_transpose2d(x, weight, bias, **options)
    return F.conv2d(x, _weight_of(layer), bias, **options)


def _scaled(x: Tensor, layer: Described) -> Tensor:
    shape = (-1,) + (1,) * (x.ndim - 2)
    by, plus = (torch.tensor(layer[k]).view(shape) for k in ("by", "plus"))
    return x * by + plus


_RUN: dict[str, Callable[[Tensor, Described], Tensor]] = {
    "relu": lambda x, layer: x.relu(),
    "tanh": lambda x, layer: x.tanh(),
    "sigmoid": lambda x, layer: x.sigmoid(),
    "leaky": lambda x, layer: F.leaky_relu(x, layer["slope"]),
    "shape": lambda x, layer: x.unflatten(1, layer["shape"]),
    "linear": lambda x, layer: F.linear(
        x, _weight_of(layer), torch.tensor(layer["bias"])
    ),
    "double": lambda x, layer: F.interpolate(x, scale_factor=2),
    "scale": _scaled,
    "grow": _convolved,
    "convolve": _convolved,
}
