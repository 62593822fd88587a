"""The results ledger: each measured number with where it comes from.

`record` does three things at once: it shows the provenance line, hands the
number to the page's prose, and leaves a row that the book's build collects
and holds against `book/expected.toml`. The prose part speaks the protocol
of myst-nb (and scrapbook) without importing either.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from .output import escape, publish
from .settings import pick_device

__all__ = ["glue", "record"]

KEY = re.compile(r"(start|lesson[1-9])/[a-z0-9_]+")
RESULT = "application/vnd.sevenlessons.result+json"
HIDDEN = "application/papermill.record/"


def record(
    key: str,
    value: float,
    *,
    unit: str = "",
    n: int,
    data: str,
    baselines: Mapping[str, float],
    interval: tuple[float, float] | None = None,
    seeds: int = 1,
    better: str = "higher",
    device: str | None = None,
) -> None:
    """Show a measured number with its provenance and put it on record.

    In the prose of the same page the number is ``{glue:text}`` with the
    name `key`; the ends of the interval are `key` with ``_low``, ``_high``.

    Parameters
    ----------
    key
        ``lesson1/name`` or ``start/name``, small letters and underscores.
    value
        The number.
    unit
        What it counts, for instance ``"seconds"``; empty for a share.
    n
        How many samples were measured.
    data
        Which samples: data set and split, in words.
    baselines
        What simple methods reach, by name. At least one.
    interval
        The 95 % interval ``(low, high)`` around `value`.
    seeds
        How many runs `value` is the mean of.
    better
        ``"higher"`` or ``"lower"``.
    device
        Where it was measured; found if not given.

    Raises
    ------
    ValueError
        If a part is missing or contradicts another.

    Examples
    --------
    >>> from sevenlessons.page.record import record
    >>> record("start/demo", 0.9, n=50, data="demo", baselines={"coin": 0.5})
    start/demo = 0.9 · n = 50 · 1 seed · data: demo · coin: 0.5 · cpu

    """
    value = float(value)
    span = None if interval is None else [float(end) for end in interval]
    names = {str(k): float(v) for k, v in baselines.items()}
    _check(key, value, n, data, names, span, seeds, better)
    row: dict[str, Any] = {
        "key": key,
        "value": value,
        "unit": unit,
        "n": int(n),
        "seeds": int(seeds),
        "interval": span,
        "data": data,
        "baselines": names,
        "device": device or pick_device(),
        "better": better,
    }
    line = _line(row)
    page = {"text/plain": line, "text/html": _html(row), RESULT: row}
    publish(page) or print(line)
    glue(key, value)
    if span is not None:
        glue(f"{key}_low", span[0])
        glue(f"{key}_high", span[1])


def glue(name: str, value: Any) -> None:
    """Hand `value` to the prose of this page under `name`, showing nothing.

    In the text, ``{glue:text}`` with ``name:.2f`` inserts it with two
    decimals. Outside a notebook the call does nothing.

    Examples
    --------
    >>> from sevenlessons.page.record import glue
    >>> glue("photos", 442)

    """
    if hasattr(value, "item"):  # a number of NumPy or torch
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"cannot quote {name!r} in the text: it is {value}")
    meta = {"scrapbook": {"name": name, "mime_prefix": HIDDEN}}
    publish({f"{HIDDEN}text/plain": repr(value)}, meta)


def _check(
    key: str,
    value: float,
    n: int,
    data: str,
    baselines: Mapping[str, float],
    interval: list[float] | None,
    seeds: int,
    better: str,
) -> None:
    """Refuse a row that a reader could not judge."""
    if not KEY.fullmatch(key):
        raise ValueError(
            "key must look like 'lesson1/accuracy' or 'start/name' (small "
            f"letters, digits, underscores), got {key!r}"
        )
    if n < 1 or seeds < 1:
        raise ValueError(
            f"{key}: n and seeds must be at least 1, got n={n}, seeds={seeds}"
        )
    if not data.strip():
        raise ValueError(f"{key}: data is empty; name the data set and split")
    if not baselines:
        raise ValueError(
            f"{key}: baselines is empty; say what a simple method reaches"
        )
    if better not in ("higher", "lower"):
        raise ValueError(
            f"{key}: better must be 'higher' or 'lower', got {better!r}"
        )
    numbers = {"value": value, **baselines}
    if interval is not None:
        if len(interval) != 2 or not interval[0] <= value <= interval[1]:
            raise ValueError(
                f"{key}: interval must be (low, high) with low <= value <= "
                f"high, got {interval} around {value}"
            )
        numbers |= {"low": interval[0], "high": interval[1]}
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise ValueError(f"{key}: {name} must be finite, got {number}")


def _parts(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and text of all that follows the value."""
    parts = []
    if row["interval"] is not None:
        low, high = row["interval"]
        parts.append(("95 % interval", f"{low:.4g} to {high:.4g}"))
    parts.append(("n", f"{row['n']:,}".replace(",", " ")))
    seeds = row["seeds"]
    parts.append(("", f"{seeds} seed{'s' if seeds > 1 else ''}"))
    parts.append(("data", row["data"]))
    parts += [(k, f"{v:.4g}") for k, v in row["baselines"].items()]
    parts.append(("", row["device"]))
    return parts


def _line(row: Mapping[str, Any]) -> str:
    pieces = [f"{row['key']} = {row['value']:.4g} {row['unit']}".strip()]
    for label, text in _parts(row):
        joint = " = " if label == "n" else ": "
        pieces.append(f"{label}{joint}{text}" if label else text)
    return " · ".join(pieces)


def _html(row: Mapping[str, Any]) -> str:
    spans = []
    for label, text in _parts(row):
        joint = " = " if label == "n" else ": "
        text = f"{label}{joint}{text}" if label else text
        spans.append(f"<span>{escape(text)}</span>")
    anchor = row["key"].replace("/", "-")
    value = f"{row['value']:.4g} {row['unit']}".strip()
    return (
        f'<p class="provenance" id="result-{escape(anchor)}">'
        f"<code>{escape(row['key'])}</code> "
        f"<strong>{escape(value)}</strong> · {' · '.join(spans)}</p>"
    )
