"""Numbers of films, looked at before they are used."""

from torch import Tensor

__all__ = ["check_items"]


def check_items(items: Tensor, num_items: int) -> None:
    """Refuse numbers of films that are out of range.

    Raises
    ------
    ValueError
        If one is not in ``[0, num_items)``.

    Examples
    --------
    >>> check_items(torch.tensor([0, 2]), 2)
    Traceback (most recent call last):
    ValueError: items must be numbers in [0, 2), got 2; number them from 0

    """
    wrong = items[(items < 0) | (items >= num_items)]
    if len(wrong):
        raise ValueError(
            f"items must be numbers in [0, {num_items}), got {int(wrong[0])}; "
            "number them from 0"
        )
