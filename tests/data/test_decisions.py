import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.decisions import (
    Decision,
    cleaned_table,
    read_decisions,
    write_decisions,
)

names = st.text("abc é,\"'\n;", min_size=1, max_size=6).filter(
    lambda name: name.strip() == name
)


@given(rows=st.lists(st.tuples(names, names, names), unique_by=lambda t: t[0]))
def test_what_is_written_is_read(rows, tmp_path_factory):
    decisions = [
        Decision(f"{name}.jpg", "relabel", label, reason)
        for name, label, reason in rows
    ]
    place = tmp_path_factory.mktemp("csv") / "decisions.csv"
    assert read_decisions(write_decisions(decisions, place)) == decisions


def test_written_by_hand(tmp_path):
    place = tmp_path / "hand.csv"
    place.write_text("\ufeffaction,path\nremove,a/1.jpg\n", encoding="utf-8")
    (decision,) = read_decisions(place)
    assert (decision.path, decision.action) == ("a/1.jpg", "remove")


@pytest.mark.parametrize(
    "text, words",
    [
        ("path\na.jpg\n", "no column action"),
        ("", "no column action, path"),
        ("path,action\na.jpg,delete\n", "line 2: action must be keep"),
        ("path,action\na.jpg,keep\nb.jpg,relabel\n", "line 3: a label"),
        ("path,action\na.jpg,keep,x\n", "more cells than columns"),
        ("path,action\na.jpg,keep\na.jpg,remove\n", "two decisions"),
        ("path,action\n../a.jpg,remove\n", "stays inside it"),
    ],
)
def test_a_bad_file_is_refused(tmp_path, text, words):
    place = tmp_path / "bad.csv"
    place.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_decisions(place)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "/etc/passwd",
        "//a/b",
        "../a.jpg",
        "a/../../b.jpg",
        "a\\b",
        "C:/a.jpg",
    ],
)
def test_a_path_stays_inside(path):
    with pytest.raises(ValueError, match="stays inside it"):
        Decision(path, "remove")


@pytest.mark.parametrize("label", ["..", ".", "a/b", "/a", ".git", "a\\b"])
def test_a_label_is_one_folder(label):
    with pytest.raises(ValueError, match="the name of one folder"):
        Decision("a/1.jpg", "relabel", label=label)


def test_nothing_is_overwritten_without_being_asked(tmp_path):
    place = write_decisions([Decision("a.jpg", "keep")], tmp_path / "d.csv")
    with pytest.raises(FileExistsError, match="pass replace=True"):
        write_decisions([], place)
    assert len(read_decisions(place)) == 1
    write_decisions([], place, replace=True)
    assert read_decisions(place) == []
    assert os.listdir(tmp_path) == ["d.csv"]


def test_a_crash_while_writing_keeps_the_old_file(tmp_path, monkeypatch):
    place = write_decisions([Decision("a.jpg", "keep")], tmp_path / "d.csv")

    def crash(*paths):
        raise OSError("power cut")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(OSError, match="power cut"):
        write_decisions([], place, replace=True)
    assert len(read_decisions(place)) == 1


def test_a_table_is_cleaned_without_its_files():
    paths = [Path(f"x/{label}/1.jpg") for label in "abc"]
    table = pd.DataFrame({"path": paths, "label": list("abc"), "n": [1, 2, 3]})
    decisions = [
        Decision("a/1.jpg", "remove"),
        Decision("b/1.jpg", "relabel", label="c"),
        Decision("c/1.jpg", "keep"),
    ]
    clean = cleaned_table(table, decisions, "x")
    assert clean["label"].tolist() == ["c", "c"]
    assert clean["n"].tolist() == [2, 3]
    assert clean.index.tolist() == [1, 2]
    assert table["label"].tolist() == list("abc")
    with pytest.raises(ValueError, match="files that the table does not hold"):
        cleaned_table(table, [Decision("d/1.jpg", "keep")], "x")
    with pytest.raises(ValueError, match="two decisions"):
        cleaned_table(table, decisions[:1] * 2, "x")
