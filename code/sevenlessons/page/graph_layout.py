"""Where the boxes of a graph go: rows from top to bottom, few crossings.

Every box stands below all that it was made of. A connection that skips rows
gets a bend in each of them, so that it runs between the boxes. Within a row
each one moves toward the middle of its neighbors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["GraphLayout", "graph_layout"]

_SWEEPS = 6


@dataclass(frozen=True)
class GraphLayout:
    """Places in a grid: columns may be halves, rows count from 0.

    Attributes
    ----------
    places
        Column and row of each box.
    paths
        For each connection, in the order of boxes and of their parents: its
        places from the parent to the box.
    columns, rows
        The size of the grid.

    """

    places: list[tuple[float, int]]
    paths: list[list[tuple[float, int]]]
    columns: int
    rows: int


def graph_layout(parents: Sequence[Sequence[int]]) -> GraphLayout:
    """Return where each box goes, and each connection.

    Parameters
    ----------
    parents
        For each box the numbers of those it was made of, all of them before
        it in the list.

    Raises
    ------
    ValueError
        If there is no box, or one is made of itself or of a later one.

    Examples
    --------
    >>> from sevenlessons.page.graph_layout import graph_layout
    >>> graph_layout([[], [], [0, 1]]).places
    [(0.0, 0), (1.0, 0), (0.5, 1)]

    """
    if not parents:
        raise ValueError("a graph needs at least one box, got none")
    for child, made_of in enumerate(parents):
        if any(not 0 <= parent < child for parent in made_of):
            raise ValueError(
                f"box {child} must be made of boxes before it, got "
                f"{list(made_of)}; list a graph from its start to its end"
            )
    row = _rows(parents)
    above: list[list[int]] = [[] for _ in parents]  # bends are boxes too
    chains = []
    for child, made_of in enumerate(parents):
        for parent in made_of:
            chain = [parent]
            for between in range(row[parent] + 1, row[child]):
                row.append(between)
                above.append([chain[-1]])
                chain.append(len(row) - 1)
            above[child].append(chain[-1])
            chains.append([*chain, child])
    column = _columns(row, above)
    width = max(row.count(number) for number in set(row))
    spots = list(zip(column, row, strict=True))
    return GraphLayout(
        spots[: len(parents)],
        [[spots[one] for one in chain] for chain in chains],
        width,
        max(row) + 1,
    )


def _rows(parents: Sequence[Sequence[int]]) -> list[int]:
    """Return a row for each box; what starts stands just above its use."""
    row: list[int] = []
    for made_of in parents:
        row.append(1 + max((row[p] for p in made_of), default=-1))
    for start, made_of in enumerate(parents):
        uses = [row[k] for k, ps in enumerate(parents) if start in ps]
        if not made_of and uses:
            row[start] = min(uses) - 1
    return row


def _columns(row: list[int], above: list[list[int]]) -> list[float]:
    below: list[list[int]] = [[] for _ in row]
    for child, made_of in enumerate(above):
        for parent in made_of:
            below[parent].append(child)
    rows = [
        [k for k, r in enumerate(row) if r == number]
        for number in range(max(row) + 1)
    ]
    width = max(map(len, rows))
    column = [0.0] * len(row)

    def spread(members: list[int]) -> None:
        for place, k in enumerate(members):
            column[k] = place + (width - len(members)) / 2

    for members in rows:
        spread(members)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        beside = above if down else below
        for members in rows if down else reversed(rows):
            wanted = {
                k: sum(column[n] for n in beside[k]) / len(beside[k])
                if beside[k]
                else column[k]
                for k in members
            }
            members.sort(key=wanted.__getitem__)
            spread(members)
    return column
