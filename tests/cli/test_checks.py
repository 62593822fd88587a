from types import SimpleNamespace

import pytest

from sevenlessons.cli.checks import (
    check_cache,
    check_cores,
    check_data,
    check_device,
    check_disk,
    check_extras,
    check_memory,
    check_package,
    check_python,
    check_tools,
)

GIB = 1 << 30


def fake_torch(cuda):
    properties = SimpleNamespace(total_memory=139 * GIB)
    return SimpleNamespace(
        cuda=SimpleNamespace(
            is_available=lambda: cuda,
            get_device_name=lambda i: "H200",
            get_device_properties=lambda i: properties,
        )
    )


def test_python():
    assert check_python((3, 11, 0)).level == "ok"
    old = check_python((3, 10, 9))
    assert old.level == "fail" and "Python 3.11" in old.remedy


@pytest.mark.parametrize(
    ("version", "level"),
    [("2.11.0", "ok"), ("2.14.1+cu130", "ok"), ("2.9.1", "fail")],
)
def test_a_package_and_its_version(version, level):
    module = SimpleNamespace(__version__=version)
    found = check_package("torch", "2.11", lambda name: module)
    assert found.level == level


def test_extras_are_looked_for_and_not_imported(monkeypatch):
    assert check_extras(["json", "wave"]).level == "ok"
    found = check_extras(["json", "no_such_package"])
    assert found.level == "warn"
    assert found.text.startswith("no_such_package missing")
    assert "sevenlessons[lessons]" in found.remedy


def test_a_missing_or_broken_package():
    missing = check_package("no_such_package", "1")
    assert missing.level == "fail" and "pip install" in missing.remedy

    def broken(name):
        raise OSError("libtorch.so: wrong ELF class\nmore")

    found = check_package("torch", "2", broken)
    assert found.text == "OSError: libtorch.so: wrong ELF class"


@pytest.mark.parametrize(
    ("cuda", "wanted", "level", "text"),
    [
        (False, "", "ok", "cpu; every page runs on it"),
        (True, "", "ok", "cuda: H200, 139 GiB"),
        (True, "cpu", "ok", "cpu"),
        (False, "cuda", "fail", "SEVENLESSONS_DEVICE=cuda, but torch finds"),
        (False, "gpu", "fail", "SEVENLESSONS_DEVICE=gpu is no device"),
    ],
)
def test_device(cuda, wanted, level, text):
    given = {"SEVENLESSONS_DEVICE": wanted} if wanted else {}
    found = check_device(fake_torch(cuda), given)
    assert found.level == level and found.text.startswith(text)
    assert bool(found.remedy) == (level == "fail")


@pytest.mark.parametrize(
    ("cores", "threads", "level"),
    [(1, 1, "warn"), (4, 1, "warn"), (2, 2, "ok")],
)
def test_cores(cores, threads, level):
    assert check_cores(cores, threads).level == level


@pytest.mark.parametrize(
    ("size", "level"),
    [(GIB, "fail"), (2 * GIB, "warn"), (8 * GIB, "ok"), (None, "ok")],
)
def test_memory(size, level):
    assert check_memory(size).level == level


def test_cache(tmp_path):
    assert check_cache(tmp_path / "new").level == "ok"
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("")
    found = check_cache(tmp_path / "file" / "sub")
    assert found.level == "fail" and "SEVENLESSONS_DATA" in found.remedy


def test_disk():
    assert check_disk(1000, []).level == "ok"
    found = check_disk(1000, ["deep_sky"])
    assert found.level == "fail" and "414.5 MB are needed" in found.remedy
    assert check_disk(10**9, ["deep_sky"]).level == "ok"


def test_data():
    assert check_data(["a", "b"], []).level == "ok"
    found = check_data(["a", "b"], ["b"])
    assert found.level == "warn" and found.text.startswith("1 of the 2 sets")
    assert "data --for-book" in found.remedy


def programs(folder, *names):
    for name in names:
        (folder / name).touch(mode=0o755)
    return str(folder)


def test_tools(tmp_path):
    none = check_tools(True, programs(tmp_path))
    assert none.level == "warn" and "install git" in none.remedy
    git = check_tools(True, programs(tmp_path, "git"))
    assert git.level == "warn" and "install make" in git.remedy
    both = check_tools(True, programs(tmp_path, "make"))
    assert (both.level, both.text) == ("ok", "make, git")
