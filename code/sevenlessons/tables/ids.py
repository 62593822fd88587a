"""Numbers of users and films, looked at before they are used."""

from contextlib import suppress

from torch import Tensor, nn

__all__ = ["check_ids", "look_up"]


def check_ids(ids: Tensor, size: int, name: str = "items") -> None:
    """Refuse numbers that are not whole, or out of range.

    Raises
    ------
    ValueError
        If one is not in ``[0, size)``.

    Examples
    --------
    >>> import torch
    >>> check_ids(torch.tensor([0, 2]), 2)
    Traceback (most recent call last):
    ValueError: items must be numbers in [0, 2), got 2; number them from 0

    """
    if ids.is_floating_point() or ids.is_complex():
        raise ValueError(
            f"{name} must be whole numbers, got {ids.dtype}; call long() on "
            "them"
        )
    wrong = ids[(ids < 0) | (ids >= size)]
    if len(wrong):
        raise ValueError(
            f"{name} must be numbers in [0, {size}), got {int(wrong[0])}; "
            "number them from 0"
        )


def look_up(table: nn.Embedding, ids: Tensor, name: str) -> Tensor:
    """Return rows of an embedding; an id that has none is named.

    Raises
    ------
    ValueError
        As `check_ids`.

    Examples
    --------
    >>> import torch
    >>> look_up(torch.nn.Embedding(3, 2), torch.tensor([0, 2]), "users").shape
    torch.Size([2, 2])

    """
    with suppress(IndexError):  # the check costs time, so it comes after
        found: Tensor = table(ids)
        return found
    check_ids(ids, table.num_embeddings, name)
    raise IndexError(f"{name} could not be looked up in {table}")
