import pytest

from sevenlessons.text import shipped
from sevenlessons.text.marks import SPECIAL
from sevenlessons.text.shipped import shipped_encoder


@pytest.mark.parametrize(
    ("read", "task", "source"),
    [("general", "language", "BBC"), ("reviews", "reviews", "training part")],
)
def test_it_says_what_made_it_and_beats_counting(read, task, source):
    _, vocabulary, receipt = shipped_encoder(read=read)
    assert tuple(vocabulary.tokens[:8]) == SPECIAL
    assert receipt["command"].startswith(
        f"python -m sevenlessons pretrain {task} --epochs"
    )
    assert source in receipt["text"] and not receipt["stopped"]
    last = receipt["epochs"][-1]["valid_perplexity"]
    assert last < receipt["baselines"]["bigram"]


def test_the_second_read_on_from_the_first():
    (_, _, first), (_, _, second) = (
        shipped_encoder(read=read) for read in ("general", "reviews")
    )
    assert second["before"] == first


def test_they_are_small():
    files = [p for p in shipped._FOLDER.rglob("*") if p.is_file()]
    assert sum(path.stat().st_size for path in files) < 8_000_000


def test_missing_files_are_an_error_that_pages_can_catch(
    monkeypatch, tmp_path
):
    monkeypatch.setitem(shipped._FOLDERS, "reviews", tmp_path)
    with pytest.raises(FileNotFoundError, match="no model of language"):
        shipped_encoder(read="reviews")


def test_another_name():
    with pytest.raises(ValueError, match="read must be one of"):
        shipped_encoder(read="poems")
