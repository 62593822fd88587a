"""Which films to ask a new user about, so that few answers say much."""

import torch
from torch import Tensor

from .cold_start import ItemModel
from .ids import check_ids

__all__ = ["choose_items"]


def choose_items(
    model: ItemModel, num: int, candidates: Tensor, asked_of: Tensor
) -> list[int]:
    """Return the films whose ratings would tell most about a new user.

    One after another: the film after whose answer the predictions of the
    films `asked_of` are surest, on average. No answer is needed for that:
    how much a rating teaches does not depend on what it is.

    Parameters
    ----------
    model
        Of `fit_items`.
    num
        How many to choose; at most as many as there are candidates.
    candidates
        Numbers of the films that may be asked, each once.
    asked_of
        Numbers of the films that matter afterwards.

    Returns
    -------
    list of int
        In the order in which to ask.

    Raises
    ------
    ValueError
        If a film is out of range, a candidate comes twice, or there are too
        few candidates.

    Examples
    --------
    >>> from sevenlessons.tables.cold_start import ItemModel
    >>> mean = torch.zeros(3)
    >>> factors = torch.tensor([[0.1, 0.0], [1.0, 0.0], [0.0, 0.5]])
    >>> model = ItemModel(mean, factors, noise=1.0)
    >>> choose_items(model, 2, torch.arange(3), torch.arange(3))
    [1, 2]

    """
    check_ids(candidates, len(model.mean), "candidates")
    check_ids(asked_of, len(model.mean), "asked_of")
    films, times = candidates.unique(return_counts=True)
    if (times > 1).any():
        raise ValueError(
            "candidates must be different films, got "
            f"{int(films[times > 1][0])} more than once; call unique() on "
            "them"
        )
    if not 0 < num <= len(candidates):
        raise ValueError(
            f"num must be from 1 to the {len(candidates)} candidates, got "
            f"{num}"
        )
    factors = model.factors.double()
    spread = torch.eye(
        factors.shape[1], dtype=factors.dtype, device=factors.device
    )
    matter = factors[asked_of].T @ factors[asked_of]
    asked = torch.zeros_like(candidates, dtype=torch.bool)
    chosen: list[int] = []
    for _ in range(num):
        moved = factors[candidates] @ spread
        unsure = (moved * factors[candidates]).sum(dim=1) + model.noise
        gain = ((moved @ matter) * moved).sum(dim=1) / unsure
        gain[asked] = -1.0
        best = int(gain.argmax())
        asked[best] = True
        chosen.append(int(candidates[best]))
        spread -= torch.outer(moved[best], moved[best]) / unsure[best]
    return chosen
