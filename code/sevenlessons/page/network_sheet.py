"""One sheet of a network: each number of both passes as a live formula."""

from collections.abc import Callable, Mapping

import numpy as np

from .sheets import Sheet, address

__all__ = ["network_sheet"]

_HEADS = (
    (
        "A whole network: forward, and the gradients back.",
        "Blue numbers are yours: change one, and all others follow.",
    ),
    (
        "The same network after one step against the gradient.",
        "Everything here follows from the first sheet.",
    ),
)
_ROWS = (
    "before ReLU",
    "hidden",
    "scores",
    "exp(score - largest)",
    "probabilities",
    "gradient of scores",
    "gradient of hidden",
    "gradient of before ReLU",
)
_Line = Callable[[int], str]
_Grid = Callable[[int, int], str]


def network_sheet(
    title: str,
    made: Mapping[str, np.ndarray],
    *,
    lr: float = 0.0,
    source: str = "",
) -> Sheet:
    """Write every number of both passes under its name.

    Parameters
    ----------
    title
        The name on the tab.
    made
        The numbers that formulas must give, by name, as `network_workbook`
        computes them.
    lr
        Learning rate, a number to play with.
    source
        Title of the sheet that this one is a step later than. It takes
        inputs from there, and weights moved against the gradient; without
        it, both are numbers to play with.

    Raises
    ------
    ValueError
        If a name is missing.

    Examples
    --------
    >>> from sevenlessons.page.network_sheet import network_sheet
    >>> network_sheet("network", {})
    Traceback (most recent call last):
    ...
    ValueError: expected numbers of 'inputs', got none

    """
    for name in ("inputs", "truth", *_ROWS):
        if name not in made:
            raise ValueError(f"expected numbers of {name!r}, got none")
    pen = _Writer(title, made)
    sheet, at, row = pen.sheet, pen.at, pen.row
    num_in, hidden, out = (
        len(made[name]) for name in ("inputs", "hidden", "scores")
    )
    sheet.put(1, 1, _HEADS[bool(source)][0], style="head")
    sheet.put(2, 1, _HEADS[bool(source)][1])
    if not source:
        sheet.put(pen.top["rate"], 1, "learning rate", style="head")
        sheet.put(pen.top["rate"], 2, float(lr), style="input")
    for name in ("inputs", "truth"):
        pen.line(name, pen.copied(name, source))
    for name in ("weights 1", "weights 2"):
        pen.grid(name, pen.stepped(name, source))
    weigh = "SUMPRODUCT({},{})+{}".format
    flow: dict[str, Callable[[int], str]] = {
        "before ReLU": lambda k: weigh(
            row("inputs"),
            row("weights 1", k, num_in),
            at("weights 1", num_in, k),
        ),
        "hidden": lambda k: f"MAX(0,{at('before ReLU', k)})",
        "scores": lambda k: weigh(
            row("hidden"),
            row("weights 2", k, hidden),
            at("weights 2", hidden, k),
        ),
        "exp(score - largest)": lambda k: (
            f"EXP({at('scores', k)}-MAX({row('scores')}))"
        ),
        "probabilities": lambda k: (
            f"{at('exp(score - largest)', k)}/"
            f"SUM({row('exp(score - largest)')})"
        ),
        "gradient of scores": lambda k: (
            f"{at('probabilities', k)}-{at('truth', k)}"
        ),
        "gradient of hidden": lambda k: "+".join(
            f"{at('gradient of scores', i)}*{at('weights 2', k, i)}"
            for i in range(out)
        ),
        "gradient of before ReLU": lambda k: (
            f"IF({at('before ReLU', k)}>0,{at('gradient of hidden', k)},0)"
        ),
    }
    for name, formula in flow.items():
        pen.line(name, formula)
    for kind, after, before, size in (
        ("weights 2", "scores", "hidden", hidden),
        ("weights 1", "before ReLU", "inputs", num_in),
    ):
        pen.grid(f"gradient of {kind}", pen.outer(after, before, size))
    sheet.put(3, 1, "loss", style="head")
    sheet.put(
        3,
        2,
        f"=LN(SUM({row('exp(score - largest)')}))+MAX({row('scores')})"
        f"-SUMPRODUCT({row('truth')},{row('scores')})",
        float(made["loss"][0]),
        "result",
    )
    return sheet


class _Writer:
    """Writes one sheet: knows in which row each name begins."""

    def __init__(self, title: str, made: Mapping[str, np.ndarray]) -> None:
        self.made, self.sheet = made, Sheet(title, {1: 26.0}, address(4, 2))
        hidden, out = len(made["hidden"]), len(made["scores"])
        self.top = {"inputs": 5, "truth": 6, "rate": 7, "weights 1": 10}
        row = self.top["weights 2"] = 12 + hidden
        row += out - 1
        for name in _ROWS:
            row += 1 + (name in ("before ReLU", "gradient of scores"))
            self.top[name] = row
        self.top["gradient of weights 2"] = row + 3
        self.top["gradient of weights 1"] = row + out + 5

    def at(self, name: str, column: int, down: int = 0) -> str:
        return address(self.top[name] + down, 2 + column, "both")

    def row(self, name: str, down: int = 0, length: int = 0) -> str:
        length = length or len(self.made[name])
        return f"{self.at(name, 0, down)}:{self.at(name, length - 1, down)}"

    def line(self, name: str, formula: _Line | None) -> None:
        """Write one row: a formula for each number, or numbers to change."""
        self.sheet.put(self.top[name], 1, name, style="head")
        for k, number in enumerate(self.made[name]):
            self._cell(name, k, 0, number, formula and formula(k))

    def grid(self, name: str, formula: _Grid | None) -> None:
        """Write a matrix with its bias in the column after it."""
        bias = self.made[name.replace("weights", "bias")]
        words = f"{name}, bias last"
        self.sheet.put(self.top[name] - 1, 1, words, style="head")
        both = np.column_stack([self.made[name], bias])
        for (i, j), number in np.ndenumerate(both):
            self.sheet.put(self.top[name] + i, 1, f"to number {i + 1}")
            self._cell(name, j, i, number, formula and formula(i, j))

    def copied(self, name: str, source: str) -> _Line | None:
        return (lambda k: f"{source}!{self.at(name, k)}") if source else None

    def stepped(self, name: str, source: str) -> _Grid | None:
        rate, grad = self.at("rate", 0), f"gradient of {name}"

        def formula(i: int, j: int) -> str:
            here, down = self.at(name, j, i), self.at(grad, j, i)
            return f"{source}!{here}-{source}!{rate}*{source}!{down}"

        return formula if source else None

    def outer(self, after: str, before: str, size: int) -> _Grid:
        """Return the gradient of a weight: what came times what went in."""

        def formula(i: int, j: int) -> str:
            came = self.at(f"gradient of {after}", i)
            return f"{came}*{self.at(before, j)}" if j < size else came

        return formula

    def _cell(
        self, name: str, k: int, down: int, number: float, formula: str | None
    ) -> None:
        place = self.top[name] + down, 2 + k
        if formula is None:
            self.sheet.put(*place, float(number), style="input")
        else:
            self.sheet.put(*place, f"={formula}", float(number))
