"""Ablation: switch things on one by one, and measure each over seeds.

What a method is worth is the difference that it makes alone, and the
difference that it makes among others. The switches are plain data: an *arm*
is a dictionary from the name of a switch to its strength. All arms meet the
same seeds of torch, so a seed's luck is in each of them and falls out of a
difference. Who draws from numpy or ``random`` seeds them in the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

__all__ = ["ablate", "arms_of"]

Arm = Mapping[str, Any]


def arms_of(
    strengths: Mapping[str, Any],
    *,
    none: str = "none",
    together: str = "all together",
) -> dict[str, dict[str, Any]]:
    """Return the arms of an ablation: none, each switch alone, all of them.

    Parameters
    ----------
    strengths
        Name of a switch to its strength when it is on.
    none, together
        What the first and the last arm are called.

    Raises
    ------
    ValueError
        If there are fewer than two switches, or one has the name of an arm.

    Examples
    --------
    >>> arms_of({"decay": 0.1, "dropout": 0.5})["all together"]
    {'decay': 0.1, 'dropout': 0.5}
    >>> list(arms_of({"decay": 0.1, "dropout": 0.5}))
    ['none', 'decay', 'dropout', 'all together']

    """
    taken = {none, together} & set(strengths)
    if len(strengths) < 2 or taken or none == together:
        raise ValueError(
            "expected two switches or more, none of them called "
            f"{none!r} or {together!r}, got {list(strengths)}; rename the "
            "switch, or pass other words for none and together"
        )
    alone = {name: {name: value} for name, value in strengths.items()}
    return {none: {}, **alone, together: dict(strengths)}


def ablate(
    run: Callable[..., Mapping[str, float]],
    arms: Mapping[str, Arm],
    seeds: Sequence[int],
) -> dict[str, dict[str, list[float]]]:
    """Run every arm with every seed.

    Parameters
    ----------
    run
        Called as ``run(seed, **switches)``, so no switch may be called
        ``seed``; returns what it measured, by
        name. Torch's global random state is set to the seed before each
        call, and put back at the end.
    arms
        Name to switches, such as `arms_of` returns.
    seeds
        Different whole numbers, at least one.

    Returns
    -------
    dict
        ``result[arm][measure]``: one number a seed, in the order of `seeds`.

    Raises
    ------
    ValueError
        If there is no arm or no seed, a seed comes twice, a measure is no
        finite number, or two runs measured different things.

    Examples
    --------
    >>> def run(seed, bonus=0.0):
    ...     return {"score": torch.rand(1).item() + bonus}
    >>> found = ablate(run, {"none": {}, "bonus": {"bonus": 1.0}}, [3, 4])
    >>> none, bonus = found["none"]["score"], found["bonus"]["score"]
    >>> [round(b - a, 5) for a, b in zip(none, bonus)]
    [1.0, 1.0]

    """
    if not arms or not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(
            "expected at least one arm and at least one seed, each seed once, "
            f"got arms {list(arms)} and seeds {list(seeds)}; the same seed "
            "again would count the same luck twice"
        )
    found: dict[str, dict[str, list[float]]] = {}
    names: set[str] = set()
    with torch.random.fork_rng():
        for arm, switches in arms.items():
            found[arm] = {}
            for seed in seeds:
                torch.manual_seed(seed)
                row = _checked(run(seed, **switches), arm, seed)
                names = names or set(row)
                _compare(set(row), names, arm, seed)
                for measure, number in row.items():
                    found[arm].setdefault(measure, []).append(number)
    return found


def _checked(
    measured: Mapping[str, float], arm: str, seed: int
) -> dict[str, float]:
    """Return the measures as floats; refuse what is no finite number."""
    numbers = {key: float(value) for key, value in measured.items()}
    wrong = {k: v for k, v in numbers.items() if not math.isfinite(v)}
    if wrong or not numbers:
        raise ValueError(
            f"arm {arm!r}, seed {seed}: expected finite numbers by name, got "
            f"{wrong or 'nothing'}; if a training diverges, lower its rate, "
            "or return what a failed run is worth"
        )
    return numbers


def _compare(now: set[str], first: set[str], arm: str, seed: int) -> None:
    """Refuse a run that measured other things than the first one."""
    if now != first:
        raise ValueError(
            f"arm {arm!r}, seed {seed}: expected the measures "
            f"{sorted(first)} of the first run, got {sorted(now)}; return "
            "the same names every time"
        )
