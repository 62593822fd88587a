import pandas as pd
import pytest

from sevenlessons.cli.main import main
from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.encoder_files import load_encoder, save_encoder
from sevenlessons.text.marks import SPECIAL
from sevenlessons.text.vocabulary import Vocabulary

SMALL = "--epochs 1 --batch-size 2 --length 9 --min-count 1".split()


@pytest.fixture
def general(tmp_path, monkeypatch):
    rows = [f"sentence{n} is a good film" for n in range(100)]
    table = pd.DataFrame({"text": rows, "label": [0, 1] * 50})
    monkeypatch.setattr(
        "sevenlessons.cli.pretrain_reviews.reviews.load_clear", lambda: table
    )
    words = Vocabulary([*SPECIAL, "film"])
    model = LanguageModel(AWDLSTM(len(words), 6, 8, 2))
    return save_encoder(
        model, words, tmp_path / "general", receipt={"seed": 5}
    )


def run(general, out, *more):
    words = ["pretrain", "reviews", "--from", str(general), "--out", str(out)]
    return main([*words, *SMALL, *more])


def test_a_model_is_written_with_both_receipts(general, tmp_path, capsys):
    out = tmp_path / "made"
    assert run(general, out, "--half", "--seed", "3") == 0
    said = capsys.readouterr().out
    assert "72 sentences to learn from, 8 to judge by; 20 are not" in said
    _, vocabulary, receipt = load_encoder(out)
    assert receipt["command"].startswith(
        "python -m sevenlessons pretrain reviews --from general --epochs 1"
    )
    assert "--seed 3 --half" in receipt["command"]
    assert receipt["before"] == {"seed": 5}
    read = {word for word in vocabulary if word.startswith("sentence")}
    assert len(read) == 72  # of those held out, none


def test_a_stop_writes_what_there_is(general, tmp_path, monkeypatch):
    def stop(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("sevenlessons.text.reading.Learner.fit", stop)
    assert run(general, tmp_path / "made") == 130
    assert load_encoder(tmp_path / "made")[2]["stopped"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--epochs", "0"], "epochs must be positive, got 0"),
        (["--frozen-epochs", "-1"], "frozen_epochs must not be negative"),
        (["--dropout", "-1"], "factor must not be negative"),
        (["--lr", "-1"], "lr must be positive, got -1"),
        (["--from", "nowhere"], "no model of language at nowhere"),
    ],
)
def test_options_without_sense_are_a_sentence(
    general, tmp_path, capsys, more, words
):
    assert run(general, tmp_path / "made", *more) == 1
    assert words in capsys.readouterr().out
    assert not (tmp_path / "made").exists()


def test_what_is_not_ours_is_not_overwritten(general, tmp_path, capsys):
    out = tmp_path / "full"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    assert run(general, out) == 1
    assert "holds other files" in capsys.readouterr().out
