r"""A written-out piece and its reference: what the parity page lists.

A `Piece` names a module of this package, the library's function that it must
equal, its formula, and a function that compares the two on random input. The
tests and the book's parity page call the same function, so the page cannot
show a comparison that the tests do not make.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Pair", "Piece"]


@dataclass(frozen=True)
class Pair:
    """One tensor of ours beside the library's.

    Attributes
    ----------
    what
        Which tensor, in words: ``"value"``, ``"gradient of weight"``.
    ours, theirs
        The two tensors: same shape, same dtype.

    """

    what: str
    ours: Tensor
    theirs: Tensor


@dataclass(frozen=True)
class Piece:
    r"""Something written out, and what it must equal.

    Attributes
    ----------
    name
        What it is, in words.
    module
        Where it is written: ``"scratch/softmax"``.
    reference
        What it must equal: ``"torch.nn.functional.softmax"``.
    formula
        One line of LaTeX, without dollar signs.
    page
        The page that shows it, as ``"lesson5/backprop"``; empty if none does.
    compare
        Called with a dtype and a seed; yields the pairs. Random numbers come
        from that seed alone.
    dtypes
        What the reference can compute in.

    Raises
    ------
    ValueError
        If the name or the formula is empty, or `module` has no room.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.pieces import Pair, Piece
    >>> def compare(dtype, seed):
    ...     x = torch.randn(
    ...         3, generator=torch.Generator().manual_seed(seed), dtype=dtype
    ...     )
    ...     yield Pair("value", x.clamp(min=0), torch.relu(x))
    >>> piece = Piece(
    ...     "ReLU", "scratch/autograd", "torch.relu", r"\max(0, x)", "",
    ...     compare,
    ... )
    >>> piece.test
    'tests/scratch/test_autograd.py'

    """

    name: str
    module: str
    reference: str
    formula: str
    page: str
    compare: Callable[[torch.dtype, int], Iterable[Pair]]
    dtypes: tuple[torch.dtype, ...] = (torch.float32, torch.float64)

    def __post_init__(self) -> None:
        if not self.name or not self.formula:
            raise ValueError(
                "a piece needs a name and a formula, got "
                f"{self.name!r} and {self.formula!r}"
            )
        if self.module.count("/") != 1:
            raise ValueError(
                "module must be a room and a module, such as "
                f"'scratch/softmax', got {self.module!r}"
            )

    @property
    def test(self) -> str:
        """The file of tests of its module."""
        room, module = self.module.split("/")
        return f"tests/{room}/test_{module}.py"
