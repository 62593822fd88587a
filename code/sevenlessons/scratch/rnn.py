r"""A recurrent network written out, equal to `torch.nn.RNN`.

One vector, the *hidden state* :math:`h`, goes from step to step. Each step
mixes it with what is read and squeezes the sum into -1 to 1:

.. math:: h' = \tanh(W_{ih} x + b_{ih} + W_{hh} h + b_{hh}).

The weights are the same at every step. So a line of any length can be read,
and a gradient that goes back over n steps passes :math:`W_{hh}` n times.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["rnn_layer", "rnn_step"]


def rnn_step(
    x: Tensor,
    hidden: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
) -> Tensor:
    """Return the hidden state after one step.

    Parameters
    ----------
    x
        Input of this step, shape ``(N, E)``.
    hidden
        Hidden state before it, ``(N, H)``.
    weight_ih, weight_hh
        Shapes ``(H, E)`` and ``(H, H)``.
    bias_ih, bias_hh
        Each ``(H,)``. One would do; torch has two.

    Examples
    --------
    >>> x, hidden = torch.ones(1, 1), torch.zeros(1, 1)
    >>> weights = torch.eye(1), torch.eye(1)
    >>> biases = torch.zeros(1), torch.zeros(1)
    >>> round(rnn_step(x, hidden, *weights, *biases).item(), 2)
    0.76

    """
    read = x @ weight_ih.T + bias_ih
    kept = hidden @ weight_hh.T + bias_hh
    return (read + kept).tanh()


def rnn_layer(
    x: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
    hidden: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the hidden state of every step, and the last one.

    Parameters
    ----------
    x
        Shape ``(N, T, E)``, at least one step.
    weight_ih, weight_hh, bias_ih, bias_hh
        As in `rnn_step`; ``nn.RNN(...).parameters()`` are in this order.
    hidden
        Before the first step, ``(N, H)``; zeros when None.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> layer = torch.nn.RNN(3, 4, batch_first=True)
    >>> x = torch.randn(2, 5, 3)
    >>> ours, _ = rnn_layer(x, *layer.parameters())
    >>> torch.allclose(ours, layer(x)[0], atol=1e-6)
    True

    """
    size = weight_hh.shape[1]
    if x.dim() != 3 or x.shape[1] == 0:
        raise ValueError(
            "expected inputs (N, T, E) with at least one step, got shape "
            f"{tuple(x.shape)}"
        )
    if weight_ih.shape != (size, x.shape[2]) or len(weight_hh) != size:
        raise ValueError(
            f"expected weights ({size}, {x.shape[2]}) and ({size}, {size}) "
            f"for these inputs, got {tuple(weight_ih.shape)} and "
            f"{tuple(weight_hh.shape)}"
        )
    if hidden is None:
        hidden = x.new_zeros(len(x), size)
    elif hidden.shape != (len(x), size):
        raise ValueError(
            f"expected a hidden state ({len(x)}, {size}), one row a text, "
            f"got {tuple(hidden.shape)}; begin anew with None"
        )
    outputs = []
    for t in range(x.shape[1]):
        hidden = rnn_step(
            x[:, t], hidden, weight_ih, weight_hh, bias_ih, bias_hh
        )
        outputs.append(hidden)
    return torch.stack(outputs, dim=1), hidden
