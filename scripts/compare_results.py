"""The table of results on the CPU against those on the GPU, in Markdown.

Usage: python -m scripts.compare_results cpu/results.json _build/results.json

Each side is a results ledger. Intervals that do not overlap are a question
to ask, not a fault: the settings of the two devices differ. A value outside
its band is a fault.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts.bookrun.results import band_for, judge, load_bands

__all__ = ["faults", "table"]

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
Bands = dict[str, Any]
NONE = "none"


def _load(path: Path) -> list[Row]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list) or not all("key" in row for row in rows):
        raise ValueError(f"{path}: is no results ledger (a list of rows)")
    return rows


def _device(rows: list[Row], path: Path) -> str:
    devices = {row.get("device", "cpu") for row in rows}
    if len(devices) != 1:
        raise ValueError(
            f"{path}: rows of {len(devices)} devices; a ledger has one"
        )
    return str(devices.pop())


def _span(low: float | None, high: float | None) -> str:
    left = "" if low is None else f"{low:.4g}"
    right = "" if high is None else f"{high:.4g}"
    return f"{left} to {right}".strip()


def _value(row: Row | None) -> str:
    if row is None:
        return NONE
    shown = f"{row['value']:.4g} {row.get('unit', '')}".strip()
    if row.get("interval"):
        shown += f" ({_span(*row['interval'])})"
    return shown


def _band(bands: Bands, key: str, device: str, row: Row | None) -> str:
    band = band_for(bands, key, device)
    if row is None or band is None:
        return NONE
    return _span(band.get("min"), band.get("max"))


def _overlap(one: Row | None, two: Row | None) -> str:
    if not one or not two:
        return NONE
    a, b = one.get("interval"), two.get("interval")
    if not a or not b:
        return NONE
    return "yes" if a[0] <= b[1] and b[0] <= a[1] else "**no**"


def _number(one: Row | None, two: Row | None) -> str:
    found = [str(row.get("n", "?")) for row in (one, two) if row]
    return found[0] if len(set(found)) == 1 else " / ".join(found)


def table(
    left: list[Row], right: list[Row], bands: Bands, names: tuple[str, str]
) -> str:
    """Return the two ledgers side by side as a Markdown table.

    Parameters
    ----------
    left, right
        Rows of the two ledgers.
    bands
        Bands from `load_bands`.
    names
        The devices of the two: `cpu`, `cuda`.

    """
    one = {row["key"]: row for row in left}
    two = {row["key"]: row for row in right}
    heads = ["result", *names, "overlap"]
    heads += [f"band {name}" for name in names] + ["n"]
    lines = [heads, ["---"] * len(heads)]
    for key in [*one, *(key for key in two if key not in one)]:
        a, b = one.get(key), two.get(key)
        cells = [f"`{key}`", _value(a), _value(b), _overlap(a, b)]
        for name, row in zip(names, (a, b), strict=True):
            cells.append(_band(bands, key, name, row))
        lines.append([*cells, _number(a, b)])
    rows = [" | ".join(c.replace("|", "\\|") for c in line) for line in lines]
    return "\n".join(f"| {row} |" for row in rows) + "\n"


def faults(rows: list[Row], bands: Bands, device: str) -> list[str]:
    """Return which of `rows` leave their band, or have none."""
    return judge(rows, bands, device, whole=False)


def main(argv: list[str] | None = None) -> int:
    """Print the table, then every fault; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.compare_results")
    parser.add_argument("left", type=Path, help="a results.json")
    parser.add_argument("right", type=Path, help="another results.json")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the book")
    args = parser.parse_args(argv)
    bands = load_bands(args.root / "book" / "expected.toml")
    left, right = _load(args.left), _load(args.right)
    names = (_device(left, args.left), _device(right, args.right))
    print(table(left, right, bands, names))
    found = []
    for name, rows in zip(names, (left, right), strict=True):
        found += [f"on {name}: {fault}" for fault in faults(rows, bands, name)]
    for fault in found:
        print(f"- **FAULT** {fault}")
    if not found:
        print(f"All {len(left)} + {len(right)} values lie in their bands.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
