import json

import pytest
from tests.cli.mask_training import clean_rows, disks, words

from sevenlessons.cli import segmentation_write
from sevenlessons.cli.main import main
from sevenlessons.deploy.segmenter_files import load_segmenter


@pytest.fixture
def small(tmp_path):
    return disks(tmp_path)


def fail_with(error):
    def fail(*args, **options):
        raise error

    return fail


@pytest.mark.parametrize("error", [ValueError("oh"), MemoryError()])
@pytest.mark.parametrize("name", ["measure", "write_overlays", "write_scores"])
def test_what_fails_after_the_training_costs_no_model(
    small, capsys, monkeypatch, name, error
):
    monkeypatch.setattr(segmentation_write, name, fail_with(error))
    assert main(words(small, "--epochs", "1")) == 1
    text = capsys.readouterr().out
    assert "the model is written, " in text
    assert (str(error) or "MemoryError") in text
    load_segmenter(small / "out")
    there = (small / "out" / "metrics.json").exists()
    assert there == (name == "write_overlays")


def test_ctrl_c_while_measuring_costs_no_model(small, capsys, monkeypatch):
    stop = fail_with(KeyboardInterrupt())
    monkeypatch.setattr(segmentation_write, "measure", stop)
    assert main(words(small, "--epochs", "1")) == 130
    assert "stopped: the model is written" in capsys.readouterr().out
    load_segmenter(small / "out")
    assert clean_rows(small) == ["images", "labels", "out"]


def test_ctrl_c_while_writing_the_model_is_too_late(small, monkeypatch):
    save, calls = segmentation_write.save_segmenter, []

    def stopped(*args, **options):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return save(*args, **options)

    monkeypatch.setattr(segmentation_write, "save_segmenter", stopped)
    assert main(words(small, "--epochs", "1")) == 0
    load_segmenter(small / "out")


@pytest.mark.parametrize(
    "name", [b"x\xe9".decode(errors="surrogateescape"), "n" * 250]
)
def test_names_of_files_cost_nothing(small, name):
    for folder in ("images", "labels"):
        try:
            place = small / folder
            (place / "p4.png").rename(place / f"{name}.png")
        except OSError:
            pytest.skip("this disk knows no such names")
    assert main(words(small, "--epochs", "1", "--split", "last")) == 0
    metrics = json.loads((small / "out" / "metrics.json").read_text("utf-8"))
    assert "overlays" in clean_rows(small / "out") and metrics["valid"]


def test_into_the_folder_we_stand_in(small, monkeypatch, tmp_path_factory):
    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    assert main(words(small, "--epochs", "1", "--out", ".")) == 0
    load_segmenter(here)
