import json

import numpy as np
import pytest
from PIL import Image
from tests.cli.mask_training import clean_rows, disks, words
from tests.data.mask_samples import camvid, tiramisu

from sevenlessons.cli import segmentation_checks, segmentation_run
from sevenlessons.cli.main import main
from sevenlessons.data.mask_items import MaskItems
from sevenlessons.data.mask_layouts import open_layout
from sevenlessons.deploy.segmenter_files import load_segmenter
from sevenlessons.training.pixels import confusion_counts
from sevenlessons.vision.segmentation_phases import Phase


@pytest.fixture
def small(tmp_path):
    return disks(tmp_path)


def test_from_two_folders_to_a_model(small, capsys):
    assert main(words(small)) == 0
    text = capsys.readouterr().out
    out = small / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "metrics.json",
        "model.safetensors",
        "overlays",
        "overlays.html",
        "segmenter.json",
    ]
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    scores = metrics["scores"]
    assert next(iter(scores)) == "U-Net" and len(scores) == 4
    for name, found in scores.items():
        assert f"{found['mean_iou']:.4f}" in text and name in text
    assert len(metrics["epochs"]) == 2 and metrics["stopped"] == ""
    segmenter = load_segmenter(out)
    assert segmenter.classes == ("background", "object")
    (name, *_) = metrics["valid"]
    mask = segmenter.predict(small / "images" / f"{name}.png")
    assert mask.shape == (40, 48)
    assert clean_rows(small) == ["images", "labels", "out"]
    assert metrics["chosen"] in text and "judge the model on" in text
    assert "give no interval" in text and "2 epochs of 2 steps" in text
    assert f"predict segmentation --model {out} --images" in text


@pytest.mark.parametrize("layout", [camvid, tiramisu])
def test_both_layouts_of_camvid_in_miniature(tmp_path, layout, capsys):
    folder, out = layout(tmp_path / "camvid"), tmp_path / "out"
    more = ["--epochs", "1", "--size", "32x40", "--no-pretrained"]
    words = ["--folder", str(folder), "--out", str(out), *more]
    assert main(["train", "segmentation", *words]) == 0
    assert "as the data says" in capsys.readouterr().out
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    found = open_layout(folder)
    assert metrics["void"] == found.void
    assert metrics["classes"] == list(found.classes)
    assert metrics["valid"] == [pair.name for pair in found.of("valid")]
    if found.of("test"):
        assert metrics["test"]["U-Net"]["mean_iou"] is not None
    test = MaskItems(found.of("test") or found.of("valid"), (32, 40))
    images, truth = test.stacked()
    answers = load_segmenter(out).answers(images)
    count, void = len(found.classes), found.void
    counts = confusion_counts(answers, truth, count, void)
    assert counts.sum() == (truth != void).sum()
    assert (answers != void).all()


def test_the_same_seed_gives_the_same_numbers(small):
    found = []
    for name in ("one", "two"):
        assert main(words(small, "--out", str(small / name))) == 0
        metrics = json.loads((small / name / "metrics.json").read_text())
        found.append((metrics["scores"], metrics["valid"]))
    assert found[0] == found[1]


def test_stopped_it_keeps_the_best_so_far(small, capsys, monkeypatch):
    tell = segmentation_run._Progress.__call__

    def stop(self, row):
        tell(self, row)
        raise KeyboardInterrupt

    monkeypatch.setattr(segmentation_run._Progress, "__call__", stop)
    assert main(words(small)) == 130
    assert "writing the best model so far" in capsys.readouterr().out
    metrics = json.loads((small / "out" / "metrics.json").read_text())
    assert len(metrics["epochs"]) == 1
    assert metrics["stopped"] == "stopped from the keyboard"
    load_segmenter(small / "out")


def test_stopped_too_early_nothing_is_left(small, capsys, monkeypatch):
    def stop(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "sevenlessons.vision.segmentation_recipe.TensorLoader", stop
    )
    assert main(words(small)) == 130
    assert capsys.readouterr().out.endswith("stopped\n")
    assert clean_rows(small) == ["images", "labels"]


def test_what_is_there_is_not_touched(small, capsys):
    (small / "out").mkdir()
    (small / "out" / "mine").write_text("mine")
    assert main(words(small)) == 1
    assert "nothing is overwritten" in capsys.readouterr().out
    assert (small / "out" / "mine").read_text() == "mine"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--epochs", "0"), "--epochs must be at least 1"),
        (("--batch-size", "0"), "--batch-size must be at least 1"),
        (("--lr", "nan"), "--lr must be above 0"),
        (("--device", "quantum"), "--device quantum cannot be used"),
        (("--encoder", "vgg"), "no backbone is called 'vgg'"),
        (("--void", "nix"), "void is 'nix'"),
        (("--size", "9"), "--size must be from 32"),
    ],
)
def test_bad_options_end_before_the_training(small, capsys, more, message):
    assert main(words(small, *more)) == 1
    assert message in capsys.readouterr().out
    assert clean_rows(small) == ["images", "labels"]


def test_pictures_that_do_not_fit(small, capsys, monkeypatch):
    monkeypatch.setattr(
        segmentation_checks, "available_memory", lambda: 10_000
    )
    assert main(words(small)) == 1
    assert "lower --size" in capsys.readouterr().out
    assert clean_rows(small) == ["images", "labels"]


def test_a_damaged_mask_ends_before_the_training(small, capsys):
    rgb = np.zeros((40, 48, 3), np.uint8)
    rgb[0, 0] = 1, 2, 3
    Image.fromarray(rgb).save(small / "labels" / "p2.png")
    assert main(words(small)) == 1
    assert "is a color picture with 2 colors" in capsys.readouterr().out
    assert clean_rows(small) == ["images", "labels"]


def test_a_long_phase_tells_how_long(capsys):
    tell = segmentation_run._Progress([Phase((32, 32), 5, frozen=True)])
    row = dict.fromkeys(
        ["train_loss", "valid_loss", "valid_accuracy", "valid_mean_iou"], 0.5
    )
    row |= {"phase": "32 x 32, decoder alone", "seconds": 30.0}
    tell(row)
    assert "about 120 s more" in capsys.readouterr().out
    tell(row)
    assert "more" not in capsys.readouterr().out
