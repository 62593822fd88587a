"""From a table to the two tensors that a network for tables takes.

`Preparation` runs the processors in their order: fill gaps, cut into ranges,
number the categories, scale the numbers. It learns from training rows, and
is written to one JSON file, so that a service can prepare a single row.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pandas as pd
import torch
from torch import Tensor

from .binned import Binned
from .checks import check_names
from .columns import Categorify, FillMissing, Standardize
from .learned import check_learned
from .processor import Processor

__all__ = ["Preparation"]

_FORMAT = "sevenlessons table preparation 1"


class Preparation(Processor):
    """Learn how to prepare a table, then prepare any rows alike.

    Parameters
    ----------
    categories
        Columns of categories.
    numbers
        Columns of numbers. Gaps are filled; where the training rows have
        some, the note about it becomes one more category.
    binned
        Which of the numbers are *also* cut into ranges, and into how many;
        each becomes one more category.
    min_count
        As in `Categorify`.

    Attributes
    ----------
    names
        All categories in the order of the first tensor's columns: those
        given, the notes about gaps, the ranges.
    sizes
        How many numbers each of them uses, number 0 counted.

    Examples
    --------
    >>> train = pd.DataFrame({"sex": ["f", "m"], "age": [30.0, None]})
    >>> prepare = Preparation(["sex"], ["age"]).fit(train)
    >>> prepare.names, prepare.sizes
    (['sex', 'age_missing'], [3, 3])
    >>> codes, numbers = prepare.tensors(train)
    >>> codes.tolist(), numbers.tolist()
    ([[1, 1], [2, 2]], [[0.0], [0.0]])

    """

    def __init__(
        self,
        categories: Sequence[str],
        numbers: Sequence[str],
        *,
        binned: Mapping[str, int] | None = None,
        min_count: int = 1,
    ) -> None:
        self.categories = check_names(categories, "categories")
        self.numbers = check_names(numbers, "numbers")
        self.binned = dict(binned or {})
        self.min_count = min_count
        super().__init__([*self.categories, *self.numbers])
        strange = [name for name in self.binned if name not in self.numbers]
        if strange:
            raise ValueError(
                f"binned names {strange[0]!r}, which is none of the numbers "
                f"{self.numbers}; only numbers can be cut into ranges"
            )
        made = [f"{name}_missing" for name in self.numbers]
        made += [f"{name}_bin" for name in self.binned]
        clashing = [name for name in made if name in self.columns]
        if clashing:
            raise ValueError(
                f"column {clashing[0]!r} has a name that the preparation "
                "gives to a column of its own; rename it in the table"
            )
        self.fill = FillMissing(self.numbers)
        self.ranges = [Binned([c], bins=n) for c, n in self.binned.items()]
        self.scale = Standardize(self.numbers)
        self.categorify = Categorify(self.categories, min_count=min_count)

    @property
    def names(self) -> list[str]:
        self.check_fitted()
        ranges = [name for part in self.ranges for name in part.sizes_]
        return [*self.categorify.columns, *ranges]

    @property
    def sizes(self) -> list[int]:
        self.check_fitted()
        ranges = [
            size for part in self.ranges for size in part.sizes_.values()
        ]
        return [*self.categorify.sizes_.values(), *ranges]

    def learn(self, table: pd.DataFrame) -> None:
        filled = self.fill.fit_transform(table)
        flags = [f"{column}_missing" for column in self.fill.flags_]
        self.categorify = Categorify(
            [*self.categories, *flags], min_count=self.min_count
        ).fit(filled)
        for part in self.ranges:
            part.fit(filled)
        self.scale.fit(filled)

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        table = self.fill.transform(table)
        for part in (*self.ranges, self.categorify, self.scale):
            table = part.transform(table)
        return table

    def check_fitted(self) -> None:
        self.scale.check_fitted()  # the last to be fitted

    def tensors(self, table: pd.DataFrame) -> tuple[Tensor, Tensor]:
        """Return category numbers ``(N, C)`` and scaled numbers ``(N, M)``.

        Columns that were not named at the start are ignored, the target
        among them.
        """
        made = self.transform(table)
        codes = made[self.names].to_numpy(dtype="int64", copy=True)
        numbers = made[self.numbers].to_numpy(dtype="float32", copy=True)
        return torch.from_numpy(codes), torch.from_numpy(numbers)

    def row(self, values: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
        """Return the tensors of a single row, given as name to value."""
        return self.tensors(pd.DataFrame([dict(values)]))

    def state_dict(self) -> dict[str, Any]:
        self.check_fitted()
        return {
            "flags": list(self.fill.flags_),
            "parts": [part.state_dict() for part in self._parts()],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        check_learned("flags", state["flags"], self.numbers, "names")
        if state["flags"] != state["parts"][0]["flags_"]:
            raise ValueError(
                f"two lists of columns with gaps differ: {state['flags']} "
                f"and {state['parts'][0]['flags_']}"
            )
        flags = [f"{column}_missing" for column in state["flags"]]
        self.categorify = Categorify(
            [*self.categories, *flags], min_count=self.min_count
        )
        for part, one in zip(self._parts(), state["parts"], strict=True):
            part.load_state_dict(one)

    def _parts(self) -> list[Processor]:
        return [self.fill, *self.ranges, self.categorify, self.scale]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write settings and what was learned to a JSON file."""
        kept = {
            "format": _FORMAT,
            "categories": self.categories,
            "numbers": self.numbers,
            "binned": self.binned,
            "min_count": self.min_count,
            "state": self.state_dict(),
        }
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        part = Path(path).with_name(f".{Path(path).name}.part")
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)  # whole at every moment

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the preparation that `save` wrote.

        Raises
        ------
        ValueError
            If the file is no such preparation, or damaged.

        """
        try:
            kept = json.loads(Path(path).read_text(encoding="utf-8"))
            if kept["format"] != _FORMAT:
                raise ValueError(f"its format is {kept['format']!r}")
            made = cls(
                kept["categories"],
                kept["numbers"],
                binned=kept["binned"],
                min_count=kept["min_count"],
            )
            made.load_state_dict(kept["state"])
        except (ValueError, LookupError, TypeError) as error:
            raise ValueError(
                f"{Path(path).as_posix()} is no table preparation that this "
                f"version can read ({error}); write it again with save"
            ) from error
        return made
