"""The page about a model that travels with it: what it is, how good, and not.

Written from the facts in the bundle, so that the card cannot claim another
number than the file holds. It may be edited by hand afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["metric_lines", "model_card"]

_ASKED = {  # heading of the card by its name in `card`
    "description": "What it does",
    "data": "Data",
    "split": "How it was split",
    "limits": "Limits",
    "licence": "Licence and credits",
}


def _cell(text: object) -> str:
    """Return `text` as one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def _metric(row: Mapping[str, Any]) -> str:
    interval = row.get("interval")
    span = "not given"
    if interval is not None:
        span = f"{interval[0]:.4g} to {interval[1]:.4g}"
    rivals = "; ".join(f"{k}: {v:.4g}" for k, v in row["baselines"].items())
    unit = row.get("unit") or ""
    cells = [
        row["key"],
        f"{row['value']:.4g} {unit}".strip(),
        span,
        rivals or "none",
        row["n"],
        row["data"],
    ]
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def metric_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a Markdown table of measured numbers, line by line.

    Parameters
    ----------
    rows
        Each with key, value, baselines, n and data, as
        `sevenlessons.page.record` takes them; unit and interval if known.

    Examples
    --------
    >>> metric_lines([])
    ['Nothing was measured. Do not rely on this model.']

    """
    if not rows:
        return ["Nothing was measured. Do not rely on this model."]
    return [
        "| result | value | 95 % interval | compare with | n | measured on |",
        "|---|---|---|---|---|---|",
        *[_metric(row) for row in rows],
    ]


def _sure(threshold: float | None) -> str:
    if threshold is None:
        return "It always names a class, also for a photo of something else."
    return (
        f'Below a probability of {threshold:.4g} the answer is "not sure". '
        "That does not catch every photo of something else."
    )


def model_card(settings: Mapping[str, Any], name: str) -> str:
    """Return the model card of a bundle, as Markdown.

    Parameters
    ----------
    settings
        What `bundle.json` says.
    name
        Of the model, for the title.

    Examples
    --------
    >>> from sevenlessons.deploy.model_card import model_card
    >>> print(model_card(settings, "sky"))  # doctest: +SKIP
    # Model card: sky
    ...

    """
    shown, network = settings["input"], settings["architecture"]
    facts = dict(settings["card"])
    lines = [f"# Model card: {name}", ""]
    for key, heading in _ASKED.items():
        text = facts.pop(key, "Not stated.")
        lines += [f"## {heading}", "", text, ""]
        if key == "description":
            lines += [
                f"It tells {len(settings['classes'])} classes apart: "
                f"{', '.join(settings['classes'])}.",
                _sure(settings["threshold"]),
                "",
            ]
    for heading, text in facts.items():
        lines += [f"## {heading}", "", text, ""]
    lines += ["## How good it is", "", *metric_lines(settings["metrics"]), ""]
    arguments = ", ".join(f"{k} {v}" for k, v in network["arguments"].items())
    lines += [
        "## How to load it",
        "",
        "```python",
        "from sevenlessons.deploy.predictor import Predictor",
        "",
        'predictor = Predictor.load("path/to/this/folder")',
        'print(predictor.predict("photo.jpg"))',
        "```",
        "",
        f"Network: {network['name']} ({arguments}). Pictures: "
        f"{shown['mode']}, {shown['size']} x {shown['size']} pixels; "
        f"{shown['resize']}. Views averaged: {settings['views']}.",
        "",
        f"Written by {settings['package']['name']} "
        f"{settings['package']['version']} with torch {settings['torch']} on "
        f"{settings['created_at']}. `bundle.json` holds the SHA-256 of each "
        "file. No file in this folder is executed when it is loaded.",
        "",
    ]
    return "\n".join(lines)
