"""A computational graph as a drawing: values down, gradients back up.

Each box has a name, its value and its gradient. Arrows run from what went in
to what came out. The drawing needs no script and prints as it is; a table
below it says the same for those who cannot see it.
"""

from collections.abc import Sequence

from .assets import asset
from .graph_layout import GraphLayout, graph_layout
from .output import escape

__all__ = ["GraphDrawing", "computational_graph"]

_WIDTH, _HEIGHT = 82.0, 58.0  # of a box
_LETTERS = 14  # that fit into a box
_ACROSS, _DOWN = 90.0, 88.0  # from box to box
_Box = tuple[str, float | None, float | None, Sequence[int]]


class GraphDrawing:
    """The figure, shown by the notebook if it is the last thing in a cell.

    Parameters
    ----------
    html
        The figure.
    alt
        What it shows.

    """

    def __init__(self, html: str, alt: str) -> None:
        self.html = html
        self.alt = alt

    def __repr__(self) -> str:
        return f"Computational graph: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def computational_graph(
    boxes: Sequence[_Box], *, alt: str, caption: str = ""
) -> GraphDrawing:
    """Draw a graph from top to bottom.

    Parameters
    ----------
    boxes
        One tuple each: a name, a value, a gradient, and the numbers of the
        boxes it was made of, which stand before it in the list. Value and
        gradient may be None: then the line is left out.
    alt
        What one should see, in a sentence.
    caption
        A line below.

    Raises
    ------
    ValueError
        If there is no box, one has no name, a long one, or is made of a
        later one, or `alt` says nothing.

    Examples
    --------
    >>> from sevenlessons.page.graph import computational_graph
    >>> computational_graph(
    ...     [("a", 3.0, 2.0, []), ("2 a", 6.0, 1.0, [0])],
    ...     alt="A number is doubled.",
    ... )
    Computational graph: A number is doubled.

    """
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the graph shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )
    nameless = [k for k, box in enumerate(boxes) if not box[0].strip()]
    if nameless:
        raise ValueError(
            f"every box needs a name, got none for boxes {nameless}; write "
            "'constant' where nothing better fits"
        )
    long = [box[0] for box in boxes if len(box[0]) > _LETTERS]
    if long:
        raise ValueError(
            f"a box has room for {_LETTERS} letters, got {long}; shorten the "
            "name and explain it in the text"
        )
    layout = graph_layout([box[3] for box in boxes])
    width, height = layout.columns * _ACROSS, layout.rows * _DOWN
    arrows = "".join(map(_arrow, layout.paths))
    drawn = "".join(
        _box(box, layout, number) for number, box in enumerate(boxes)
    )
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    html = (
        f"<style>{asset('graph.css')}</style>"
        '<figure class="book-graph">'
        f'<svg role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width:{1.15 * width:g}px">{arrows}{drawn}</svg>{below}'
        f"<details><summary>The graph as a table</summary>{_table(boxes)}"
        "</details></figure>"
    )
    return GraphDrawing(html, alt)


def _middle(place: tuple[float, int]) -> tuple[float, float]:
    return (place[0] + 0.5) * _ACROSS, (place[1] + 0.5) * _DOWN


def _arrow(places: list[tuple[float, int]]) -> str:
    (x, y), *bends, (tip, end) = map(_middle, places)
    end -= _HEIGHT / 2
    points = [(x, y + _HEIGHT / 2), *bends, (tip, end - 7)]
    line = " ".join(f"{a:g},{b:g}" for a, b in points)
    head = f"{tip:g},{end:g} {tip - 4:g},{end - 8:g} {tip + 4:g},{end - 8:g}"
    return f'<polyline points="{line}"/><polygon points="{head}"/>'


def _box(box: _Box, layout: GraphLayout, number: int) -> str:
    name, value, gradient, made_of = box
    x, y = _middle(layout.places[number])
    lines = [("bg-name", name)]
    lines += [("", f"= {_short(value)}")] if value is not None else []
    lines += [("", f"grad {_short(gradient)}")] if gradient is not None else []
    first = y + 4 - 8 * (len(lines) - 1)
    text = "".join(
        f'<text{f" class={kind!r}" if kind else ""} x="{x:g}" '
        f'y="{first + 16 * k:g}">{escape(words)}</text>'
        for k, (kind, words) in enumerate(lines)
    )
    start = "" if made_of else ' class="bg-start"'
    return (
        f'<rect{start} x="{x - _WIDTH / 2:g}" y="{y - _HEIGHT / 2:g}" '
        f'width="{_WIDTH:g}" height="{_HEIGHT:g}" rx="8"/>{text}'
    )


def _short(number: float) -> str:
    return f"{number:.3g}".replace("-", "\N{MINUS SIGN}")


def _table(boxes: Sequence[_Box]) -> str:
    rows = ""
    for number, (name, value, gradient, made_of) in enumerate(boxes, 1):
        origin = " and ".join(str(k + 1) for k in made_of) or "the start"
        numbers = "".join(
            f"<td>{'none' if one is None else _short(one)}</td>"
            for one in (value, gradient)
        )
        rows += (
            f'<tr><th scope="row">{number}: {escape(name)}</th>'
            f"<td>{origin}</td>{numbers}</tr>"
        )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("box", "made of", "value", "gradient")
    )
    return (
        '<div class="bg-scroll" tabindex="0" role="region" '
        'aria-label="The graph as a table"><table><thead><tr>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
