"""Who saw this also saw that: scores of films from films.

`item_cosine` compares the columns of the table of who saw what; `item_ridge`
explains each column by all others, in closed form. A user's scores are
``seen @ weights``.
"""

import math

import torch
from torch import Tensor

__all__ = ["item_cosine", "item_ridge"]


def item_cosine(seen: Tensor) -> Tensor:
    """Return the cosine of each two columns, 0 on the diagonal.

    Parameters
    ----------
    seen
        1 where a user saw a film, else 0; shape ``(users, items)``.

    Returns
    -------
    Tensor
        Shape ``(items, items)``; 0 for a film that nobody saw.

    Raises
    ------
    ValueError
        If `seen` is no finite table.

    Examples
    --------
    >>> item_cosine(torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))[0]
    tensor([0.0000, 1.0000, 0.7071])

    """
    seen = _checked(seen)
    columns = torch.nn.functional.normalize(seen, dim=0)
    return (columns.T @ columns).fill_diagonal_(0.0)


def item_ridge(seen: Tensor, alpha: float = 200.0) -> Tensor:
    r"""Return weights that explain each film by the others.

    Column :math:`j` minimizes :math:`|X_j - X w|^2 + \alpha |w|^2` with
    :math:`w_j = 0`: a film may not explain itself. With
    :math:`P = (X^\top X + \alpha I)^{-1}` all columns follow at once:
    :math:`w_{ij} = -P_{ij} / P_{jj}`.

    Parameters
    ----------
    seen
        As in `item_cosine`.
    alpha
        The penalty, above 0.

    Returns
    -------
    Tensor
        Shape ``(items, items)``, zeros on the diagonal.

    Raises
    ------
    ValueError
        If `seen` is no finite table, or `alpha` not positive.

    Notes
    -----
    Steck (2019), "Embarrassingly shallow autoencoders for sparse data". The
    same as one ridge regression a film. Taught in: new-users.

    Examples
    --------
    >>> seen = torch.tensor([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    >>> item_ridge(seen, alpha=2.0)
    tensor([[0.0000, 0.5000],
            [0.5000, 0.0000]])

    """
    seen = _checked(seen)
    if not (alpha > 0 and math.isfinite(alpha)):
        raise ValueError(f"alpha must be a positive number, got {alpha}")
    left = seen.double().T @ seen.double()
    left.diagonal().add_(alpha)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(left))
    weights = -inverse / inverse.diagonal()
    return weights.fill_diagonal_(0.0).to(seen.dtype)


def _checked(seen: Tensor) -> Tensor:
    seen = seen if seen.is_floating_point() else seen.float()
    if seen.dim() != 2 or not seen.isfinite().all():
        raise ValueError(
            "seen must be finite numbers of shape (users, items), got shape "
            f"{tuple(seen.shape)}; write 0 where nothing was seen"
        )
    return seen
