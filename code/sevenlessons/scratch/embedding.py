"""An embedding written out twice: a look-up, and a product with one-hot rows.

Row number *i* of a table is what a network has learned about thing number
*i*. Fetching it is one look-up. The same row comes out of a product with a
vector that has a 1 at place *i* and zeros elsewhere, so an embedding is a
linear layer whose input nobody needs to write down.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["embedding", "embedding_gradient", "one_hot", "one_hot_product"]


def embedding(
    numbers: Tensor, weight: Tensor, *, padding_idx: int | None = None
) -> Tensor:
    """Return the rows of a table: a look-up.

    Parameters
    ----------
    numbers
        Which rows; whole numbers of any shape ``(...)``.
    weight
        The table, shape ``(num_embeddings, embedding_dim)``.
    padding_idx
        A row that stands for nothing: it is fetched like any other, but
        gets no gradient, so it never learns.

    Returns
    -------
    Tensor
        Shape ``(..., embedding_dim)``, equal to
        `torch.nn.functional.embedding`.

    Raises
    ------
    TypeError, ValueError
        If the numbers are not whole numbers that name rows of the table.

    Examples
    --------
    >>> table = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
    >>> embedding(torch.tensor([1, 0, 1]), table)
    tensor([[2., 3.],
            [0., 1.],
            [2., 3.]])

    """
    _check_table(weight)
    _check_numbers(numbers, len(weight))
    rows = weight[numbers.long()]  # (..., embedding_dim)
    empty = _empty(numbers, len(weight), padding_idx)
    return torch.where(empty[..., None], rows.detach(), rows)


def one_hot(
    numbers: Tensor, num_embeddings: int, *, dtype: torch.dtype = torch.float32
) -> Tensor:
    """Return a row of zeros with a single 1 for each number.

    Parameters
    ----------
    numbers
        Where the ones stand; whole numbers of any shape ``(...)``.
    num_embeddings
        How long a row is.
    dtype
        Of the result; that of the table it will be multiplied with.

    Returns
    -------
    Tensor
        Shape ``(..., num_embeddings)``.

    Raises
    ------
    TypeError, ValueError
        If the numbers are not whole, or outside ``[0, num_embeddings)``.

    Examples
    --------
    >>> one_hot(torch.tensor([2, 0]), 3)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])

    """
    _check_numbers(numbers, num_embeddings)
    places = torch.arange(num_embeddings, device=numbers.device)
    return (numbers[..., None] == places).to(dtype)


def one_hot_product(numbers: Tensor, weight: Tensor) -> Tensor:
    """Return the same rows as `embedding`, by multiplying.

    Parameters
    ----------
    numbers, weight
        As in `embedding`.

    Returns
    -------
    Tensor
        Shape ``(..., embedding_dim)``.

    Raises
    ------
    TypeError, ValueError
        As in `embedding`.

    Examples
    --------
    >>> table = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
    >>> one_hot_product(torch.tensor([1, 0]), table)
    tensor([[2., 3.],
            [0., 1.]])

    """
    _check_table(weight)
    return one_hot(numbers, len(weight), dtype=weight.dtype) @ weight


def embedding_gradient(
    numbers: Tensor,
    gradient: Tensor,
    num_embeddings: int,
    *,
    padding_idx: int | None = None,
) -> Tensor:
    """Return the gradient by the table: what each row's fetchings ask for.

    A row that was fetched three times gets the sum of three gradients; a
    row that was not fetched gets zeros. It is the product of the transposed
    one-hot matrix with the gradient, added up without that matrix.

    Parameters
    ----------
    numbers
        Which rows were fetched, shape ``(...)``.
    gradient
        By what was fetched, shape ``(..., embedding_dim)``.
    num_embeddings
        How many rows the table has.
    padding_idx
        A row that gets no gradient.

    Returns
    -------
    Tensor
        Shape ``(num_embeddings, embedding_dim)``.

    Raises
    ------
    TypeError, ValueError
        If the numbers do not name rows, or the shapes do not fit.

    Examples
    --------
    >>> embedding_gradient(torch.tensor([2, 0, 2]), torch.ones(3, 1), 4)
    tensor([[1.],
            [0.],
            [2.],
            [0.]])

    """
    _check_numbers(numbers, num_embeddings)
    if gradient.ndim == 0 or gradient.shape[:-1] != numbers.shape:
        raise ValueError(
            f"expected a gradient of shape {(*numbers.shape, 'D')}, a row "
            f"for each number, got {tuple(gradient.shape)}"
        )
    empty = _empty(numbers, num_embeddings, padding_idx)
    added = torch.where(empty[..., None], 0.0, gradient)
    table = gradient.new_zeros(num_embeddings, gradient.shape[-1])
    rows = added.reshape(numbers.numel(), gradient.shape[-1])
    return table.index_add(0, numbers.long().flatten(), rows)


def _empty(
    numbers: Tensor, num_embeddings: int, padding_idx: int | None
) -> Tensor:
    """Say which numbers stand for nothing."""
    if padding_idx is None:
        return torch.zeros_like(numbers, dtype=torch.bool)
    if not -num_embeddings <= padding_idx < num_embeddings:
        raise ValueError(
            f"padding_idx must name one of {num_embeddings} rows, got "
            f"{padding_idx}; leave it out if no row stands for nothing"
        )
    return numbers == padding_idx % num_embeddings


def _check_table(weight: Tensor) -> None:
    if weight.ndim != 2:
        raise ValueError(
            "expected a table of shape (num_embeddings, embedding_dim), got "
            f"{tuple(weight.shape)}"
        )


def _check_numbers(numbers: Tensor, num_embeddings: int) -> None:
    if numbers.is_floating_point() or numbers.dtype == torch.bool:
        raise TypeError(
            "expected whole numbers that name rows, got "
            f"{numbers.dtype}; turn them with numbers.long()"
        )
    outside = (numbers < 0) | (numbers >= num_embeddings)
    if bool(outside.any()):
        raise ValueError(
            f"numbers must lie in [0, {num_embeddings}), got "
            f"{int(numbers[outside][0])}; count rows from 0"
        )
