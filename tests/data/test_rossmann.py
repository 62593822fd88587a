import pandas as pd
import pytest

from sevenlessons.data import rossmann
from sevenlessons.data.cache import is_present
from sevenlessons.data.last_days import last_days

here = pytest.mark.skipif(
    not is_present("rossmann"), reason="rossmann is not fetched"
)
HEAD = (
    "Date,Store,Sales,Open,Promo,SchoolHoliday,StoreType,Assortment,"
    "Promo2,State,HolidayCode\n"
)
ROW = "2015-07-31,25,14180,True,True,False,d,c,False,NW,DE-NW\n"


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "rossmann.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(rossmann, "_DAYS", 2)
    monkeypatch.setattr(rossmann, "_SHOPS", 1)


def test_columns_are_typed_and_rows_in_order(write, small):
    table = rossmann.load(write(HEAD + ROW + ROW.replace("07-31", "07-30")))
    assert list(table) == list(rossmann.NAMES.values())
    assert table["date"].dt.day.tolist() == [30, 31]
    assert all(table[name].dtype == bool for name in rossmann.TRUTHS)
    assert table["sales"].dtype == table["store"].dtype == "int64"
    assert table["state"].tolist() == ["NW", "NW"]


@pytest.mark.parametrize(
    "text, words",
    [
        (HEAD + ROW, "expected 93832 days of 100 shops, .* got 1 days of 1"),
        (HEAD, "got 0 days of 0 shops"),
        ("a,b\n1,2\n", "not the table this book knows"),
        (HEAD + ROW.replace("14180", "much"), "not the table"),
        (HEAD + ROW.replace("2015", "last"), "not the table"),
        (HEAD + ROW.replace("True", "yes"), "in column 'open', got 'yes'"),
    ],
)
def test_another_file_is_refused(write, text, words):
    with pytest.raises(ValueError, match=words) as error:
        rossmann.load(write(text))
    assert "delete the file, and it is fetched again" in str(error.value)


def test_a_day_that_comes_twice_is_refused(write, small):
    with pytest.raises(ValueError, match="1 of them repeated"):
        rossmann.load(write(HEAD + ROW + ROW))


def test_a_folder_without_the_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="leave the folder out"):
        rossmann.load(tmp_path)


def test_selling_days_keep_their_index():
    table = pd.DataFrame(
        {"open": [True, True, False], "sales": [0, 5, 0]}, index=[4, 7, 9]
    )
    assert rossmann.selling_days(table).index.tolist() == [7]


@pytest.mark.parametrize(
    "table, words",
    [
        (pd.DataFrame({"sales": [1]}), "lacks open; it has sales"),
        (
            pd.DataFrame({"sales": [-1], "open": [True]}),
            "must be 0 or more, got -1",
        ),
    ],
)
def test_rows_without_sense_are_refused(table, words):
    with pytest.raises(ValueError, match=words):
        rossmann.selling_days(table)


@here
def test_the_real_file():
    table = rossmann.load()
    sold = rossmann.selling_days(table)
    assert (len(table), len(sold)) == (93_832, 79_133)
    assert int(table["open"].sum()) - len(sold) == 6
    assert not table.loc[~table["open"], "sales"].any()
    assert not table.isna().any(axis=None)
    assert set(table["state"]) <= rossmann.STATES.keys()
    lengths = table.groupby("store").size().value_counts()
    assert lengths.to_dict() == {942: 98, 758: 2}
    train, valid = last_days(sold, group="store")
    assert (len(train), len(valid)) == (75_479, 3_654)
    assert f"{valid['date'].min():%Y-%m-%d}" == "2015-06-20"
