"""Who looks where: shares of attention as a table that can be read aloud.

A row is a place that looks, a column a place it looks at, a cell the share
in percent, the darker the larger. Hover over a row, or go to it with the tab
key, and a sentence says what that place takes most from. It needs no script,
and on paper the table says it all.
"""

from collections.abc import Sequence

from torch import Tensor

from .assets import asset
from .output import escape

__all__ = ["AttentionMap", "attention_map"]


class AttentionMap:
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
        return f"Attention map: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def attention_map(
    weights: Tensor,
    tokens: Sequence[str],
    *,
    alt: str,
    keys: Sequence[str] | None = None,
    rows: Sequence[int] | None = None,
    caption: str = "",
) -> AttentionMap:
    """Return a table of shares, one row a place that looks.

    Parameters
    ----------
    weights
        Shares, shape ``(T, S)``, each row adding up to 1 (or to 0, where a
        place may look nowhere). A share of exactly 0 is left blank.
    tokens
        The T tokens that look.
    alt
        What the figure shows, in a sentence.
    keys
        The S tokens looked at; the same as `tokens` when None.
    rows
        Places whose rows are drawn; all when None.
    caption
        A line below.

    Raises
    ------
    ValueError
        If the shapes do not fit, a row is no set of shares, or `alt` says
        nothing.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.attention_map import attention_map
    >>> shares = torch.tensor([[1.0, 0.0], [0.25, 0.75]])
    >>> attention_map(shares, ["not", "bad"], alt="Bad looks at itself.")
    Attention map: Bad looks at itself.

    """
    keys = tokens if keys is None else keys
    _check(weights, tokens, keys, alt)
    chosen = range(len(tokens)) if rows is None else rows
    if not len(chosen) or any(not 0 <= i < len(tokens) for i in chosen):
        raise ValueError(
            f"rows must be places in [0, {len(tokens)}), got {list(chosen)}"
        )
    shares = weights.detach().double().cpu()
    head = "".join(f'<th scope="col">{escape(key)}</th>' for key in keys)
    body = "".join(_row(tokens[i], shares[i].tolist()) for i in chosen)
    says = "".join(_reading(tokens[i], shares[i], keys) for i in chosen)
    below = f'<p class="ba-caption">{escape(caption)}</p>' if caption else ""
    html = (
        f"<style>{asset('attention.css')}{_rules(len(chosen))}</style>"
        f'<figure class="book-attention"><p class="ba-caption">{escape(alt)} '
        "A row for each token that looks; shares in percent.</p>"
        '<div class="ba-scroll" tabindex="0" role="region" '
        f'aria-label="{escape(alt)}"><table aria-label="{escape(alt)}">'
        f'<thead><tr><th scope="col">looks at</th>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
        f'<div class="ba-says">{says}</div>{below}</figure>'
    )
    return AttentionMap(html, alt)


def _check(
    weights: Tensor, tokens: Sequence[str], keys: Sequence[str], alt: str
) -> None:
    if not len(tokens) or weights.shape != (len(tokens), len(keys)):
        raise ValueError(
            f"expected weights of shape ({len(tokens)}, {len(keys)}), a row "
            "a token that looks and a column a token looked at, got "
            f"{tuple(weights.shape)}; choose one text and one head"
        )
    total = weights.detach().double().sum(dim=-1)
    good = ((total - 1).abs() < 1e-3) | (total.abs() < 1e-3)
    if not bool(good.all()) or bool((weights < 0).any()):
        raise ValueError(
            "each row must be shares that add up to 1, got sums from "
            f"{total.min().item():.3g} to {total.max().item():.3g}; pass "
            "weights after softmax, not scores"
        )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )


def _row(token: str, shares: list[float]) -> str:
    cells = "".join(
        "<td></td>"
        if share == 0
        else f'<td style="background:rgba(11,122,192,{0.6 * share:.2f})">'
        f"{100 * share:.0f}</td>"
        for share in shares
    )
    return f'<tr><th scope="row" tabindex="0">{escape(token)}</th>{cells}</tr>'


def _reading(token: str, shares: Tensor, keys: Sequence[str]) -> str:
    """Return a sentence with the three largest shares of a row."""
    order = shares.argsort(descending=True, stable=True)[:3].tolist()
    parts = [
        f"{100 * shares[j]:.0f} % from “{keys[j]}” (place {j + 1})"
        for j in order
        if shares[j] > 0
    ]
    text = ", ".join(parts) or "nothing"
    return f"<p>“{escape(token)}” takes {escape(text)}.</p>"


def _rules(count: int) -> str:
    """Return rules that show the sentence of the row in hand alone.

    Browsers that do not know ``:has`` skip them and show every sentence.
    """
    rules = ["@supports selector(:has(*)){.book-attention .ba-says p{"
             "display:none}"]  # fmt: skip
    rules += [
        f".book-attention:has(tbody tr:nth-child({k}):is(:hover,"
        f":focus-within)) .ba-says p:nth-child({k}){{display:block}}"
        for k in range(1, count + 1)
    ]
    return "".join(rules) + "}"
