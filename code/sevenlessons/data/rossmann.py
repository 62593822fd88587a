"""What 100 chemist's shops in Germany sold each day, 2013 to July 2015.

One row a shop and day. The selection has no customers, no competitors and no
weather, so scores of the full competition say nothing about it. `NAMES` says
what the book calls the columns of the file, `TRUTHS` and `TEXTS` which hold
truth values and text, `KNOWN_AHEAD` what is known before the day, `STATES`
what two letters stand for.
"""

from pathlib import Path

import pandas as pd

from .cache import ensure

__all__ = ["load", "selling_days"]

TARGET = "sales"
# what the file calls a column, and what this book calls it
NAMES = {
    "Date": "date",
    "Store": "store",
    "Sales": TARGET,
    "Open": "open",
    "Promo": "promo",
    "SchoolHoliday": "school_holiday",
    "StoreType": "store_type",
    "Assortment": "assortment",
    "Promo2": "promo2",
    "State": "state",
}
TRUTHS = ("open", "promo", "school_holiday", "promo2")
TEXTS = ("store_type", "assortment", "state")
# what a shop decides or a calendar says before the day comes
KNOWN_AHEAD = ("open", "promo", "school_holiday")
STATES = {
    "BB": "Brandenburg",
    "BE": "Berlin",
    "BW": "Baden-Württemberg",
    "BY": "Bavaria",
    "HB": "Bremen",
    "HE": "Hesse",
    "HH": "Hamburg",
    "MV": "Mecklenburg-Western Pomerania",
    "NI": "Lower Saxony",
    "NW": "North Rhine-Westphalia",
    "RP": "Rhineland-Palatinate",
    "SH": "Schleswig-Holstein",
    "SL": "Saarland",
    "SN": "Saxony",
    "ST": "Saxony-Anhalt",
    "TH": "Thuringia",
}

_DAYS, _SHOPS = 93_832, 100


def load(folder: Path | None = None) -> pd.DataFrame:
    """Return all days of all shops, shop by shop, each in order of time.

    Parameters
    ----------
    folder
        Where the file is; fetched when None.

    Returns
    -------
    pandas.DataFrame
        The columns that `NAMES` lists: days in `date`, whole numbers in
        `store` and `sales`, truth values in `TRUTHS`, text in `TEXTS`. The
        file's `HolidayCode` is left out: it repeats the state. Two shops
        lack the second half of 2014.

    Raises
    ------
    FileNotFoundError
        If the folder does not hold the file.
    ValueError
        If the file is not the one this book knows.

    Examples
    --------
    >>> load().iloc[0][["store", "sales"]].tolist()  # doctest: +SKIP
    [25, 0]

    """
    folder = ensure("rossmann") if folder is None else Path(folder)
    path = folder / "rossmann.csv"
    if not path.is_file():
        raise FileNotFoundError(
            f"no such file: {path.as_posix()}; leave the folder out, and it "
            "is fetched"
        )
    again = "delete the file, and it is fetched again"
    try:
        table = pd.read_csv(path, usecols=list(NAMES), keep_default_na=False)
        table = table[list(NAMES)].rename(columns=NAMES)
        table["date"] = pd.to_datetime(table["date"], format="%Y-%m-%d")
        kinds = dict.fromkeys(("store", TARGET), "int64")
        table = table.astype(kinds | dict.fromkeys(TEXTS, "str"))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{path} is not the table this book knows: {error}; {again}"
        ) from error
    wrong = [name for name in TRUTHS if table[name].dtype != bool]
    if wrong and len(table):
        raise ValueError(
            f"{path}: expected True or False in column {wrong[0]!r}, got "
            f"{table[wrong[0]].iloc[0]!r} in the first row; {again}"
        )
    shops, twice = (
        table["store"].nunique(),
        table.duplicated(["store", "date"]),
    )
    if len(table) != _DAYS or shops != _SHOPS or twice.any():
        raise ValueError(
            f"{path}: expected {_DAYS} days of {_SHOPS} shops, each once, got "
            f"{len(table)} days of {shops} shops, {int(twice.sum())} of them "
            f"repeated; {again}"
        )
    return table.sort_values(["store", "date"], ignore_index=True)


def selling_days(table: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which a shop was open and sold something.

    A closed shop sells nothing, which nobody needs to forecast. Six open
    days have sales of 0 as well: an error in shares of the sales would
    divide by zero there, so they are left out, too.

    Parameters
    ----------
    table
        From `load`, or some of its rows; old index and order stay.

    Raises
    ------
    ValueError
        If a column is missing, or a day has negative sales.

    Examples
    --------
    >>> days = {"open": [True, False, True], "sales": [9, 0, 0]}
    >>> selling_days(pd.DataFrame(days))["sales"].tolist()
    [9]

    """
    missing = [name for name in ("open", TARGET) if name not in table]
    if missing:
        raise ValueError(
            f"the table lacks {', '.join(missing)}; it has "
            f"{', '.join(map(str, table.columns))}; take the table of load()"
        )
    if (table[TARGET] < 0).any():
        raise ValueError(
            f"sales must be 0 or more, got {table[TARGET].min()}; correct "
            "the row, or leave it out"
        )
    return table[table["open"] & (table[TARGET] > 0)]
