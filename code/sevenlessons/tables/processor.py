"""A processor learns from training rows and changes any rows the same way.

What it learned ends in `_`, and can be written to JSON and read back: then
a service in another process changes tomorrow's rows as the training did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import pandas as pd

from .checks import check_names, check_table
from .learned import check_learned

__all__ = ["Processor"]


class Processor:
    """Base of all that learns from a table and then changes tables.

    A processor of your own overrides `learn` and `change`; it lists in
    `learned` the attributes that `learn` sets, all of them plain values,
    and in `kinds` what `learned.check_learned` shall look at when they are
    read back.
    Rows other than the training rows never change what was learned.

    Parameters
    ----------
    columns
        The columns it works on. All others pass through as they are.

    Examples
    --------
    >>> class Center(Processor):
    ...     learned = ("means_",)
    ...
    ...     def learn(self, table):
    ...         self.means_ = table[self.columns].mean().to_dict()
    ...
    ...     def change(self, table):
    ...         return table.assign(
    ...             **{c: table[c] - self.means_[c] for c in self.columns}
    ...         )
    >>> center = Center(["age"]).fit(pd.DataFrame({"age": [30, 50]}))
    >>> center.transform(pd.DataFrame({"age": [41]}))["age"].tolist()
    [1.0]

    """

    learned: tuple[str, ...] = ()
    kinds: ClassVar[Mapping[str, str]] = {}

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = check_names(columns)

    def learn(self, table: pd.DataFrame) -> None:
        """Set what ends in `_`, from training rows."""
        raise NotImplementedError(f"{type(self).__name__} needs learn(table)")

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a changed copy of `table`."""
        raise NotImplementedError(f"{type(self).__name__} needs change(table)")

    def fit(self, table: pd.DataFrame) -> Self:
        """Learn from training rows, forgetting what was learned before."""
        check_table(table, self.columns)
        self.learn(table)
        return self

    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return `table` changed; the table itself stays as it is."""
        self.check_fitted()
        check_table(table, self.columns)
        return self.change(table)

    def fit_transform(self, table: pd.DataFrame) -> pd.DataFrame:
        """Learn from `table` and return it changed."""
        return self.fit(table).transform(table)

    def check_fitted(self) -> None:
        """Raise unless something was learned."""
        if not all(hasattr(self, name) for name in self.learned):
            raise RuntimeError(
                f"this {type(self).__name__} has learned nothing yet; call "
                "fit(train) first, on training rows"
            )

    def state_dict(self) -> dict[str, Any]:
        """Return what was learned, in plain values that JSON can hold."""
        self.check_fitted()
        return {name: getattr(self, name) for name in self.learned}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` returned, if it is whole."""
        if not isinstance(state, Mapping) or set(state) != set(self.learned):
            raise ValueError(
                f"expected the state of a {type(self).__name__} with "
                f"{', '.join(sorted(self.learned))}, got "
                f"{', '.join(sorted(state)) or 'nothing'}"
            )
        for name, kind in self.kinds.items():
            check_learned(name, state[name], self.columns, kind)
        for name, value in state.items():
            setattr(self, name, value)
