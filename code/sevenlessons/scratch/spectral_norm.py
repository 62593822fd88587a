r"""Spectral norm: a weight divided by the most that it can stretch.

The largest stretch of a matrix :math:`W` is its largest singular value
:math:`\sigma`. *Power iteration* finds it: multiply a vector by :math:`W`
and by :math:`W^\top` in turn, and it turns towards the direction that is
stretched most. Then

.. math::
    \sigma = u^\top W v, \qquad \hat W = W / \sigma,

and a linear layer makes no two inputs differ by more than they did (Miyato
and others, 2018). A convolution sees each pixel in several windows: there
the quotient limits the kernel, not the stretch. Power iteration comes to
:math:`\sigma` from below, so after few steps the stretch is a little above 1.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import normalize

__all__ = ["SpectralNorm", "as_matrix", "power_iteration"]


def as_matrix(weight: Tensor, dim: int = 0) -> Tensor:
    """Return a weight as a matrix with axis `dim` first, the rest flat.

    Examples
    --------
    >>> as_matrix(torch.zeros(8, 3, 5, 5)).shape
    torch.Size([8, 75])

    """
    if weight.ndim < 2 or not -weight.ndim <= dim < weight.ndim:
        raise ValueError(
            "expected a weight of at least 2 axes and the number of one of "
            f"them, got shape {tuple(weight.shape)} and dim={dim}"
        )
    return weight.movedim(dim, 0).flatten(1)


@torch.no_grad()
def power_iteration(
    matrix: Tensor, u: Tensor, v: Tensor, steps: int = 1, eps: float = 1e-12
) -> tuple[Tensor, Tensor]:
    """Return `u` and `v` turned towards the largest singular value.

    Parameters
    ----------
    matrix
        Shape ``(M, N)``.
    u, v
        Vectors of length 1, shapes ``(M,)`` and ``(N,)``.
    steps
        How many times to multiply back and forth.
    eps
        Smallest length to divide by.

    Examples
    --------
    >>> matrix = torch.diag(torch.tensor([3.0, 1.0]))
    >>> start = torch.tensor([0.6, 0.8])
    >>> u, v = power_iteration(matrix, start, start, steps=20)
    >>> round((u @ matrix @ v).item(), 4)
    3.0

    """
    for _ in range(steps):
        u = normalize(matrix @ v, dim=0, eps=eps)
        v = normalize(matrix.T @ u, dim=0, eps=eps)
    return u, v


class SpectralNorm(nn.Module):
    """Divide a weight by its spectral norm, for `torch.nn.utils.parametrize`.

    Every call in training goes `num_steps` of power iteration further: the
    weight moves little between two steps, so one is enough.

    Parameters
    ----------
    weight
        The weight to begin with.
    num_steps
        Steps a call, at least 1.
    dim
        As in `as_matrix`; 0 for linear layers and convolutions.
    eps
        As in `power_iteration`.
    generator
        Where the first vectors are drawn from.

    Raises
    ------
    ValueError
        If `num_steps` is below 1, or the weight is no matrix.

    Examples
    --------
    >>> from torch.nn.utils.parametrize import register_parametrization
    >>> layer = nn.Linear(4, 4)
    >>> _ = register_parametrization(
    ...     layer, "weight", SpectralNorm(layer.weight, num_steps=50)
    ... )
    >>> round(torch.linalg.matrix_norm(layer.weight, ord=2).item(), 2)
    1.0

    """

    u: Tensor
    v: Tensor

    def __init__(
        self,
        weight: Tensor,
        num_steps: int = 1,
        dim: int = 0,
        eps: float = 1e-12,
        generator: Generator | None = None,
    ) -> None:
        super().__init__()
        if num_steps < 1:
            raise ValueError(f"num_steps must be at least 1, got {num_steps}")
        self.num_steps, self.dim, self.eps = num_steps, dim, eps
        matrix = as_matrix(weight.detach(), dim)
        u, v = (
            matrix.new_empty(n).normal_(generator=generator)
            for n in matrix.shape
        )
        u, v = normalize(u, dim=0), normalize(v, dim=0)
        u, v = power_iteration(matrix, u, v, 15, eps)
        self.register_buffer("u", u)
        self.register_buffer("v", v)

    def forward(self, weight: Tensor) -> Tensor:
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self.u, self.v = power_iteration(
                matrix, self.u, self.v, self.num_steps, self.eps
            )
        return weight / (self.u @ matrix @ self.v)
