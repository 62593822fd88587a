"""Ratings one a row: factors fetched by one-hot vectors, or by look-up.

Both sheets read the factors of the first sheet of `ratings_workbook`, so a
change there moves both alike.
"""

from collections.abc import Sequence

import numpy as np

from .sheets import Sheet, address, block

__all__ = ["list_sheet"]

DOT = "dot product"  # the first sheet's title
TOP = 6  # the first row of its ratings
_FIRST = 6  # the first row here


def list_sheet(
    title: str, grid: np.ndarray, parts: Sequence[np.ndarray], *, one_hot: bool
) -> Sheet:
    """Return a sheet with one rating a row.

    Parameters
    ----------
    title
        Its name.
    grid
        Ratings of shape ``(users, films)``, NaN where nobody rated, as they
        stand on the first sheet.
    parts
        User factors ``(users, K)`` and film factors ``(films, K)``.
    one_hot
        Fetch factors by multiplying with one-hot vectors, not by look-up.

    """
    (num_users, num_films), rank = grid.shape, parts[0].shape[1]
    sheet = Sheet(title, {1: 8.0}, "D6")
    how = "multiplying with one-hot vectors" if one_hot else "looking up rows"
    sheet.put(1, 1, f"The factors of sheet 1, fetched by {how}.", style="head")
    heads = ["user", "film", "rating"]
    if one_hot:
        heads += [f"u{i + 1}" for i in range(num_users)]
        heads += [f"f{j + 1}" for j in range(num_films)]
    begin = len(heads) + 1  # the first column of fetched factors
    heads += [f"user {k + 1}" for k in range(rank)]
    heads += [f"film {k + 1}" for k in range(rank)]
    for column, head in enumerate([*heads, "product", "squared error"], 1):
        sheet.put(5, column, head, style="head")
    errors = []
    rated = np.argwhere(np.isfinite(grid)).tolist()
    for row, (i, j) in enumerate(rated, _FIRST):
        _put_rating(sheet, row, i, j, grid, 2 + rank)
        if one_hot:
            _put_one_hot(sheet, row, 4, "A", i, num_users)
            _put_one_hot(sheet, row, 4 + num_users, "B", j, num_films)
        for k in range(rank):
            user, film = _formulas(row, k, grid.shape, rank, one_hot)
            sheet.put(row, begin + k, user, float(parts[0][i, k]))
            sheet.put(row, begin + rank + k, film, float(parts[1][j, k]))
        product = float(parts[0][i] @ parts[1][j])
        errors.append(float(grid[i, j] - product) ** 2)
        both = [_row(row, begin + n * rank, rank) for n in (0, 1)]
        end = begin + 2 * rank
        sheet.put(row, end, f"=SUMPRODUCT({','.join(both)})", product)
        miss = f"=($C{row}-{address(row, end)})^2"
        sheet.put(row, end + 1, miss, errors[-1])
    missed = block(_FIRST, begin + 2 * rank + 1, len(rated), 1)
    sheet.put(3, 1, "RMSE", style="head")
    rmse = float(np.sqrt(np.mean(errors)))
    sheet.put(3, 2, f"=SQRT(AVERAGE({missed}))", rmse, "result")
    return sheet


def _row(row: int, column: int, count: int) -> str:
    """Return the name of neighboring cells of a row."""
    first = address(row, column, "column")
    return f"{first}:{address(row, column + count - 1, 'column')}"


def _put_rating(
    sheet: Sheet, row: int, i: int, j: int, grid: np.ndarray, left: int
) -> None:
    sheet.put(row, 1, i + 1)
    sheet.put(row, 2, j + 1)
    where = block(TOP, left, *grid.shape)
    formula = f"=INDEX('{DOT}'!{where},$A{row},$B{row})"
    sheet.put(row, 3, formula, float(grid[i, j]))


def _put_one_hot(
    sheet: Sheet, row: int, begin: int, column: str, hot: int, count: int
) -> None:
    for place in range(count):
        formula = f"=IF(${column}{row}={place + 1},1,0)"
        sheet.put(row, begin + place, formula, float(place == hot))


def _formulas(
    row: int, factor: int, shape: tuple[int, ...], rank: int, one_hot: bool
) -> tuple[str, str]:
    """Return what fetches one factor of the row's user, and of its film."""
    num_users, num_films = shape
    middle = TOP + num_users + 2
    # a user is a row of the first sheet, a film a column
    of_users = block(middle + rank + 2, 2 + factor, num_users, 1)
    of_films = block(middle + factor, 2 + rank, 1, num_films)
    of_users, of_films = (f"'{DOT}'!{name}" for name in (of_users, of_films))
    if not one_hot:
        user, film = f"{of_users},$A{row}", f"{of_films},$B{row}"
        return f"=INDEX({user})", f"=INDEX({film})"
    user_vector = _row(row, 4, num_users)
    film_vector = _row(row, 4 + num_users, num_films)
    return (
        f"=MMULT({user_vector},{of_users})",
        f"=SUMPRODUCT({film_vector},{of_films})",
    )
