import sys

import pytest

from sevenlessons.page.debugger import replay


def outer(x):
    return inner(x + 1)


def inner(y):
    return [1, 2][y]


def test_it_moves_between_frames(capsys):
    with pytest.raises(IndexError) as caught:
        outer(7)
    replay(["p y", "up", "p x"], caught.value)
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("> in inner, line ")
    assert out[1:3] == ["ipdb> p y", "8"]
    assert out[4].startswith("> in outer, line ")
    assert out[5:] == ["ipdb> p x", "7", "ipdb> quit"]


def test_it_takes_the_last_error(capsys, monkeypatch):
    with pytest.raises(IndexError) as caught:
        outer(7)
    monkeypatch.setattr(sys, "last_value", caught.value, raising=False)
    replay(["p y", "q"])
    assert "8" in capsys.readouterr().out


def test_without_an_error(monkeypatch):
    monkeypatch.delattr(sys, "last_value", raising=False)
    with pytest.raises(RuntimeError, match="run a cell that fails first"):
        replay(["q"])
