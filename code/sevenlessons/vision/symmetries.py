"""The eight ways to lay a square on itself, and how they combine.

They are numbered as in `views.dihedral_view`: view ``v`` is mirrored first if
``v >= 4``, then turned by ``v % 4`` quarter turns. Two of them, one after the
other, are again one of the eight; each can be undone by one of the eight. A
set with these properties is called a group, this one the dihedral group of
the square.
"""

import torch
from torch import Tensor

__all__ = ["compose", "composition_table", "inverse"]


def compose(first: int, second: int) -> int:
    """Return the view that does what `first` and then `second` do.

    Turns add up. A mirror image turns the other way round: mirroring after
    ``k`` quarter turns is the same as mirroring, then ``-k`` quarter turns.

    Parameters
    ----------
    first, second
        In ``[0, 8)``, as in `views.dihedral_view`.

    Examples
    --------
    >>> compose(1, 1), compose(4, 4)  # a half turn; mirrored twice: as it was
    (2, 0)

    """
    for view in (first, second):
        if not 0 <= view < 8:
            raise ValueError(f"a view must be in [0, 8), got {view}")
    turns, mirrored = first % 4, first >= 4
    if second >= 4:
        turns, mirrored = -turns, not mirrored
    return (turns + second) % 4 + 4 * mirrored


def inverse(view: int) -> int:
    """Return the view that undoes `view`.

    Examples
    --------
    >>> [inverse(view) for view in range(8)]
    [0, 3, 2, 1, 4, 5, 6, 7]

    """
    return next(back for back in range(8) if compose(view, back) == 0)


def composition_table() -> Tensor:
    """Return all results of `compose`: row first, column second.

    Examples
    --------
    >>> composition_table()[1]
    tensor([1, 2, 3, 0, 7, 4, 5, 6])

    """
    return torch.tensor(
        [[compose(first, second) for second in range(8)] for first in range(8)]
    )
