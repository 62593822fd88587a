import json
import shutil
import subprocess

import pytest

from sevenlessons.data.apt_source import apt_options, fetch_with_apt
from sevenlessons.data.archives import BrokenArchive
from sevenlessons.data.commands import SourceFailed
from sevenlessons.data.records import AptSource

# Emulates apt-get: writes down its words, makes lists on update, and gives
# the package on download.
APT = """
import json, os, shutil, sys
words = sys.argv[1:]
with open(os.environ["APT_LOG"], "a") as log:
    print(json.dumps(words), file=log)
options = dict(w.split("=", 1) for w in words if "::" in w)
if words[-1] == "update":
    if os.environ["APT_UPDATE"] == "fail":
        sys.exit("E: Could not resolve 'deb'")
    lists = options["Dir::State::Lists"]
    open(os.path.join(lists, "x_main_binary-all_Packages"), "w").close()
elif os.environ["APT_DOWNLOAD"]:
    sys.exit(os.environ["APT_DOWNLOAD"])
else:
    open("toy_1_all.deb", "wb").write(b"deb")
"""
SOURCE = AptSource(
    kind="deb",
    package="toy",
    version="1",
    archive="toy_1_all.deb",
    sha256="0" * 64,
    size=3,
    folder="usr",
)


@pytest.fixture
def apt(fake_program, tmp_path, monkeypatch):
    fake_program("apt-get", APT)
    monkeypatch.setenv("APT_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("APT_UPDATE", "")
    monkeypatch.setenv("APT_DOWNLOAD", "")
    folder = tmp_path / "down"
    folder.mkdir()
    return folder


def fetch(folder):
    return fetch_with_apt(SOURCE, folder, lambda size: None)


def test_apt_keeps_lists_cache_and_state_of_its_own(apt, tmp_path):
    assert fetch(apt) == apt / "toy_1_all.deb"
    log = (tmp_path / "log").read_text().splitlines()
    update, download = map(json.loads, log)
    assert update[-1] == "update" and download[-2:] == ["download", "toy=1"]
    for words in (update, download):
        own = {w.split("=")[0] for w in words if w.startswith("Dir::")}
        assert {"Dir::State", "Dir::State::Lists", "Dir::Cache"} <= own
        assert "Dir::State::status" in own
        places = [w.split("=")[1] for w in words if w.startswith("Dir::")]
        assert all(place.startswith(str(apt)) for place in places)
        assert "Acquire::Languages=none" in words


def test_the_hooks_of_the_system_do_not_run(tmp_path):
    options = apt_options(tmp_path)
    assert options[0] == "--config-file"
    text = (tmp_path / "apt.conf").read_text()
    assert "#clear APT::Update::Post-Invoke-Success;" in text


@pytest.mark.skipif(shutil.which("apt-config") is None, reason="no apt")
def test_the_real_apt_understands_the_options(tmp_path):
    command = ["apt-config", *apt_options(tmp_path), "dump"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f'Dir::State::lists "{tmp_path}/state/lists";' in done.stdout
    assert "APT::Update::Post-Invoke:" not in done.stdout
    assert "APT::Update::Post-Invoke-Success::" not in done.stdout


def test_an_update_that_fails_is_told(apt, monkeypatch):
    monkeypatch.setenv("APT_UPDATE", "fail")
    with pytest.raises(SourceFailed, match=r"no package lists.*not resolve"):
        fetch(apt)


@pytest.mark.parametrize(
    "said",
    [
        "E: Version '1' for 'toy' was not found",
        "E: Unable to locate package toy",
    ],
)
def test_a_version_that_is_not_offered(apt, monkeypatch, said):
    monkeypatch.setenv("APT_DOWNLOAD", said)
    with pytest.raises(SourceFailed, match=r"do not offer toy=1 .*release"):
        fetch(apt)


def test_a_damaged_package_is_worth_a_second_try(apt, monkeypatch):
    monkeypatch.setenv("APT_DOWNLOAD", "E: Hash Sum mismatch")
    with pytest.raises(BrokenArchive, match="Hash Sum mismatch"):
        fetch(apt)


def test_any_other_failure_gives_apts_own_words(apt, monkeypatch):
    monkeypatch.setenv("APT_DOWNLOAD", "noise\nE: Connection timed out")
    with pytest.raises(SourceFailed, match=r"^E: Connection timed out$"):
        fetch(apt)


def test_no_apt_on_this_system(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceFailed, match="no apt-get"):
        fetch(tmp_path)
