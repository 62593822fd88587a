"""Numbers about the outputs of layers, taken at each training step.

A loss says that a training goes wrong; what the layers put out says where.
`watched` writes down mean, spread, silent units and a histogram of each layer
while any code trains the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from .hooks import hooked

__all__ = ["ActivationTrace", "dead_share", "watched"]


@dataclass
class ActivationTrace:
    """What one layer put out, a number each time it ran in training.

    Parameters
    ----------
    mean, std
        Over all outputs of the run; NaN if one is NaN.
    dead
        Share of the units that gave nothing above zero for any sample; a
        unit that gave NaN counts as alive.
    histogram
        A row of counts a run, over `limits`; what lies outside is counted
        in the bin at the edge. NaN is in no bin: counts that add up to less
        than the outputs tell of it.
    limits
        Lower end of the first bin, upper end of the last.

    """

    mean: list[float] = field(default_factory=list)
    std: list[float] = field(default_factory=list)
    dead: list[float] = field(default_factory=list)
    histogram: list[Tensor] = field(default_factory=list)
    limits: tuple[float, float] = (0.0, 1.0)


@contextmanager
def watched(
    layers: Mapping[str, nn.Module],
    *,
    bins: int = 40,
    limits: tuple[float, float] = (-4.0, 4.0),
) -> Iterator[dict[str, ActivationTrace]]:
    """Trace what the layers put out in every training step of the block.

    A run of a layer that is in eval mode, as in a validation, is passed over.

    Parameters
    ----------
    layers
        Names and modules; each must give one tensor of shape (N, units, ...).
    bins
        Bins of the histograms, at least 1.
    limits
        Where the histograms begin and end.

    Yields
    ------
    dict
        An `ActivationTrace` for each name, which grows run by run: a layer
        that is used twice a step adds two numbers.

    Raises
    ------
    ValueError
        If there is no bin, or the limits are not in order.
    TypeError
        As `hooked`; and in the forward pass, if a layer gives no tensor.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> with watched({"relu": net[1]}) as traces:
    ...     for _ in range(5):
    ...         _ = net(torch.randn(8, 2))
    >>> len(traces["relu"].mean), traces["relu"].histogram[0].shape
    (5, torch.Size([40]))

    """
    low, high = limits
    if bins < 1 or not low < high:
        raise ValueError(
            f"expected at least one bin and limits (low, high) with low < "
            f"high, got {bins} bins and {limits}"
        )

    def see(name: str, layer: nn.Module, output: Tensor) -> None:
        if not layer.training:
            return
        if not isinstance(output, Tensor) or output.ndim < 2:
            what = getattr(output, "shape", type(output).__name__)
            raise TypeError(
                f"layer {name!r} must give one tensor of shape (N, units, "
                f"...), got {what}; watch a layer inside of it"
            )
        values, trace = output.detach().float(), traces[name]
        spread, mean = torch.std_mean(values, correction=0)
        trace.mean.append(mean.item())
        trace.std.append(spread.item())
        trace.dead.append(dead_share(values))
        flat = values[~values.isnan()].clamp(low, high).cpu()
        trace.histogram.append(torch.histc(flat, bins, low, high))

    traces = {name: ActivationTrace(limits=limits) for name in layers}
    with hooked(layers, see):
        yield traces


def dead_share(output: Tensor) -> float:
    """Return the share of units that give nothing above zero in a batch.

    NaN is not silent: a unit that gives it counts as alive.

    Parameters
    ----------
    output
        Shape (N, units) or (N, channels, h, w): a channel is a unit.

    Raises
    ------
    ValueError
        If there is no axis of units, or no sample.

    Examples
    --------
    >>> dead_share(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    0.5

    """
    if output.ndim < 2 or not output.numel():
        raise ValueError(
            f"expected outputs of shape (N, units, ...) with N at least 1, "
            f"got {tuple(output.shape)}"
        )
    alive = (~(output <= 0)).transpose(0, 1).flatten(1).any(dim=1)
    return 1 - alive.float().mean().item()
