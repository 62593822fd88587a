import subprocess
import sys

import pytest

from sevenlessons.cli.main import main


def test_help_says_what_is_written(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["pretrain", "language", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for part in ("--epochs", "encoder.json", "receipt", "Ctrl+C", "examples"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80


def test_without_a_task_there_is_help(capsys):
    assert main(["pretrain"]) == 2
    assert "language" in capsys.readouterr().out


def test_torch_is_not_loaded_for_help():
    code = (
        "import sys; from sevenlessons.cli import pretrain_command; "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
