import importlib.util
import sys

import pytest

from sevenlessons.data import pip_source
from sevenlessons.data.archives import BrokenArchive
from sevenlessons.data.commands import SourceFailed
from sevenlessons.data.pip_source import fetch_with_pip
from sevenlessons.data.records import PipSource

METADATA = "Metadata-Version: 2.1\nName: toy\nVersion: 1\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def shelf(toys, monkeypatch):
    """Let the real pip find packages in a folder, and nowhere else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(toys.folder))
    return toys


@pytest.fixture
def wheel(shelf):
    files = {
        "toy/data.txt": b"one",
        "toy-1.dist-info/METADATA": METADATA.encode(),
        "toy-1.dist-info/WHEEL": WHEEL.encode(),
        "toy-1.dist-info/RECORD": b"",
    }
    return shelf.wheel(files)


@pytest.fixture
def down(tmp_path):
    folder = tmp_path / "down"
    folder.mkdir()
    return folder


def sdist():
    return PipSource(
        kind="sdist",
        requirement="toy==1",
        archive="toy-1.tar.gz",
        sha256="0" * 64,
    )


def test_pip_delivers_a_wheel_as_a_file(shelf, wheel, down):
    source = shelf.pip(wheel, {"data.txt": "toy/data.txt"})
    path = fetch_with_pip(source, down, lambda size: None)
    assert path == down / wheel.name
    assert path.read_bytes() == wheel.read_bytes()
    assert importlib.util.find_spec("toy") is None


def test_pip_refuses_another_hash(shelf, wheel, down):
    source = shelf.pip(wheel, {"data.txt": "toy/data.txt"})
    wheel.write_bytes(wheel.read_bytes()[:-20])
    with pytest.raises(BrokenArchive, match="another SHA-256 than recorded"):
        fetch_with_pip(source, down, lambda size: None)


def test_a_missing_package_is_named(shelf, wheel, down):
    source = shelf.pip(wheel, {})
    wheel.unlink()
    with pytest.raises(SourceFailed, match=r"No matching distribution.*toy"):
        fetch_with_pip(source, down, lambda size: None)


def test_missing_pip_is_said(down, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SourceFailed, match="python -m ensurepip"):
        fetch_with_pip(sdist(), down, lambda size: None)


def answers(monkeypatch, *texts):
    """Let pip fail with each text in turn; keep the commands."""
    commands, left = [], list(texts)

    def run(command, folder, watch):
        commands.append(command)
        if text := left.pop(0):
            raise SourceFailed(text)

    monkeypatch.setattr(pip_source, "run_command", run)
    return commands


def test_the_command_pins_the_hash_and_installs_nothing(down, monkeypatch):
    commands = answers(monkeypatch, "")
    fetch_with_pip(sdist(), down, lambda size: None)
    assert commands[0][:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--require-hashes", "--no-deps"} <= set(commands[0])
    line = (down / "requirements.txt").read_text()
    assert line == f"toy==1 --hash=sha256:{'0' * 64}\n"


def test_no_network_is_said_in_plain_words(down, monkeypatch):
    answers(
        monkeypatch,
        "WARNING: Retrying after connection broken by 'Refused'\n"
        "ERROR: No matching distribution found for toy==1",
    )
    with pytest.raises(SourceFailed, match="cannot reach its package index"):
        fetch_with_pip(sdist(), down, lambda size: None)


def test_an_sdist_falls_back_on_our_own_setuptools(down, monkeypatch):
    commands = answers(
        monkeypatch, "ERROR: pip subprocess to install build deps failed", ""
    )
    assert fetch_with_pip(sdist(), down, lambda size: None).parent == down
    assert "--no-build-isolation" in commands[1]


def test_both_reasons_are_told(down, monkeypatch):
    answers(monkeypatch, "ERROR: a subprocess failed", "ERROR: no setuptools")
    with pytest.raises(
        SourceFailed, match=r"subprocess failed; then .* no se"
    ):
        fetch_with_pip(sdist(), down, lambda size: None)


def test_a_silent_pip_is_said_to_be_silent(down, monkeypatch):
    answers(monkeypatch, " ")
    with pytest.raises(SourceFailed, match="pip said nothing"):
        fetch_with_pip(sdist(), down, lambda size: None)
