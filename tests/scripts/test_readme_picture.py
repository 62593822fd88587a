"""The picture of the README says what the ledger says."""

import json
from xml.etree import ElementTree

import pytest
from scripts.readme_picture import draw, main

from scripts import readme_picture

ROW = {
    "key": "lesson1/demo",
    "value": 0.9,
    "page": "lesson1/demo",
    "n": 50,
    "interval": [0.8, 0.95],
    "baselines": {"trees & shrubs": 0.6, "majority": 0.4},
}


def texts(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter()]


def test_it_shows_every_number_weakest_first():
    shown = texts(draw(ROW))
    order = ["majority", "0.400", "trees & shrubs", "0.600", "0.900"]
    assert [text for text in shown if text in order] == order
    assert any("Share of 50 photos" in text for text in shown)


def test_bars_are_as_long_as_the_shares():
    rects = [
        e
        for e in ElementTree.fromstring(draw(ROW)).iter()
        if e.tag.endswith("rect") and e.get("height") == "30"
    ]
    widths = [float(rect.get("width", "0")) for rect in rects]
    assert widths[2] / widths[0] == pytest.approx(0.9 / 0.4, abs=0.01)


def test_a_result_without_interval_has_no_line():
    assert "<path" not in draw({**ROW, "interval": None})


def test_what_is_no_share_is_refused():
    with pytest.raises(ValueError, match="majority is not; choose another"):
        draw({**ROW, "baselines": {"majority": 4.0}})


def test_it_reads_the_ledger_and_writes_the_file(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(readme_picture, "ROOT", tmp_path)
    assert main("lesson1/demo") == 1
    assert "run `make book` first" in capsys.readouterr().err
    (tmp_path / "_build").mkdir()
    ledger = tmp_path / "_build" / "results.json"
    ledger.write_text(json.dumps([ROW]), encoding="utf-8")
    (tmp_path / "book" / "_static").mkdir(parents=True)
    assert main("lesson1/demo") == 0
    svg = tmp_path / "book" / "_static" / "readme.svg"
    assert svg.read_text(encoding="utf-8") == draw(ROW)
    assert main("lesson1/other") == 1
    assert "there are lesson1/demo" in capsys.readouterr().err
