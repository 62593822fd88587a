import json

import pytest

from sevenlessons.cli.main import main
from sevenlessons.text.encoder_files import load_encoder

SMALL = "--epochs 1 --embedding 6 --hidden 8 --batch-size 2 --length 9".split()


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    for n in range(14):
        line = f"Dear friend number {n}, the film was good. " * 4
        (folder / f"{n}.txt").write_text(line, encoding="utf-8")
    (folder / "copy.txt").write_text(line, encoding="utf-8")
    return folder


def run(texts, out, *more):
    words = ["pretrain", "language", "--text", str(texts), "--out", str(out)]
    return main([*words, *SMALL, *more])


def test_a_model_is_written_with_its_receipt(texts, tmp_path, capsys):
    out = tmp_path / "made"
    assert run(texts, out, "--half", "--seed", "3") == 0
    said = capsys.readouterr().out
    assert "13 texts to learn from, 1 held out" in said
    assert "perplexity of the bigram" in said and "written: " in said
    _, vocabulary, receipt = load_encoder(out)
    assert receipt["text"] == "texts in letters" and not receipt["stopped"]
    assert "--seed 3" in receipt["command"] and "--half" in receipt["command"]
    assert receipt["settings"]["hidden_size"] == 8
    assert "film" in vocabulary
    assert json.loads((out / "encoder.json").read_text())["hidden_size"] == 8


def test_a_stop_writes_what_there_is(texts, tmp_path, monkeypatch, capsys):
    def stop(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("sevenlessons.text.reading.Learner.fit", stop)
    assert run(texts, tmp_path / "made") == 130
    assert "stopped early: the model so far" in capsys.readouterr().out
    assert load_encoder(tmp_path / "made")[2]["stopped"]


def test_what_is_not_ours_is_not_overwritten(texts, tmp_path, capsys):
    out = tmp_path / "full"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    assert run(texts, out) == 1
    assert "holds other files, such as 'thesis.txt'" in capsys.readouterr().out
    assert (out / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--epochs", "0"], "--epochs must be at least 1, got 0"),
        (["--hidden", "-3"], "--hidden must be at least 1, got -3"),
        (["--batch-size", "0"], "batch_size must be at least 1, got 0"),
        (["--words", "3"], "max_size must be at least 8"),
        (["--lr", "-1"], "lr must be positive, got -1"),
        (["--batch-size", "9999"], "use more text or a smaller"),
    ],
)
def test_options_without_sense_are_a_sentence(
    texts, tmp_path, capsys, more, words
):
    assert run(texts, tmp_path / "made", *more) == 1
    assert words in capsys.readouterr().out
    assert not (tmp_path / "made").exists()


def test_folders_without_text_are_a_sentence(tmp_path, capsys):
    assert run(tmp_path / "none", tmp_path / "made") == 1
    assert "no such folder" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", tmp_path / "made") == 1
    assert "holds 0 different texts" in capsys.readouterr().out
