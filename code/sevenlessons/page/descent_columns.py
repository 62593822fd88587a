"""The columns of a sheet that walks downhill: one row a step.

A column is a name, a formula and what the formula gives. In a formula
``{rate}`` is a setting at the top of the sheet, ``{gradient}`` a cell of the
same row, and ``{<velocity}`` that of the row above. Columns that exist for
the slope and for the intercept are written once.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Column", "Rule", "both"]

Numbers = dict[str, float]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name, formula
        What stands above it; the formula without its ``=``.
    result
        Called with the numbers of this row, of the row above, and the
        settings; returns what the formula gives.

    """

    name: str
    formula: str
    result: Callable[[Numbers, Numbers, Numbers], float]


@dataclass(frozen=True)
class Rule:
    """How one optimizer steps.

    Attributes
    ----------
    words
        What it does, in a sentence.
    settings
        Its numbers to play with.
    columns
        What it adds to `START`, up to the new slope and intercept.

    """

    words: str
    settings: Numbers
    columns: tuple[Column, ...]


def both(
    name: str,
    formula: str,
    result: Callable[[Numbers, Numbers, Numbers, str], float],
) -> tuple[Column, Column]:
    """Return a column for the slope and one for the intercept.

    Parameters
    ----------
    name, formula
        ``~`` stands for the weight's name.
    result
        As in `Column`, and called with the weight's name too.

    Examples
    --------
    >>> from sevenlessons.page.descent_columns import both
    >>> pair = both("half ~", "{~}/2", lambda now, old, s, w: now[w] / 2)
    >>> [(column.name, column.formula) for column in pair]
    [('half slope', '{slope}/2'), ('half intercept', '{intercept}/2')]

    """

    def column(weight: str) -> Column:
        return Column(
            name.replace("~", weight),
            formula.replace("~", weight),
            lambda now, old, given: result(now, old, given, weight),
        )

    return column("slope"), column("intercept")


START = (
    *both("~", "{<new ~}", lambda now, old, s, w: old[f"new {w}"]),
    Column(
        "prediction",
        "{slope}*{x}+{intercept}",
        lambda now, old, s: now["slope"] * now["x"] + now["intercept"],
    ),
    Column(
        "squared error",
        "({prediction}-{y})^2",
        lambda now, old, s: (now["prediction"] - now["y"]) ** 2,
    ),
    Column(
        "gradient slope",
        "2*({prediction}-{y})*{x}",
        lambda now, old, s: 2 * (now["prediction"] - now["y"]) * now["x"],
    ),
    Column(
        "gradient intercept",
        "2*({prediction}-{y})",
        lambda now, old, s: 2 * (now["prediction"] - now["y"]),
    ),
)

_NUDGED = (
    Column(
        "nudged slope",
        "((({slope}+{nudge})*{x}+{intercept}-{y})^2-{squared error})/{nudge}",
        lambda now, old, s: (
            (
                (now["prediction"] + s["nudge"] * now["x"] - now["y"]) ** 2
                - now["squared error"]
            )
            / s["nudge"]
        ),
    ),
    Column(
        "nudged intercept",
        "(({prediction}+{nudge}-{y})^2-{squared error})/{nudge}",
        lambda now, old, s: (
            (
                (now["prediction"] + s["nudge"] - now["y"]) ** 2
                - now["squared error"]
            )
            / s["nudge"]
        ),
    ),
)
_VELOCITY = both(
    "velocity ~",
    "{momentum}*{<velocity ~}+{gradient ~}",
    lambda now, old, s, w: (
        s["momentum"] * old[f"velocity {w}"] + now[f"gradient {w}"]
    ),
)
_SQUARES = both(
    "mean square ~",
    "{kept}*{<mean square ~}+(1-{kept})*{gradient ~}^2",
    lambda now, old, s, w: (
        s["kept"] * old[f"mean square {w}"]
        + (1 - s["kept"]) * now[f"gradient {w}"] ** 2
    ),
)
_FIRST = both(
    "first ~",
    "{beta 1}*{<first ~}+(1-{beta 1})*{gradient ~}",
    lambda now, old, s, w: (
        s["beta 1"] * old[f"first {w}"]
        + (1 - s["beta 1"]) * now[f"gradient {w}"]
    ),
)
_SECOND = both(
    "second ~",
    "{beta 2}*{<second ~}+(1-{beta 2})*{gradient ~}^2",
    lambda now, old, s, w: (
        s["beta 2"] * old[f"second {w}"]
        + (1 - s["beta 2"]) * now[f"gradient {w}"] ** 2
    ),
)
_FADED = Column(
    "rate now",
    "{rate}*{fading}^({epoch}-1)",
    lambda now, _, s: s["rate"] * s["fading"] ** (now["epoch"] - 1),
)


def _adam_step(rate: str) -> tuple[Column, Column]:
    def result(now: Numbers, old: Numbers, s: Numbers, w: str) -> float:
        mean = now[f"first {w}"] / (1 - s["beta 1"] ** now["step"])
        square = now[f"second {w}"] / (1 - s["beta 2"] ** now["step"])
        lr = now.get("rate now", s["rate"])
        return now[w] - lr * mean / (math.sqrt(square) + s["tiny"])

    return both(
        "new ~",
        "{~}-" + rate + "*({first ~}/(1-{beta 1}^{step}))"
        "/(SQRT({second ~}/(1-{beta 2}^{step}))+{tiny})",
        result,
    )


_ADAM = {"rate": 2.0, "beta 1": 0.9, "beta 2": 0.99, "tiny": 1e-8}

RULES = {
    "basic": Rule(
        "A step against the gradient; the nudged columns estimate it.",
        {"rate": 0.00001, "nudge": 0.01},
        (
            *_NUDGED,
            *both(
                "new ~",
                "{~}-{rate}*{gradient ~}",
                lambda now, old, s, w: (
                    now[w] - s["rate"] * now[f"gradient {w}"]
                ),
            ),
        ),
    ),
    "momentum": Rule(
        "A step against the velocity, which fades and gathers gradients.",
        {"rate": 0.000001, "momentum": 0.9},
        (
            *_VELOCITY,
            *both(
                "new ~",
                "{~}-{rate}*{velocity ~}",
                lambda now, old, s, w: (
                    now[w] - s["rate"] * now[f"velocity {w}"]
                ),
            ),
        ),
    ),
    "RMSProp": Rule(
        "The gradient divided by the root of its mean square.",
        {"rate": 0.2, "kept": 0.99, "tiny": 1e-8},
        (
            *_SQUARES,
            *both(
                "new ~",
                "{~}-{rate}*{gradient ~}/(SQRT({mean square ~})+{tiny})",
                lambda now, old, s, w: (
                    now[w]
                    - s["rate"]
                    * now[f"gradient {w}"]
                    / (math.sqrt(now[f"mean square {w}"]) + s["tiny"])
                ),
            ),
        ),
    ),
    "Adam": Rule(
        "Both means, corrected for their start at zero.",
        _ADAM,
        (*_FIRST, *_SECOND, *_adam_step("{rate}")),
    ),
    "Adam annealed": Rule(
        "Adam with a rate that fades from epoch to epoch.",
        _ADAM | {"rate": 5.0, "fading": 0.5},
        (*_FIRST, *_SECOND, _FADED, *_adam_step("{rate now}")),
    ),
}
