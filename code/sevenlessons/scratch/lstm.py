r"""An LSTM written out: one step, then a layer, equal to `torch.nn.LSTM`.

A state of two parts goes from step to step. The *cell* :math:`c` is the
memory: at each step a share of it is kept and something is added. The
*hidden state* :math:`h` is what the outside sees of it. Three gates, numbers
from 0 to 1, decide how much is added (:math:`i`), kept (:math:`f`), shown
(:math:`o`):

.. math::
    c' = f \cdot c + i \cdot g, \qquad h' = o \cdot \tanh(c').
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["lstm_layer", "lstm_step"]

State = tuple[Tensor, Tensor]


def lstm_step(
    x: Tensor,
    state: State,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
) -> State:
    """Return the hidden state and the cell after one step.

    Parameters
    ----------
    x
        Input of this step, shape ``(N, E)``.
    state
        Hidden state and cell before it, each ``(N, H)``.
    weight_ih, weight_hh
        Shapes ``(4 * H, E)`` and ``(4 * H, H)``: input gate, forget gate,
        candidate, output gate, one below the other as in torch.
    bias_ih, bias_hh
        Each ``(4 * H,)``. One would do; torch has two.

    Examples
    --------
    >>> zeros = torch.zeros(1, 1)
    >>> weights = torch.zeros(4, 1), torch.zeros(4, 1)
    >>> biases = torch.tensor([9.0, 9.0, 9.0, 9.0]), torch.zeros(4)
    >>> hidden, cell = lstm_step(zeros, (zeros, zeros), *weights, *biases)
    >>> round(cell.item(), 2), round(hidden.item(), 2)
    (1.0, 0.76)

    """
    hidden, cell = state
    gates = x @ weight_ih.T + bias_ih + hidden @ weight_hh.T + bias_hh
    add, keep, candidate, show = gates.chunk(4, dim=1)  # each (N, H)
    cell = keep.sigmoid() * cell + add.sigmoid() * candidate.tanh()
    return show.sigmoid() * cell.tanh(), cell


def lstm_layer(
    x: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
    state: State | None = None,
) -> tuple[Tensor, State]:
    """Return the hidden state of every step, and the state after the last.

    Parameters
    ----------
    x
        Shape ``(N, T, E)``, at least one step.
    weight_ih, weight_hh, bias_ih, bias_hh
        As in `lstm_step`; ``nn.LSTM(...).parameters()`` are in this order.
    state
        Before the first step; zeros when None.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> layer = torch.nn.LSTM(3, 4, batch_first=True)
    >>> x = torch.randn(2, 5, 3)
    >>> ours, _ = lstm_layer(x, *layer.parameters())
    >>> torch.allclose(ours, layer(x)[0], atol=1e-6)
    True

    """
    size = weight_hh.shape[1]
    if x.dim() != 3 or x.shape[1] == 0:
        raise ValueError(
            "expected inputs (N, T, E) with at least one step, got shape "
            f"{tuple(x.shape)}"
        )
    if weight_ih.shape != (4 * size, x.shape[2]) or len(weight_hh) != 4 * size:
        raise ValueError(
            f"expected weights ({4 * size}, {x.shape[2]}) and ({4 * size}, "
            f"{size}) for these inputs, got {tuple(weight_ih.shape)} and "
            f"{tuple(weight_hh.shape)}"
        )
    if state is None:
        zeros = x.new_zeros(len(x), size)
        state = zeros, zeros
    outputs = []
    for t in range(x.shape[1]):
        state = lstm_step(
            x[:, t], state, weight_ih, weight_hh, bias_ih, bias_hh
        )
        outputs.append(state[0])
    return torch.stack(outputs, dim=1), state
