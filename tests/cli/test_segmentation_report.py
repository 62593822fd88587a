import json
import math

import pytest
import torch
from PIL import Image

from sevenlessons.cli.segmentation_report import (
    measure,
    score_table,
    write_overlays,
    write_scores,
)


def case(n=8, k=3, void=None):
    generator = torch.Generator().manual_seed(0)
    truth = torch.randint(k, (n, 6, 8), generator=generator)
    predicted = truth.clone()
    for i in range(n):  # picture i has i wrong pixels
        predicted[i].view(-1)[10 : 10 + i] += 1
    predicted %= k
    if void is not None:
        truth[:, 0] = void
    return predicted, truth


@pytest.mark.parametrize("void", [None, 255])
def test_the_interval_holds_the_value(void):
    scores = measure(*case(12, void=void), 3, void)
    for name in ("accuracy", "mean_iou"):
        low, high = scores[f"{name}_interval"]
        assert low < scores[name] < high
    pixels = 12 * (48 if void is None else 40)
    assert scores["accuracy"] == pytest.approx(1 - 66 / pixels)


def test_all_void_and_a_single_picture():
    predicted, truth = case(1)
    scores = measure(predicted, truth * 0 + 9, 3, 9)
    assert math.isnan(scores["accuracy"])
    scores = measure(predicted, truth, 3, None)
    assert scores["accuracy"] == 1.0


@pytest.mark.parametrize("count", [1, 2, 9])
def test_few_pictures_give_no_interval(count):
    scores = measure(*case(count), 3, None)
    assert scores["accuracy_interval"] is scores["mean_iou_interval"] is None


def test_any_name_of_a_file_can_be_written(tmp_path):
    predicted, truth = case(2)
    long = "ä" * 100 + "/" + "b" * 240
    write_overlays(
        tmp_path,
        torch.zeros(2, 3, 6, 8, dtype=torch.uint8),
        predicted,
        truth,
        names=[long + "1", long + "2"],
        classes=["a", "b", "c"],
        void=None,
    )
    assert len(list((tmp_path / "overlays").iterdir())) == 2
    write_scores(tmp_path / "m.json", {"name": "x\udce9"})
    assert json.loads((tmp_path / "m.json").read_text()) == {"name": "x\udce9"}


def test_the_table_names_every_answer():
    scores = measure(*case(), 3, None)
    text = score_table({"one": scores, "other": scores})
    assert text.count(f"{scores['mean_iou']:.4f}") == 2
    assert "one" in text and "mean Dice" in text


def test_numbers_are_json_for_everybody(tmp_path):
    path = tmp_path / "m.json"
    write_scores(path, {"a": math.nan, "b": {"c": (1, math.inf)}, "d": "ß"})
    found = json.loads(path.read_text("utf-8"))
    assert found == {"a": None, "b": {"c": [1, None]}, "d": "ß"}


def test_the_worst_come_first(tmp_path):
    predicted, truth = case()
    images = torch.randint(0, 256, (8, 3, 6, 8), dtype=torch.uint8)
    names = [f"city/{i}<b>" for i in range(8)]
    shown = write_overlays(
        tmp_path,
        images,
        predicted,
        truth,
        names=names,
        classes=["a", "b", "c"],
        void=255,
        count=3,
    )
    assert shown == [names[7], names[6], names[5]]
    files = sorted((tmp_path / "overlays").iterdir())
    assert files[0].name == "00_city_7_b_.png"
    with Image.open(files[0]) as strip:
        assert strip.size == (24, 6)
    html = (tmp_path / "overlays.html").read_text("utf-8")
    assert "7&lt;b&gt;" in html and "<b>" not in html
    assert html.count("<img") == 9 and "http" not in html
