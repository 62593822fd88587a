"""The results ledger and the bands in which its numbers must fall.

`book/expected.toml` has one table for each ledger key:

    ["lesson1/deep_sky_accuracy"]
    min = 0.87
    max = 0.95
    why = "five seeds gave 0.90 to 0.93; features with a linear head 0.898"
    cuda = { min = 0.89, max = 0.97, why = "larger images" }

`why` is required, and `min` or `max` or both. `cuda` is another band for
runs on a GPU; `device = "cuda"` marks a result that only a GPU run records.
"""

import math
import tomllib
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from .pages import code_cells

__all__ = ["judge", "load_bands", "rows_of"]

RESULT_MIME = "application/vnd.sevenlessons.result+json"
NEEDED = (
    "key",
    "value",
    "unit",
    "n",
    "seeds",
    "interval",
    "data",
    "baselines",
)
ORDER = "key value unit page n seeds interval data baselines device".split()
KNOWN = {"min", "max", "why", "cuda", "device"}
Row = dict[str, Any]
Band = dict[str, Any]


def rows_of(notebook: NotebookNode, page: str, device: str) -> list[Row]:
    """Return the ledger rows that the outputs of `notebook` carry."""
    rows = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            row = output.get("data", {}).get(RESULT_MIME)
            if row is not None:
                row = {"device": device, **row, "page": page}
                order = [name for name in ORDER if name in row]
                rest = [name for name in row if name not in ORDER]
                rows.append({name: row[name] for name in order + rest})
    return rows


def _band_faults(key: str, band: Band) -> list[str]:
    faults = []
    if not str(band.get("why", "")).strip():
        faults.append(f"{key}: its band has no `why`; say where it is from")
    if not {"min", "max"} & set(band):
        faults.append(f"{key}: its band has neither `min` nor `max`")
    if band.get("min", -math.inf) > band.get("max", math.inf):
        faults.append(f"{key}: the `min` of its band is above its `max`")
    unknown = sorted(set(band) - KNOWN)
    if unknown:
        faults.append(
            f"{key}: its band has unknown entries {', '.join(unknown)};"
            f" known: {', '.join(sorted(KNOWN))}"
        )
    return faults


def load_bands(path: Path) -> dict[str, Band]:
    """Return the bands of `path`; a missing file has none.

    Raises
    ------
    ValueError
        If a band is incomplete or the file is no TOML.

    """
    if not path.is_file():
        return {}
    try:
        bands = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    faults = [
        f for key, band in bands.items() for f in _band_faults(key, band)
    ]
    if faults:
        raise ValueError(f"{path.name}: " + "; ".join(faults))
    return bands


def band_for(bands: dict[str, Band], key: str, device: str) -> Band | None:
    """Return the band of `key` on `device`, or `None` where there is none."""
    band = bands.get(key)
    if band is None:
        return None
    other = band.get(device)
    return {"why": band["why"], **(other or band)}


def _row_faults(row: Row, bands: dict[str, Band]) -> list[str]:
    key = row.get("key", "?")
    missing = [name for name in NEEDED if name not in row]
    if missing:
        return [f"{key}: the recorded row lacks {', '.join(missing)}"]
    value = row["value"]
    if not isinstance(value, int | float) or not math.isfinite(value):
        return [f"{key}: the recorded value is {value!r}, not a number"]
    band = band_for(bands, key, row["device"])
    if band is None:
        return [
            f"{key}: recorded {value:g}, but book/expected.toml has no band"
            " for it; add one with `min` or `max` and `why`"
        ]
    low, high = band.get("min", -math.inf), band.get("max", math.inf)
    if low <= value <= high:
        return []
    return [
        f"{key}: {value:g} is outside its band [{low:g}, {high:g}]"
        f" ({band['why']}); find out why it moved before you move the band"
    ]


def judge(
    rows: list[Row], bands: dict[str, Band], device: str, *, whole: bool
) -> list[str]:
    """Return what is wrong with the ledger `rows`.

    Parameters
    ----------
    rows
        Rows of the pages that ran.
    bands
        Bands from `load_bands`.
    device
        `cpu` or `cuda`.
    whole
        Whether `rows` come from all pages; only then is a band without a
        result a fault.

    """
    faults, seen = [], {}
    for row in rows:
        key = row.get("key", "?")
        if key in seen:
            faults.append(
                f"{key}: recorded twice, on {seen[key]} and on {row['page']};"
                " each result has one page"
            )
        seen[key] = row["page"]
        faults += [f"{row['page']}: {f}" for f in _row_faults(row, bands)]
    if whole:
        for key, band in bands.items():
            if key not in seen and band.get("device", device) == device:
                faults.append(
                    f"{key}: book/expected.toml has a band, but no page"
                    " recorded it; record it or take the band away"
                )
    return faults
