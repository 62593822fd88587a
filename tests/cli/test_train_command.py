import subprocess
import sys

import pytest
from tests.cli.mask_training import words

from sevenlessons.cli.main import main


def test_help_says_what_is_written(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "segmentation", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for part in ("--images", "--void", "overlays.html", "Ctrl+C", "examples"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80


def test_without_a_task_there_is_help(capsys):
    assert main(["train"]) == 2
    text = capsys.readouterr().out
    assert "segmentation" in text and "a class for every pixel" in text


def test_every_number_has_its_default_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["train", "segmentation", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for default in (12, 8, 0.003, 0, 0.2, 256, "segmenter"):
        assert f"(default: {default})" in text
    assert "chosen on the validation pairs" in text


def test_a_missing_folder_is_a_sentence(tmp_path, capsys):
    assert main(words(tmp_path)) == 1
    assert "no such folder" in capsys.readouterr().out


def test_torch_is_not_loaded_for_help():
    code = (
        "import sys; from sevenlessons.cli import train_command, "
        "predict_command; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
