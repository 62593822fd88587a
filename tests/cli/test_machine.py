import os

import pytest

from sevenlessons.cli.machine import (
    available_memory,
    free_disk,
    usable_cores,
)


@pytest.fixture
def meminfo(tmp_path):
    path = tmp_path / "meminfo"
    path.write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n")
    return path


def test_memory_is_what_linux_says(meminfo, tmp_path):
    assert available_memory(meminfo, tmp_path / "none") == 2 << 20


@pytest.mark.parametrize(
    ("limit", "size"), [("1024", 1024), ("max\n", 2 << 20)]
)
def test_a_container_may_have_less(meminfo, tmp_path, limit, size):
    cgroup = tmp_path / "memory.max"
    cgroup.write_text(limit)
    assert available_memory(meminfo, cgroup) == size


def test_elsewhere_the_physical_memory_is_taken(tmp_path, monkeypatch):
    other = tmp_path / "meminfo"
    other.write_text("Something: else\n")
    monkeypatch.setattr(os, "sysconf", lambda name: 4096, raising=False)
    assert available_memory(other, tmp_path / "none") == 4096**2


def test_memory_may_be_unknown(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sysconf")
    assert available_memory(tmp_path / "none", tmp_path / "none") is None


def test_disk_of_a_folder_that_will_be_made(tmp_path):
    assert free_disk(tmp_path / "a" / "b") > 0


def test_cores_without_affinity(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1
