"""A kernel that walks over a small picture, one multiplication at a time.

`stepper` takes a picture of a few pixels and some kernels. Its stills show
some places for paper and where no script runs. The script lets the reader
choose kernel, stride, padding and dilation, and go through every product.
"""

import math
from collections.abc import Mapping, Sequence

from .assets import asset, embedded
from .output import escape
from .stage import figure, still
from .stepper_grids import Numbers, Slide, grid, number_text

__all__ = ["Stepper", "stepper"]

# label, class, lowest and highest value, value at first
SETTINGS = (
    ("stride", "stride", 1, 3, 1),
    ("padding", "padding", 0, 2, 0),
    ("dilation", "dilation", 1, 2, 1),
)
STILLS = ((1, 0, 1), (2, 1, 1), (1, 0, 2))  # stride, padding, dilation


class Stepper:
    """The figure, shown by the notebook if it is the last thing in a cell.

    Parameters
    ----------
    html
        The figure with its script.
    alt
        What it shows.

    """

    def __init__(self, html: str, alt: str) -> None:
        self.html = html
        self.alt = alt

    def __repr__(self) -> str:
        return f"Stepper: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def stepper(
    picture: Numbers,
    kernels: Mapping[str, Numbers],
    *,
    alt: str,
    caption: str = "",
) -> Stepper:
    """Return a figure in which a kernel is multiplied step by step.

    Parameters
    ----------
    picture
        Gray values, row by row: 5 to 8 rows and columns.
    kernels
        Name to numbers, row by row: 1 to 3 rows and columns. The first one
        is shown first.
    alt
        What the figure shows.
    caption
        A line below.

    Raises
    ------
    ValueError
        If rows differ in length, there are too many or too few, a number
        does not fit into its square, or `alt` says nothing.

    Examples
    --------
    >>> from sevenlessons.page.stepper import stepper
    >>> picture = [[0, 0, 1, 1, 1]] * 5
    >>> stepper(picture, {"edge": [[-1, 1]]}, alt="A kernel on a picture.")
    Stepper: A kernel on a picture.

    """
    _check_numbers("picture", picture, 5, 8)
    if not kernels:
        raise ValueError("expected at least one kernel, got none")
    for name, kernel in kernels.items():
        _check_numbers(f"kernel {name!r}", kernel, 1, 3)
    largest = max(abs(value) for row in picture for value in row)
    for name, kernel in kernels.items():
        reach = largest * sum(abs(v) for row in kernel for v in row)
        if reach > 9999:
            raise ValueError(
                f"kernel {name!r}: answers may reach {reach:g}, which does "
                "not fit into a square; scale the kernel or the picture down"
            )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )
    picture = [list(map(float, row)) for row in picture]
    chosen = {n: [list(map(float, r)) for r in k] for n, k in kernels.items()}
    names = list(chosen)
    stills = "".join(
        _still(
            names[k % len(names)], chosen[names[k % len(names)]], picture, s
        )
        for k, s in enumerate(STILLS)
    )
    html = figure(
        "bp-stepper",
        alt,
        style=asset("player.css") + asset("stepper.css"),
        stills=stills,
        live=_live(names, alt),
        caption=caption,
        script=embedded(
            "stepper.js",
            {"picture": picture, "kernels": [chosen[name] for name in names]},
        ),
    )
    return Stepper(html, alt)


def _check_numbers(name: str, rows: Numbers, least: int, most: int) -> None:
    widths = {len(row) for row in rows}
    if (
        not least <= len(rows) <= most
        or len(widths) != 1
        or not least <= min(widths) <= most
    ):
        raise ValueError(
            f"{name}: expected {least} to {most} rows of {least} to {most} "
            f"numbers, all equally long, got {len(rows)} rows of "
            f"{sorted(widths)}"
        )
    wrong = [
        value
        for row in rows
        for value in row
        if not math.isfinite(value) or abs(value) > 99
    ]
    if wrong:
        raise ValueError(
            f"{name}: expected numbers from -99 to 99, got {wrong[0]}; "
            "larger ones do not fit into a square"
        )


def _still(
    name: str,
    kernel: Numbers,
    picture: Numbers,
    settings: tuple[int, int, int],
) -> str:
    stride, padding, dilation = settings
    slide = Slide(picture, kernel, stride, padding, dilation)
    rows, columns = slide.places
    place = rows // 2, columns // 2
    total = slide.answer[place[0]][place[1]]
    terms = " + ".join(
        f"{_term(pixel)} \u00d7 {_term(w)}"
        for pixel, w in slide.products(place)
    )
    return still(
        [
            grid(
                slide.bordered,
                "picture",
                border=padding,
                marked=slide.met(place),
            ),
            grid(kernel, "kernel"),
            grid(slide.answer, "answer", marked=[place]),
        ],
        f"Kernel {name}, stride {stride}, padding {padding}, dilation "
        f"{dilation}: {len(picture)} by {len(picture[0])} pixels become "
        f"{rows} by {columns}. Row {place[0] + 1}, column {place[1] + 1}: "
        f"{terms} = {number_text(total)}.",
    )


def _term(value: float) -> str:
    text = number_text(value)
    return f"({text})" if value < 0 else text


def _live(names: Sequence[str], alt: str) -> str:
    """Return what the script brings to life: grids, buttons, sliders."""
    options = "".join(
        f'<option value="{k}">{escape(name)}</option>'
        for k, name in enumerate(names)
    )
    sliders = "".join(
        f'<label class="bp-slider"><span>{label}</span><input type="range" '
        f'class="bp-{kind}" min="{low}" max="{high}" step="1" '
        f'value="{value}"><output></output></label>'
        for label, kind, low, high, value in SETTINGS
    )
    buttons = "".join(
        f'<button type="button" class="bp-{kind}">{words}</button>'
        for kind, words in (
            ("play", "Play"),
            ("back", "Product back"),
            ("on", "Next product"),
            ("place", "Next place"),
        )
    )
    panels = "".join(
        '<div><svg class="bp-svg st-grid" aria-hidden="true" '
        f'focusable="false" data-grid="{kind}"></svg></div>'
        for kind in ("picture", "kernel", "answer")
    )
    return (
        '<div class="bp-row"><label>kernel <select class="bp-choice">'
        f"{options}</select></label>{buttons}</div>"
        f'<div class="bp-panels" role="img" aria-label="{escape(alt)}">'
        f'{panels}</div><p class="bp-says" aria-live="polite"></p>'
        '<label class="bp-slider"><span>product</span><input type="range" '
        'class="bp-count" min="1" max="9" step="1" value="1"><output>'
        f"</output></label>{sliders}"
    )
