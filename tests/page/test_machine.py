import builtins
import os
from pathlib import Path

import pytest

from sevenlessons.page import machine


def test_memory_is_told_in_megabytes():
    peak, total = machine.peak_memory_mb(), machine.total_memory_mb()
    assert 50 < peak < total


def test_the_peak_without_proc(monkeypatch):
    pytest.importorskip("resource")
    with_proc = machine.peak_memory_mb()
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert machine.peak_memory_mb() >= 0.9 * with_proc


def test_where_the_system_does_not_tell(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "resource":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(Path, "exists", lambda path: False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delattr(os, "sysconf")
    assert machine.peak_memory_mb() == machine.total_memory_mb() == 0


def test_the_report_is_text():
    report = machine.environment()
    assert report["device"] == "cpu (CPU)"
    assert all(isinstance(value, str) for value in report.values())
