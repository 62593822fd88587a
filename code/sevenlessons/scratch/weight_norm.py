r"""Weight norm: a weight as a length times a direction.

.. math::
    w = g\, \frac{v}{\lVert v \rVert}

The network learns :math:`g` and :math:`v`. How long :math:`v` is does not
matter, so a step changes the direction of :math:`w`, its length, or both,
each with a gradient of its own (Salimans and Kingma, 2016).
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["WeightNorm", "length_except", "weight_norm"]


def length_except(v: Tensor, dim: int | None = 0) -> Tensor:
    """Return the length of `v` over all axes but `dim`, which stays.

    Parameters
    ----------
    v
        A weight.
    dim
        Axis that counts the vectors; None for a single length. -1 is the
        last axis; torch's `weight_norm` reads -1 as None.

    Raises
    ------
    ValueError
        If `v` has no such axis.

    Examples
    --------
    >>> import torch
    >>> length_except(torch.tensor([[3.0, 4.0], [0.0, 2.0]]))
    tensor([[5.],
            [2.]])

    """
    if dim is None:
        return v.square().sum().sqrt()
    if not -v.ndim <= dim < v.ndim:
        raise ValueError(
            f"dim must name one of the {v.ndim} axes of shape "
            f"{tuple(v.shape)}, got {dim}"
        )
    others = [axis for axis in range(v.ndim) if axis != dim % v.ndim]
    squares = v.square()
    if others:
        squares = squares.sum(dim=others, keepdim=True)
    return squares.sqrt()


def weight_norm(g: Tensor, v: Tensor, dim: int | None = 0) -> Tensor:
    """Return the weight of length `g` in the direction of `v`.

    Examples
    --------
    >>> import torch
    >>> weight_norm(torch.tensor([[10.0]]), torch.tensor([[3.0, 4.0]]))
    tensor([[6., 8.]])

    """
    return g * v / length_except(v, dim)


class WeightNorm(nn.Module):
    """`weight_norm` for ``torch.nn.utils.parametrize``.

    Parameters
    ----------
    dim
        As in `length_except`.

    Examples
    --------
    >>> import torch
    >>> from torch.nn.utils.parametrize import register_parametrization
    >>> layer = torch.nn.Linear(2, 1)
    >>> before = layer.weight.detach().clone()
    >>> _ = register_parametrization(layer, "weight", WeightNorm())
    >>> torch.allclose(layer.weight, before)
    True

    """

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, g: Tensor, v: Tensor) -> Tensor:
        return weight_norm(g, v, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Return the `g` and `v` that give `weight`."""
        return length_except(weight, self.dim), weight
