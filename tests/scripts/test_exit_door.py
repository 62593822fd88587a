"""The way out of Jupyter Book needs its extension to be ours to drop."""

import pytest
from scripts.exit_door import ROOT, main, plain_config


def test_the_wrapper_is_dropped_wherever_it_stands():
    for text in ("['a', 'jupyter_book']", "['jupyter_book', 'a']"):
        assert plain_config(f"extensions = {text}").endswith("['a']")


def test_a_config_without_it_is_refused():
    with pytest.raises(ValueError, match="found jupyter_book 0 times"):
        plain_config("extensions = ['a']")


def test_a_conf_of_somebody_is_not_overwritten(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("scripts.exit_door.ROOT", tmp_path)
    (tmp_path / "conf.py").write_text("mine")
    assert main() == 1
    assert (tmp_path / "conf.py").read_text() == "mine"
    assert "is in the way" in capsys.readouterr().out


def test_the_real_config_lists_the_wrapper_once():
    text = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert text.count("- jupyter_book\n") == 1
