"""Draw the picture of README.md from a row of the results ledger.

    .venv/bin/python -m scripts.readme_picture [KEY]

Reads `_build/results.json`, writes `book/_static/readme.svg`: the result of
KEY with its interval, under the baselines that stand beside it.
"""

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

__all__ = ["draw"]

ROOT = Path(__file__).parent.parent
KEY = "lesson1/deep_sky_accuracy"
TITLE = "Which kind of object is on this telescope photo?"
WIDTH, LEFT, RIGHT, TOP, STEP = 760, 320, 80, 74, 42
INK, MUTED, GREY, BLUE = "#1f2630", "#56606e", "#aab3bf", "#0f5c94"


def draw(row: dict[str, Any], title: str = TITLE) -> str:
    """Return an SVG with one bar for each baseline and one for the result.

    It brings its own ground, because a README is read on white and black.

    Raises
    ------
    ValueError
        If a number is no share between 0 and 1.

    """
    bars = sorted(row["baselines"].items(), key=lambda item: item[1])
    bars.append(("this page", row["value"]))
    outside = [name for name, value in bars if not 0 <= value <= 1]
    if outside:
        raise ValueError(
            f"{row['key']}: expected shares between 0 and 1, but"
            f" {', '.join(outside)} is not; choose another key"
        )
    height = TOP + STEP * len(bars) + 52
    parts = [_text(24, 40, title, 20, INK, weight=600)]
    for number, (name, value) in enumerate(bars):
        last = number == len(bars) - 1
        y = TOP + STEP * number
        parts += _bar(y, name, value, BLUE if last else GREY, last)
    if row["interval"]:
        low, high = (_x(end) for end in row["interval"])
        y = TOP + STEP * (len(bars) - 1) + 15
        path = f"M{low:.1f} {y}H{high:.1f}M{low:.1f} {y - 6}v12"
        path += f"M{high:.1f} {y - 6}v12"
        parts += [
            f'<path d="{path}" stroke="{colour}" stroke-width="{width}"/>'
            for colour, width in (("#ffffff", 6), (INK, 2))
        ]
    foot = (
        f"Share of {row['n']} photos that were named correctly; line: 95 %"
        f" interval. Computed by the book's page {row['page']}."
    )
    parts.append(_text(24, height - 20, foot, 13.5, MUTED))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{height}" width="{WIDTH}" height="{height}" role="img" '
        "font-family=\"system-ui, 'Segoe UI', Roboto, Arial, sans-serif\">\n"
        f"<title>{escape(title)}</title>\n"
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" '
        'rx="10" fill="#ffffff" stroke="#d5d9e0"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _x(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - RIGHT)


def _text(
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{colour}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _bar(y: int, name: str, value: float, colour: str, bold: bool) -> list:
    weight = 600 if bold else 400
    return [
        _text(LEFT - 14, y + 20, name, 14, INK, weight=weight, anchor="end"),
        f'<rect x="{LEFT}" y="{y}" width="{_x(value) - LEFT:.1f}" '
        f'height="30" rx="3" fill="{colour}"/>',
        _text(
            WIDTH - 22,
            y + 20,
            f"{value:.3f}",
            15,
            INK,
            weight=weight,
            anchor="end",
        ),
    ]


def main(key: str = KEY) -> int:
    """Draw the row called `key`; return the exit status."""
    ledger = ROOT / "_build" / "results.json"
    if not ledger.is_file():
        print(f"{ledger} is missing; run `make book` first", file=sys.stderr)
        return 1
    rows = json.loads(ledger.read_text(encoding="utf-8"))
    found = [row for row in rows if row["key"] == key]
    if not found:
        keys = ", ".join(row["key"] for row in rows)
        print(f"no result is called {key}; there are {keys}", file=sys.stderr)
        return 1
    target = ROOT / "book" / "_static" / "readme.svg"
    target.write_text(draw(found[0]), encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)} from {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
