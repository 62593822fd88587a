"""The sheets of a convolution, of max pooling and of a dense layer."""

from collections.abc import Sequence

import numpy as np

from .sheets import Sheet, address, block

__all__ = ["convolution_sheet", "dense_sheet", "pooling_sheet"]

_TOP = 4  # the first row of maps
_SCORES = 6  # the row of the first class's score
Corners = list[tuple[int, int]]


def _range(source: str, top: int, left: int, rows: int, columns: int) -> str:
    """Return a block on another sheet, to be copied along."""
    last = address(top + rows - 1, left + columns - 1)
    return f"'{source}'!{address(top, left)}:{last}"


def convolution_sheet(
    title: str,
    sources: Sequence[str],
    corners: Corners,
    maps: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
) -> tuple[Sheet, np.ndarray, Corners]:
    """Return a sheet with kernels at the left and maps at the right.

    Parameters
    ----------
    title
        Name of the sheet.
    sources, corners
        For each map that comes in the sheet it stands on, and its first
        row and column there.
    maps
        What comes in, shape ``(C, H, W)``.
    weight, bias
        Shapes ``(F, C, k, k)`` and ``(F,)``.

    Returns
    -------
    sheet, maps, corners
        The maps that come out, ``(F, H - k + 1, W - k + 1)``, after ReLU,
        and where they stand.

    Examples
    --------
    >>> import numpy as np
    >>> from sevenlessons.page.convolution_sheets import convolution_sheet
    >>> one = np.ones((1, 1, 2, 2))
    >>> sheet, maps, corners = convolution_sheet(
    ...     "edges", ["picture"], [(4, 1)], one[0], one, np.zeros(1)
    ... )
    >>> maps, corners, sheet.contents[4, 4]
    (array([[[4.]]]), [(4, 4)], "=MAX(0,SUMPRODUCT('picture'!A4:B5,$A$5:$B$6)\
+$A$9)")

    """
    filters, channels, high, wide = weight.shape
    height, width = maps.shape[1] - high + 1, maps.shape[2] - wide + 1
    left = wide + 2
    sheet = Sheet(title, {c: 7.0 for c in range(1, left + width)})
    sheet.put(
        1, 1, f"{title}: kernels at the left, maps after ReLU.", style="head"
    )
    sheet.put(
        2, 1, "A cell is the kernel times the block below it, plus bias."
    )
    windows = np.lib.stride_tricks.sliding_window_view(
        maps, (high, wide), (1, 2)
    )
    made = np.maximum(
        np.einsum("chwij,fcij->fhw", windows, weight) + bias[:, None, None], 0
    )
    room = max(height, channels * (high + 1) + 2) + 1
    places = []
    for f in range(filters):
        top = _TOP + f * room
        places.append((top, left))
        kernels = []
        for c in range(channels):
            row = top + c * (high + 1)
            sheet.put(row, 1, f"kernel {f + 1}.{c + 1}", style="head")
            kernels.append(block(row + 1, 1, high, wide))
            for (i, j), number in np.ndenumerate(weight[f, c]):
                sheet.put(row + 1 + i, 1 + j, float(number), style="input")
        row = top + channels * (high + 1)
        sheet.put(row + 1, 1, "bias", style="head")
        sheet.put(row + 2, 1, float(bias[f]), style="input")
        for (i, j), number in np.ndenumerate(made[f]):
            total = "+".join(
                f"SUMPRODUCT({_range(source, r + i, k + j, high, wide)},{w})"
                for source, (r, k), w in zip(
                    sources, corners, kernels, strict=True
                )
            )
            shift = address(row + 2, 1, "both")
            formula = f"=MAX(0,{total}+{shift})"
            sheet.put(top + i, left + j, formula, float(number))
    return sheet, made, places


