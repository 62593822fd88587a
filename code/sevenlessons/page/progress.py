"""The callback that tells the reader how training goes.

It needs no widget, no JavaScript and no further package. In a notebook one
output is updated in place, so the stored page shows the last state only;
in a terminal each epoch is a line. Nothing goes to stderr.
"""

import itertools
from typing import TYPE_CHECKING

from sevenlessons.training.callbacks import Callback

from .output import publish
from .tables import table

if TYPE_CHECKING:
    from sevenlessons.training.learner import Learner

__all__ = ["Progress"]

_numbers = itertools.count(1)


class Progress(Callback):
    """Show one row an epoch while `Learner.fit` runs.

    Parameters
    ----------
    columns
        Which columns of ``history.epochs`` to show; all if None.
    every
        Show each so many epochs, and the last one; at least 1.

    Examples
    --------
    >>> from sevenlessons.page.progress import Progress
    >>> Progress(every=5).every
    5

    """

    def __init__(
        self, columns: list[str] | None = None, *, every: int = 1
    ) -> None:
        if every < 1:
            raise ValueError(f"every must be at least 1, got {every}")
        self.columns = columns
        self.every = every
        self.rows: list[dict[str, float]] = []
        self._last: dict[str, float] | None = None
        self._display_id: str | None = None

    def on_fit_begin(self, learner: "Learner") -> None:
        self.rows, self._last, self._display_id = [], None, None

    def on_epoch_end(self, learner: "Learner") -> None:
        row = learner.history.epochs[-1]
        columns = self.columns or list(row)
        for column in columns:
            if column not in row:
                raise ValueError(
                    f"column {column!r} is not recorded; available: "
                    f"{', '.join(row)}"
                )
        self._last = {name: row[name] for name in columns}
        if int(row["epoch"]) % self.every == 0:
            self._show()

    def on_fit_end(self, learner: "Learner") -> None:
        if self._last is not None:
            self._show()

    def _show(self) -> None:
        """Add the last row and show the table so far."""
        if self._last is None:
            return
        row, self._last = self._last, None
        self.rows.append(row)
        shown = table(self.rows, digits=4)
        first = self._display_id is None
        if self._display_id is None:
            self._display_id = f"sevenlessons-progress-{next(_numbers)}"
        sent = publish(
            {"text/plain": repr(shown), "text/html": shown._repr_html_()},
            display_id=self._display_id,
            update=not first,
        )
        if not sent:
            words = [
                f"{name} {value:.4g}"
                if isinstance(value, float)
                else f"{name} {value}"
                for name, value in row.items()
            ]
            print(" · ".join(words), flush=True)
