import pytest

from sevenlessons.cli.main import main


def test_help_says_what_is_written(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["predict", "segmentation", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "--model" in text and "masks/" in text


def test_a_missing_model_is_a_sentence(tmp_path, capsys):
    where = str(tmp_path)
    words = ["--model", where, "--images", where, "--out", f"{where}/out"]
    assert main(["predict", "segmentation", *words]) == 1
    assert "segmenter.json is missing" in capsys.readouterr().out
