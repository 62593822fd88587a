import numpy as np
import pytest

from sevenlessons.data.submission import (
    SubmissionError,
    read_submission,
    write_submission,
)

IDS = ["007", "NA", "m31, wide"]  # zeros, a "missing value", a comma


def test_written_then_read_keeps_odd_ids(tmp_path):
    path = write_submission(tmp_path / "s.csv", IDS, ["x", "y", "x"])
    table = read_submission(path, IDS, labels=["x", "y"])
    assert table["id"].tolist() == IDS
    assert table["label"].tolist() == ["x", "y", "x"]


def test_probabilities_come_back_exactly(tmp_path):
    values = np.array([1 / 3, 0.0, 1.0])
    path = write_submission(
        tmp_path / "p.csv", IDS, values, column="probability"
    )
    table = read_submission(path, IDS, column="probability")
    assert table["probability"].tolist() == values.tolist()


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "is no csv table"),
        ("id,label\na,1,2\nb", "is no csv table|expected the columns"),
        ("name,p\na,0.5\n", "expected the columns id,probability, got name,p"),
        ("id,probability\na,0.5\n", "1 of 2 ids are missing, the first is"),
        ("id,probability\na,.5\na,.5\n", "line 3: id 'a' stands on line 2"),
        ("id,probability\nb,.5\na,.5\n", "line 2: expected id 'a', got 'b'"),
        ("id,probability\na,.5\nc,.5\n", "line 3: id 'c' is unknown"),
        ("id,probability\na,.5\nb,1.2\n", r"line 3: .* outside \[0, 1\]"),
        ("id,probability\na,-1\nb,1\n", r"line 2: .* outside \[0, 1\]"),
        ("id,probability\na,nan\nb,1\n", r"line 2: .* outside \[0, 1\]"),
        ("id,probability\na,\nb,1\n", "line 2: probability '' is no number"),
        ("id,probability\na,hi\nb,1\n", "line 2: probability 'hi' is no"),
    ],
)
def test_a_bad_file_is_refused(text, words, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(SubmissionError, match=words):
        read_submission(path, ["a", "b"], column="probability")


def test_unknown_label_and_missing_file(tmp_path):
    path = write_submission(tmp_path / "s.csv", ["a"], ["z"])
    with pytest.raises(SubmissionError, match="line 2: 'z' is no label"):
        read_submission(path, ["a"], labels=["x", "y"])
    with pytest.raises(FileNotFoundError, match="no such file"):
        read_submission(tmp_path / "none.csv", ["a"])


def test_write_messages(tmp_path):
    for ids, values in [(["a"], []), ([], [])]:
        with pytest.raises(ValueError, match="as many ids as values"):
            write_submission(tmp_path / "s.csv", ids, values)


def test_the_first_column_may_have_another_name(tmp_path):
    path = tmp_path / "sales.csv"
    names = {"column": "Sales", "id_column": "Id"}
    write_submission(path, ["1", "2"], [5263.5, 6064.25], **names)
    assert path.read_text().split() == ["Id,Sales", "1,5263.5", "2,6064.25"]
    table = read_submission(path, ["1", "2"], **names)
    assert table["Sales"].astype(float).tolist() == [5263.5, 6064.25]
    with pytest.raises(SubmissionError, match="id,Sales, got Id,Sales"):
        read_submission(path, ["1", "2"], column="Sales")
