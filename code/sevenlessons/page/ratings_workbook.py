"""A workbook of ratings: dot product, one-hot, look-up, biases.

Four sheets on one small grid of ratings. The first multiplies factors. The
second and the third fetch the same factors by multiplying with a one-hot
vector and by looking up a row; their errors are equal, which is the point.
The fourth has biases. Every figure is a formula of the numbers in blue.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .ratings_list import DOT, TOP, list_sheet
from .sheets import Sheet, address, block
from .workbook import workbook

__all__ = ["ratings_workbook"]

_PLAY = (
    "Blue numbers are yours: change a factor or a rating, and see the error "
    "and all predictions follow."
)


def ratings_workbook(
    ratings: Any,
    users: Sequence[str],
    films: Sequence[str],
    *,
    factors: tuple[Any, Any],
    biased: tuple[Any, Any, Any, Any],
) -> bytes:
    """Return the xlsx file of a small grid of ratings and two fitted models.

    Parameters
    ----------
    ratings
        Shape ``(users, films)``; NaN where nobody rated.
    users, films
        Their names.
    factors
        User factors ``(users, K)`` and film factors ``(films, K)`` of a
        model without biases.
    biased
        The same of a model with biases, then the user biases ``(users,)``
        and the film biases ``(films,)``.

    Returns
    -------
    bytes
        The file. Each sheet has the root of the mean squared error (RMSE)
        over the ratings in its cell B3.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no rating, a number is not finite, or
        a name begins with ``=``.

    Examples
    --------
    >>> from sevenlessons.page.ratings_workbook import ratings_workbook
    >>> one = [[1.0]]
    >>> book = ratings_workbook(
    ...     [[4.0]], ["Ada"], ["Metropolis"],
    ...     factors=(one, one), biased=(one, one, [0.5], [0.5]),
    ... )
    >>> book[:2]
    b'PK'

    """
    grid = np.asarray(ratings, dtype=float)
    if grid.ndim != 2 or np.isfinite(grid).sum() == 0:
        raise ValueError(
            "ratings must be a grid of users and films with at least one "
            f"rating, got shape {grid.shape}; NaN marks what nobody rated"
        )
    if grid.shape != (len(users), len(films)):
        raise ValueError(
            f"expected ratings of {len(users)} users and {len(films)} films, "
            f"got shape {grid.shape}"
        )
    for name in (*users, *films):
        if str(name).startswith("="):
            raise ValueError(
                f"a name must not begin with '=', got {name!r}: a spreadsheet "
                "takes it for a formula; put another letter before it"
            )
    plain = [np.asarray(part, dtype=float) for part in factors]
    with_bias = [np.asarray(part, dtype=float) for part in biased]
    _check(grid, *plain)
    _check(grid, *with_bias)
    return workbook(
        [
            _grid_sheet(DOT, grid, users, films, plain),
            list_sheet("one-hot", grid, plain, one_hot=True),
            list_sheet("embedding look-up", grid, plain, one_hot=False),
            _grid_sheet("bias", grid, users, films, with_bias),
        ]
    )


def _check(grid: np.ndarray, *parts: np.ndarray) -> None:
    users, films = grid.shape
    rank = parts[0].shape[-1] if parts[0].ndim == 2 else 0
    wanted = [(users, rank), (films, rank), (users,), (films,)][: len(parts)]
    got = [part.shape for part in parts]
    if got != wanted or rank < 1:
        raise ValueError(
            f"expected factors (and biases) of shapes {wanted}, got {got}"
        )
    if not all(np.isfinite(part).all() for part in parts):
        raise ValueError(
            "factors and biases must be finite numbers, and some are not; "
            "fit the model again with a smaller rate"
        )


def _grid_sheet(
    title: str,
    grid: np.ndarray,
    users: Sequence[str],
    films: Sequence[str],
    parts: Sequence[np.ndarray],
) -> Sheet:
    """Ratings above, film factors in the middle, predictions below."""
    (num_users, num_films), rank = grid.shape, parts[0].shape[1]
    biased = len(parts) == 4
    left = 2 + rank + biased  # the first film's column
    middle = TOP + num_users + 2  # the first row of film factors
    below = middle + rank + biased + 2  # the first row of predictions
    sheet = Sheet(title, {1: 16.0}, address(4, 2))
    for column in range(2, left + num_films):
        sheet.widths[column] = 7.0
    sheet.put(
        1,
        1,
        "A rating is a dot product of factors"
        + (", plus two biases." if biased else "."),
        style="head",
    )
    sheet.put(2, 1, _PLAY)
    for top, words in [(TOP, "ratings"), (below, "predictions")]:
        sheet.put(top - 1, 1, words, style="head")
        for j, film in enumerate(films):
            sheet.put(top - 1, left + j, film, style="turned")
        for i, user in enumerate(users):
            sheet.put(top + i, 1, user, style="head")
    names = [f"factor {k + 1}" for k in range(rank)] + ["bias"] * biased
    for k, name in enumerate(names):
        sheet.put(middle + k, left - 1, name, style="head")
        sheet.put(below - 1, 2 + k, name, style="turned")
    sheet.put(middle, 1, "factors of films", style="head")
    user_side = np.column_stack([parts[0], *parts[2:3]])
    film_side = np.column_stack([parts[1], *parts[3:4]])
    for (i, k), number in np.ndenumerate(user_side):
        sheet.put(below + i, 2 + k, float(number), style="input")
    for (j, k), number in np.ndenumerate(film_side):
        sheet.put(middle + k, left + j, float(number), style="input")
    predictions = parts[0] @ parts[1].T
    if biased:
        predictions = predictions + parts[2][:, None] + parts[3]
    for (i, j), rating in np.ndenumerate(grid):
        if np.isfinite(rating):
            sheet.put(TOP + i, left + j, float(rating), style="input")
        row, column = below + i, left + j
        formula = (
            f"=MMULT({address(row, 2, 'column')}:"
            f"{address(row, 1 + rank, 'column')},"
            f"{address(middle, column, 'row')}:"
            f"{address(middle + rank - 1, column, 'row')})"
        )
        if biased:
            formula += f"+{address(row, 2 + rank, 'column')}"
            formula += f"+{address(middle + rank, column, 'row')}"
        sheet.put(row, column, formula, predictions[i, j])
    truth = block(TOP, left, num_users, num_films)
    found = block(below, left, num_users, num_films)
    sheet.put(3, 1, "RMSE", style="head")
    sheet.put(
        3,
        2,
        f'=SQRT(SUMPRODUCT(({truth}<>"")*({truth}-{found})^2)/COUNT({truth}))',
        float(np.sqrt(np.nanmean((grid - predictions) ** 2))),
        "result",
    )
    return sheet