def pooling_sheet(
    title: str, sources: Sequence[str], corners: Corners, maps: np.ndarray
) -> tuple[Sheet, np.ndarray, Corners]:
    """Return a sheet with the largest of each block of 2 by 2.

    Parameters
    ----------
    title, sources, corners, maps
        As in `convolution_sheet`. A last odd row or column is left out.

    Examples
    --------
    >>> import numpy as np
    >>> from sevenlessons.page.convolution_sheets import pooling_sheet
    >>> sheet, maps, corners = pooling_sheet(
    ...     "pool", ["edges"], [(4, 4)], np.arange(6.0).reshape(1, 2, 3)
    ... )
    >>> maps.tolist(), sheet.contents[4, 1]
    ([[[4.0]]], "=MAX('edges'!D4:E5)")

    """
    count, height, width = (
        maps.shape[0],
        maps.shape[1] // 2,
        maps.shape[2] // 2,
    )
    if not height or not width:
        raise ValueError(
            "max pooling of 2 by 2 needs maps of at least 2 by 2, got "
            f"{maps.shape[1]} by {maps.shape[2]}; use a larger picture"
        )
    cut = maps[:, : 2 * height, : 2 * width]
    made = cut.reshape(count, height, 2, width, 2).max(axis=(2, 4))
    sheet = Sheet(title, {c: 7.0 for c in range(1, width + 1)})
    sheet.put(1, 1, "The largest of each block of 2 by 2.", style="head")
    places = [(_TOP + c * (height + 1), 1) for c in range(count)]
    for (c, i, j), number in np.ndenumerate(made):
        (row, column), (top, left) = corners[c], places[c]
        there = _range(sources[c], row + 2 * i, column + 2 * j, 2, 2)
        sheet.put(top + i, left + j, f"=MAX({there})", float(number))
    return sheet, made, places


def dense_sheet(
    title: str,
    source: str,
    corners: Corners,
    maps: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
) -> Sheet:
    """Return a sheet with a score and a share a class; the answer is in B3.

    Parameters
    ----------
    title
        Name of the sheet.
    source, corners, maps
        Where the maps stand, and what they hold.
    weight, bias
        As in `torch.nn.Linear`.

    Examples
    --------
    >>> import numpy as np
    >>> from sevenlessons.page.convolution_sheets import dense_sheet
    >>> sheet = dense_sheet(
    ...     "dense", "pool", [(4, 1)], np.full((1, 1, 1), 3.0),
    ...     np.array([[1.0], [2.0]]), np.zeros(2),
    ... )
    >>> sheet.results[6, 2], sheet.results[7, 2], sheet.results[3, 2]
    (3.0, 6.0, 1.0)

    """
    (channels, height, width), count = maps.shape, len(bias)
    left = 6  # the first column of weights
    sheet = Sheet(title, {c: 8.0 for c in range(1, left + channels * width)})
    sheet.put(1, 1, "Each class weighs all cells of the maps.", style="head")
    scores = weight @ maps.reshape(-1) + bias
    powers = np.exp(scores - scores.max())
    column = block(_SCORES, 2, count, 1)
    sheet.put(3, 1, "answer", style="head")
    answer = f"=MATCH(MAX({column}),{column},0)-1"
    sheet.put(3, 2, answer, float(scores.argmax()), "result")
    heads = (1, "class"), (2, "score"), (3, "share"), (4, "bias")
    for place, words in (*heads, (left, "weights of each class")):
        sheet.put(_SCORES - 1, place, words, style="head")
    for k in range(count):
        row, top = _SCORES + k, _SCORES + k * (height + 1)
        sheet.put(top, left - 1, f"class {k}", style="head")
        terms = []
        for c, (r, first) in enumerate(corners):
            start = left + c * (width + 1)
            own = weight[k].reshape(maps.shape)[c]
            for (i, j), number in np.ndenumerate(own):
                sheet.put(top + i, start + j, float(number), style="input")
            seen = _range(source, r, first, height, width)
            terms.append(
                f"SUMPRODUCT({seen},{block(top, start, height, width)})"
            )
        sheet.put(row, 1, k)
        sheet.put(row, 4, float(bias[k]), style="input")
        formula = f"={'+'.join(terms)}+{address(row, 4)}"
        sheet.put(row, 2, formula, float(scores[k]))
        share = (
            f"=EXP({address(row, 2)}-MAX({column}))"
            f"/SUMPRODUCT(EXP({column}-MAX({column})))"
        )
        sheet.put(row, 3, share, float(powers[k] / powers.sum()))
    return sheet
