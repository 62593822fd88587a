import pandas as pd
import pytest

from sevenlessons.data import census
from sevenlessons.data.cache import is_present

ROW = (
    "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, "
    "Not-in-family, White, Male, 2174, 0, 40, United-States, <=50K"
)
RICH = ROW.replace("State-gov", "?").replace("<=50K", ">50K")


@pytest.fixture
def write(tmp_path):
    def write(lines):
        text = "\n".join(lines) + "\n\n"
        (tmp_path / "adult.data").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_numbers_are_whole_and_no_answer_is_an_answer(write):
    table = census.load(write([ROW, RICH] + [ROW] * 32_559))
    assert tuple(table.columns) == census.COLUMNS
    assert all(table[c].dtype == "int64" for c in census.NUMBERS)
    assert table["workclass"].tolist()[:2] == ["State-gov", "?"]
    assert table["income"].tolist()[:2] == ["<=50K", ">50K"]
    assert not table.isna().any(axis=None)


def test_each_column_has_one_kind():
    assert len(census.COLUMNS) == 15
    kinds = [*census.NUMBERS, *census.CATEGORIES, census.TARGET]
    assert sorted(kinds) == sorted(census.COLUMNS)
    assert set(census.COURSE_NUMBERS) < set(census.NUMBERS)
    assert set(census.COURSE_CATEGORIES) < set(census.CATEGORIES)


@pytest.mark.parametrize(
    "lines, words",
    [
        ([ROW] * 5, "expected 32561 persons .* got 5 persons"),
        (
            [ROW.replace("<=50K", "<=50K.")] + [ROW] * 32_560,
            "the income '<=50K.'",
        ),
        ([ROW.replace("39", "old")] * 3, "delete the file, and it is fetched"),
    ],
)
def test_another_file_is_refused(write, lines, words):
    with pytest.raises(ValueError, match=words):
        census.load(write(lines))


def test_a_folder_without_the_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="leave the folder out"):
        census.load(tmp_path)


def test_blanks_are_as_many_as_asked_and_seeded():
    table = pd.DataFrame({"years": range(1000), "age": 30})
    one = census.blank(table, "years", share=0.015, seed=1)
    assert one["years"].isna().sum() == 15
    assert one["age"].tolist() == table["age"].tolist()
    assert not table["years"].isna().any()  # a copy
    kept = one["years"].notna()
    assert (one["years"][kept] == table["years"][kept]).all()
    pd.testing.assert_frame_equal(one, census.blank(table, "years", seed=1))
    assert not one.equals(census.blank(table, "years", seed=2))


@pytest.mark.parametrize(
    "column, share, words",
    [("no", 0.1, "no column 'no'"), ("a", 1.0, r"in \[0, 1\), got 1.0")],
)
def test_blanks_that_make_no_sense_are_refused(column, share, words):
    with pytest.raises(ValueError, match=words):
        census.blank(pd.DataFrame({"a": [1]}), column, share=share)


@pytest.mark.skipif(not is_present("adult"), reason="adult is not fetched")
def test_the_real_file():
    table = census.load()
    assert table["income"].value_counts().tolist() == [24_720, 7_841]
    assert int(table.duplicated().sum()) == 24
    gaps = (table[list(census.CATEGORIES)] == "?").any(axis=1)
    assert int(gaps.sum()) == 2_399
