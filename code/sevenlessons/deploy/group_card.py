"""The model card of a model that judges people: with its errors by group.

Written from what a run measured, so that no number in it is typed. A card
without an intended use, or without any group, is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .model_card import metric_lines

__all__ = ["group_card"]

NEEDED = ("what it does", "intended use", "not for", "data", "limits")


def group_card(
    name: str,
    facts: Mapping[str, str],
    metrics: Sequence[Mapping[str, Any]],
    groups: Mapping[str, pd.DataFrame],
) -> str:
    """Return a model card as Markdown.

    Parameters
    ----------
    name
        Of the model, for the title.
    facts
        Heading to text. At least those of `NEEDED`, none empty.
    metrics
        Measured numbers, as `model_card.metric_lines` takes them.
    groups
        Title to a table with a row a group, all columns shown. Best what
        `tables.stated_rates` returns: intervals, and no rate of a few.

    Raises
    ------
    ValueError
        If a fact is missing or empty, or there is no group.

    Examples
    --------
    >>> facts = dict.fromkeys(NEEDED, "Nothing yet.")
    >>> rates = pd.DataFrame({"error": [0.25]}, index=["women"])
    >>> print(group_card("incomes", facts, [], {"sex": rates})[-63:])
    ## Errors by sex
    <BLANKLINE>
    | group | error |
    |---|---|
    | women | 0.25 |
    <BLANKLINE>

    """
    missing = [key for key in NEEDED if not str(facts.get(key, "")).strip()]
    if missing:
        raise ValueError(
            f"the card lacks {', '.join(missing)}; write a sentence for "
            "each, if only that nobody knows"
        )
    if not groups or not all(len(rates) for rates in groups.values()):
        raise ValueError(
            "expected at least one table of groups, each with a row, got "
            f"{ {key: len(rates) for key, rates in groups.items()} }; use "
            "tables.stated_rates"
        )
    lines = [f"# Model card: {name}", ""]
    for heading, text in facts.items():
        lines += [f"## {heading.capitalize()}", "", text, ""]
    lines += ["## How good it is", "", *metric_lines(metrics), ""]
    for title, rates in groups.items():
        lines += [f"## Errors by {title}", "", *_table(rates), ""]
    return "\n".join(lines)


def _table(rates: pd.DataFrame) -> list[str]:
    names = [str(column).replace("_", " ") for column in rates.columns]
    lines = [
        f"| group | {' | '.join(names)} |",
        "|" + "---|" * (len(names) + 1),
    ]
    for group, row in rates.iterrows():
        cells = [_cell(value) for value in row.tolist()]
        lines.append(f"| {_cell(group)} | {' | '.join(cells)} |")
    return lines


def _cell(value: object) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return "nobody"
        value = f"{value:.0f}" if value.is_integer() else f"{value:.3g}"
    return " ".join(str(value).split()).replace("|", "\\|")
