import builtins
import importlib
import os
import subprocess
import sys

import pytest


def test_the_package_runs_as_a_program():
    command = [sys.executable, "-m", "sevenlessons", "--version"]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()[0].isdigit()


def test_a_missing_package_is_named_with_a_remedy(monkeypatch):
    real = builtins.__import__

    def broken(name, *rest):
        if name == "sevenlessons.cli.main":
            raise ModuleNotFoundError("no", name="filelock")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", broken)
    monkeypatch.delitem(sys.modules, "sevenlessons.__main__", raising=False)
    with pytest.raises(SystemExit, match="needs the package 'filelock'"):
        importlib.import_module("sevenlessons.__main__")
