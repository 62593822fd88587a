r"""A GRU written out: one step, then a layer, equal to `torch.nn.GRU`.

One state goes from step to step. Two gates, numbers from 0 to 1, rule it. The
*reset gate* :math:`r` says how much of the old state a candidate :math:`n` for
the new one may look at. The *update gate* :math:`z` says how much of the old
state stays:

.. math::
    n = \tanh(W_n x + b_n + r \cdot (U_n h + c_n)), \qquad
    h' = z \cdot h + (1 - z) \cdot n.

The products of the inputs with their weights need no state. `gru_layer` can
take them for all steps at once, *hoisted* out of the loop.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["gru_gates", "gru_layer", "gru_step"]


def gru_gates(
    from_input: Tensor, from_state: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return reset gate, update gate and candidate, each ``(N, H)``.

    Parameters
    ----------
    from_input, from_state
        What comes from the input and from the state, biases added, each
        ``(N, 3 * H)``: reset gate, update gate, candidate.

    Examples
    --------
    >>> zeros = torch.zeros(1, 3)
    >>> [gate.item() for gate in gru_gates(zeros, zeros)]
    [0.5, 0.5, 0.0]

    """
    reset_x, update_x, new_x = from_input.chunk(3, dim=1)
    reset_h, update_h, new_h = from_state.chunk(3, dim=1)
    reset = (reset_x + reset_h).sigmoid()
    update = (update_x + update_h).sigmoid()
    return reset, update, (new_x + reset * new_h).tanh()


def gru_step(
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
        Shapes ``(3 * H, E)`` and ``(3 * H, H)``: reset gate, update gate,
        candidate, one below the other as in torch.
    bias_ih, bias_hh
        Each ``(3 * H,)``. The reset gate stands between the two biases of
        the candidate, so one would not do.

    Examples
    --------
    >>> x, hidden = torch.ones(1, 1), torch.tensor([[0.8]])
    >>> weights = torch.zeros(3, 1), torch.zeros(3, 1)
    >>> keep = torch.tensor([0.0, 20.0, 0.0])
    >>> new = gru_step(x, hidden, *weights, keep, torch.zeros(3))
    >>> round(new.item(), 4)
    0.8

    """
    _, update, candidate = gru_gates(
        x @ weight_ih.T + bias_ih, hidden @ weight_hh.T + bias_hh
    )
    return update * hidden + (1 - update) * candidate


def gru_layer(
    x: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
    hidden: Tensor | None = None,
    *,
    hoisted: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return the hidden state of every step, and that after the last.

    Parameters
    ----------
    x
        Shape ``(N, T, E)``, at least one step.
    weight_ih, weight_hh, bias_ih, bias_hh
        As in `gru_step`; ``nn.GRU(...).parameters()`` are in this order.
    hidden
        Before the first step, ``(N, H)``; zeros when None.
    hoisted
        Multiply the inputs of all steps with their weights at once, before
        the loop. The result is the same.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> layer = torch.nn.GRU(3, 4, batch_first=True)
    >>> x = torch.randn(2, 5, 3)
    >>> ours, _ = gru_layer(x, *layer.parameters())
    >>> torch.allclose(ours, layer(x)[0], atol=1e-6)
    True

    """
    size = weight_hh.shape[1]
    if x.dim() != 3 or x.shape[1] == 0:
        raise ValueError(
            "expected inputs (N, T, E) with at least one step, got shape "
            f"{tuple(x.shape)}"
        )
    if weight_ih.shape != (3 * size, x.shape[2]) or len(weight_hh) != 3 * size:
        raise ValueError(
            f"expected weights ({3 * size}, {x.shape[2]}) and ({3 * size}, "
            f"{size}) for these inputs, got {tuple(weight_ih.shape)} and "
            f"{tuple(weight_hh.shape)}; a GRU has three rows of weights a "
            "unit, an LSTM four"
        )
    if hidden is None:
        hidden = x.new_zeros(len(x), size)
    elif hidden.shape != (len(x), size):
        raise ValueError(
            f"expected a hidden state ({len(x)}, {size}), got shape "
            f"{tuple(hidden.shape)}"
        )
    # `unbind` gives all steps at once, and its backward pass puts them
    # together at once; with `x[:, t]` each step would fill a whole zero x.
    read = (x @ weight_ih.T + bias_ih if hoisted else x).unbind(1)
    outputs = []
    for step in read:
        if hoisted:
            _, update, candidate = gru_gates(
                step, hidden @ weight_hh.T + bias_hh
            )
            hidden = update * hidden + (1 - update) * candidate
        else:
            hidden = gru_step(
                step, hidden, weight_ih, weight_hh, bias_ih, bias_hh
            )
        outputs.append(hidden)
    return torch.stack(outputs, dim=1), hidden
