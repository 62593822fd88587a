import os
import stat

import pytest

from sevenlessons.data import journal
from sevenlessons.data.journal import Move, read_journal, write_journal

MOVES = [Move("a, b/1.jpg", 'c "d"/1.jpg', "ab12"), Move("", "c", "")]


def test_moves_come_back_as_written(tmp_path):
    path = tmp_path / "moves.csv"
    write_journal(MOVES, path)
    assert read_journal(path) == MOVES
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows opens no folders")
def test_the_names_are_on_the_disk_too(tmp_path, monkeypatch):
    kept = []

    def fsync(number):
        found = os.fstat(number)
        kept.append((stat.S_ISDIR(found.st_mode), found.st_ino))

    monkeypatch.setattr(journal.os, "fsync", fsync)
    folder = tmp_path / "pets_quarantine"
    folder.mkdir()
    write_journal(MOVES, folder / "moves.csv")
    content = (False, (folder / "moves.csv").stat().st_ino)
    folders = [(True, place.stat().st_ino) for place in (folder, tmp_path)]
    assert kept == [content, *folders]


def test_a_stop_while_writing_leaves_the_old_journal(tmp_path, monkeypatch):
    path = tmp_path / "moves.csv"
    write_journal(MOVES, path)

    def crash(number):
        raise OSError("power cut")

    monkeypatch.setattr(journal.os, "fsync", crash)
    with pytest.raises(OSError, match="power cut"):
        write_journal(MOVES[:1], path)
    assert read_journal(path) == MOVES
