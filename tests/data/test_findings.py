from pathlib import Path

import pandas as pd
import pytest

from sevenlessons.data.findings import Finding, FolderReport

A, B, C = Path("x/a.jpg"), Path("x/b.jpg"), Path("x/c.jpg")


def report(**options):
    findings = [
        Finding("empty", A, "0 bytes"),
        Finding("mode", B, "L, gray"),
        Finding("exact duplicate", C, "same bytes", B),
    ]
    return FolderReport([A, B, C], findings, **options)


def test_what_it_counts_and_lists():
    full = report()
    assert full.counts() == {"empty": 1, "exact duplicate": 1, "mode": 1}
    assert [f.kind for f in full.faults] == ["empty", "exact duplicate"]
    assert full.usable == [B, C]
    assert full.of("leak") == []
    assert full.frame()["kind"].tolist() == [
        "empty",
        "mode",
        "exact duplicate",
    ]


def test_pairs_from_elsewhere_join_it_once_and_leak_across_sides():
    full = report(sides=["train", "train", "valid"])
    more = full.with_pairs([(B, C, 0.9), (A, C, 0.8), (A, B, 0.7)], "looks")
    assert more.counts()["near duplicate"] == 2
    (leak,) = more.of("leak")
    assert (leak.path, leak.other, leak.detail) == (C, A, "looks 0.80")
    again = more.with_pairs([(C, A, 0.8)], "looks")
    assert len(again.findings) == len(more.findings)
    assert len(full.findings) == 3  # the first report is as it was
    assert report().with_pairs([(A, C, 0.8)], "looks").of("leak") == []


def test_text_and_html_say_the_same_and_escape():
    odd = Path("x/<b>.jpg")
    many = [Finding("empty", odd, "0 bytes")] * 7
    full = FolderReport([odd], many)
    assert "and 2 more" in repr(full)
    html = full._repr_html_()
    assert "and 2 more" in html and "&lt;b&gt;.jpg" in html
    assert "<b>" not in html
    assert (
        repr(FolderReport([], []))
        == "0 files, 0 findings; nothing was changed"
    )


def test_csv_is_written_once(tmp_path):
    place = report().to_csv(tmp_path / "report.csv")
    assert pd.read_csv(place)["kind"].tolist()[0] == "empty"
    with pytest.raises(FileExistsError):
        report().to_csv(place)


def test_unknown_kinds_are_refused():
    with pytest.raises(ValueError, match="no finding is called 'ugly'"):
        Finding("ugly", A)
    with pytest.raises(ValueError, match="no finding is called 'ugly'"):
        report().of("ugly")
