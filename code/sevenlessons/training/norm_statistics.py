"""Measure anew what batch norms remember, once the weights stand still.

In training a batch norm uses the mean and variance of the batch in hand, and
moves a running memory of them by a tenth a step. A short training ends
before the memory has caught up with the weights: the network is then good in
training mode and bad in evaluation mode.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

__all__ = ["remeasure_statistics"]

_NORMS = nn.modules.batchnorm._BatchNorm


@torch.no_grad()
def remeasure_statistics(
    model: nn.Module, batches: Iterable[tuple[Tensor, ...]]
) -> int:
    """Replace running statistics by their mean over some batches.

    Every batch norm that is in training mode forgets what it remembers and
    averages the statistics of these batches, each with the same weight. One
    in eval mode is left alone. No weight changes.

    Parameters
    ----------
    model
        Run in the modes that its parts are in.
    batches
        Tuples whose first member is the input, as loaders serve them.

    Returns
    -------
    int
        How many batch norms were measured.

    Raises
    ------
    ValueError
        If there is no batch.

    Notes
    -----
    Equal to `torch.optim.swa_utils.update_bn` where no norm is in eval mode.

    Examples
    --------
    >>> norm = nn.BatchNorm1d(1)
    >>> remeasure_statistics(norm, [(torch.tensor([[1.0], [3.0]]),)])
    1
    >>> norm.running_mean, norm.running_var
    (tensor([2.]), tensor([2.]))

    """
    given = list(batches)
    if not given:
        raise ValueError(
            "expected at least one batch to measure on, got none; pass a "
            "loader that can be read once more, not a used-up generator"
        )
    norms = [
        module
        for module in model.modules()
        if isinstance(module, _NORMS)
        and module.training
        and module.track_running_stats
    ]
    momenta = [norm.momentum for norm in norms]
    try:
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean over all batches
        for inputs, *_ in given:
            model(inputs)
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
    return len(norms)
