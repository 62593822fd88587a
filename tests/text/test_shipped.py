from sevenlessons.text import shipped
from sevenlessons.text.marks import SPECIAL
from sevenlessons.text.shipped import shipped_encoder


def test_it_says_what_made_it_and_beats_counting():
    _, vocabulary, receipt = shipped_encoder()
    assert tuple(vocabulary.tokens[:8]) == SPECIAL
    assert receipt["command"].startswith(
        "python -m sevenlessons pretrain language --epochs"
    )
    assert "BBC" in receipt["text"] and not receipt["stopped"]
    last = receipt["epochs"][-1]["valid_perplexity"]
    assert last < receipt["baselines"]["bigram"]


def test_it_is_small():
    files = list(shipped._FOLDER.iterdir())
    assert sum(path.stat().st_size for path in files) < 8_000_000
