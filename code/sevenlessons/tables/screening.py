"""Screening: what one column alone says about the answer.

Before any model is trained, each column is scored by itself. A column that
alone knows nearly everything is either a wonder or a leak: something that
was written down after the answer was known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from sevenlessons.training.auc import roc_auc

from .binned import Binned
from .checks import check_names, check_table

__all__ = ["single_column_scores"]


def single_column_scores(
    table: pd.DataFrame,
    target: Tensor,
    columns: Sequence[str],
    *,
    bins: int = 20,
    seed: int = 0,
) -> pd.Series:
    """Return the AUC that each column reaches alone, highest first.

    On a random half of the rows the share of yes is counted for each value
    (of numbers: for each range). These shares are the scores of the other
    half; a value that was not seen gets the share of all rows.

    Parameters
    ----------
    table
        Training rows.
    target
        Ones for yes and zeros for no, shape ``(N,)``.
    columns
        The columns to score; numbers are those with a numeric type.
    bins
        Into how many ranges numbers are cut.
    seed
        Of the halves.

    Raises
    ------
    ValueError
        If a target is neither 0 nor 1, or there is not one a row.

    Examples
    --------
    >>> rows = pd.DataFrame({"known": [0, 1] * 50, "same": "always"})
    >>> answer = torch.tensor([0, 1] * 50)
    >>> single_column_scores(rows, answer, ["same", "known"]).to_dict()
    {'known': 1.0, 'same': 0.5}

    """
    names = check_names(columns)
    check_table(table, names)
    if target.shape != (len(table),):
        raise ValueError(
            f"expected a target of shape ({len(table)},), one a row, got "
            f"{tuple(target.shape)}"
        )
    yes = target.detach().cpu().double().numpy()
    strange = ~np.isin(yes, (0, 1))
    if strange.any():
        raise ValueError(
            f"the target must be 0 or 1, got {yes[strange][0]:g} in "
            f"{strange.sum()} of {len(yes)} rows, first at place "
            f"{strange.argmax()}; correct these rows, or leave them out"
        )
    order = np.random.default_rng(seed).permutation(len(table))
    learn, judge = order[: len(order) // 2], order[len(order) // 2 :]
    scores = {}
    for name in names:
        values = _values(table, name, learn, bins)
        shares = pd.Series(yes[learn]).groupby(values[learn]).mean()
        known = pd.Series(values[judge]).map(shares)
        found = known.fillna(yes[learn].mean()).to_numpy(dtype="float64")
        scores[name] = roc_auc(torch.tensor(found), torch.tensor(yes[judge]))
    return pd.Series(scores).sort_values(ascending=False, kind="stable")


def _values(
    table: pd.DataFrame, name: str, learn: np.ndarray, bins: int
) -> np.ndarray:
    """Return a column's values, as text, numbers as their range."""
    column = table[[name]]
    if pd.api.types.is_numeric_dtype(table[name].dtype):
        ranges = Binned([name], bins=bins).fit(column.iloc[learn])
        return ranges.transform(column)[f"{name}_bin"].to_numpy()
    return column[name].astype(object).fillna("(missing)").map(str).to_numpy()
