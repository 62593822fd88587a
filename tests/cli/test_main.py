import pytest

from sevenlessons.cli.main import main


def test_without_a_word_the_commands_are_listed(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "data" in out and "doctor" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["dta"])
    assert caught.value.code == 2
    assert "invalid choice: 'dta'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["data", "-h"],
        ["doctor", "-h"],
        ["exercises", "-h"],
        ["app", "-h"],
    ],
)
def test_every_help_fits_80_columns(capsys, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 0
    assert all(len(x) <= 80 for x in capsys.readouterr().out.splitlines())


def test_a_stop_from_the_keyboard_is_no_traceback(capsys, monkeypatch):
    def interrupt(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("sevenlessons.cli.data_command.card", interrupt)
    assert main(["data", "adult"]) == 130
    assert capsys.readouterr().out == "stopped\n"
