import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple

import pytest

from sevenlessons.data import fetch as module
from sevenlessons.data.archives import BrokenArchive
from sevenlessons.data.commands import SourceFailed
from sevenlessons.data.fetch import DataUnavailable, Fetch

# Several of these start at once; each prints what happened to it.
RACER = """
import sys, time
from pathlib import Path
from sevenlessons.data import fetch as module
from sevenlessons.data.catalogue import DataSet
from sevenlessons.data.records import Content, FileSpec, PipSource
wheel, digest, root, sha = sys.argv[1:]
def slow(source, folder, archives, watch):
    print("fetched", flush=True)
    time.sleep(0.5)
    return Path(wheel)
module.obtain = slow
content = Content(files={"a": FileSpec(size=3, sha256=sha)})
source = PipSource(kind="wheel", requirement="toy==1", where={"a": "a"})
facts = dict.fromkeys(["title", "about", "made_by", "licence", "credit",
                       "unit", "used_for"], "")
entry = DataSet(name="toy", rows=1, known_flaws=(), in_book=False,
                content=content, sources=(source,), **facts)
folder = module.Fetch(entry, Path(root), None, lambda event: None).run()
print((folder / "a").read_bytes() == b"one")
"""


@pytest.fixture
def toy(toys):
    path = toys.wheel({"a": b"one"})
    source = toys.pip(path, {"a": "a"})
    return toys.data_set(toys.files(a=b"one"), source), path


@pytest.fixture
def root(tmp_path):
    return tmp_path / "cache"


def run(entry, root, archives=None):
    events = []
    folder = Fetch(entry, root, archives, events.append).run()
    return folder, [event.step for event in events]


def give(monkeypatch, *outcomes):
    """Let the sources give these paths or errors, one a call."""
    left, asked = list(outcomes), []

    def obtain(source, folder, archives, watch):
        asked.append(source.label)
        (folder / "half").write_bytes(b"partial")
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(module, "obtain", obtain)
    return asked


def left_over(root):
    return sorted(p.name for p in root.iterdir() if p.name != ".toy.lock")


def test_a_fetched_set_lies_in_place_and_nothing_else(toy, root, toys):
    folder, steps = run(toy[0], root, toys.folder)
    assert (folder / "a").read_bytes() == b"one"
    assert steps == ["source", "done"]
    assert left_over(root) == ["toy"]


def test_a_broken_download_is_fetched_again(toy, root, monkeypatch):
    entry, path = toy
    asked = give(monkeypatch, BrokenArchive("cut short"), path)
    _, steps = run(entry, root)
    assert steps == ["source", "failed", "source", "done"]
    assert len(asked) == 2 and left_over(root) == ["toy"]


def test_a_download_broken_twice_gives_way_to_the_next(
    toy, toys, root, monkeypatch
):
    entry, path = toy
    second = toys.pip(path, {"a": "a"})
    entry = toys.data_set(entry.content, *entry.sources, second)
    broken = BrokenArchive("cut short")
    asked = give(monkeypatch, broken, broken, path)
    run(entry, root)
    assert len(asked) == 3


def test_a_source_that_fails_is_asked_once(toy, root, monkeypatch):
    asked = give(monkeypatch, SourceFailed("no network"))
    with pytest.raises(DataUnavailable, match="no network"):
        run(toy[0], root)
    assert len(asked) == 1


def test_no_source_left_lists_reasons_and_remedies(
    toy, toys, root, monkeypatch
):
    entry, path = toy
    path.write_bytes(b"another file")
    missing = toys.pip(path, {"a": "a"})
    missing = type(missing)(
        **vars(missing) | {"requirement": "toy==2", "archive": "toy-2.whl"}
    )
    entry = toys.data_set(entry.content, missing, *entry.sources)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(DataUnavailable) as caught:
        run(entry, root, toys.folder)
    lines = str(caught.value).splitlines()
    assert lines[0] == "no source could deliver 'toy'; tried, in this order:"
    assert lines[1].startswith(f"  - pip wheel toy==1: your file {path.name}")
    assert lines[2].startswith("  - pip wheel toy==2: ERROR: ")
    assert f"put toy-2.whl or {path.name} into a folder" in lines[4]
    assert "SEVENLESSONS_ARCHIVES" in lines[4]
    assert str(root) in lines[5]
    assert left_over(root) == []


def test_an_archive_at_hand_comes_before_the_network(
    toy, toys, root, monkeypatch
):
    entry, path = toy
    far = toys.data_set(entry.content, *entry.sources).sources[0]
    far = type(far)(**vars(far) | {"archive": "far.whl"})
    entry = toys.data_set(entry.content, far, *entry.sources)
    asked = []

    def obtain(source, folder, archives, watch):
        asked.append(source.archive)
        return path

    monkeypatch.setattr(module, "obtain", obtain)
    run(entry, root, toys.folder)
    assert asked == [path.name]


def test_progress_never_passes_the_size_of_the_archive(toy, root, monkeypatch):
    entry, path = toy
    events = []

    def obtain(source, folder, archives, watch):
        watch(10 * source.size)
        return path

    monkeypatch.setattr(module, "obtain", obtain)
    Fetch(entry, root, None, events.append).run()
    (event,) = [event for event in events if event.step == "bytes"]
    assert event.received == event.total == path.stat().st_size


def test_damaged_files_in_the_cache_are_replaced(toy, root, toys):
    folder, _ = run(toy[0], root, toys.folder)
    (folder / "a").write_bytes(b"damaged")
    folder, steps = run(toy[0], root, toys.folder)
    assert (folder / "a").read_bytes() == b"one"
    assert steps == ["source", "done"] and left_over(root) == ["toy"]


def test_files_put_there_by_hand_are_checked_and_kept(toy, root, monkeypatch):
    asked = give(monkeypatch)
    (root / "toy").mkdir(parents=True)
    (root / "toy" / "a").write_bytes(b"one")
    _, steps = run(toy[0], root)
    assert steps == ["done"] and asked == []


def test_what_a_killed_process_left_is_removed(toy, root, toys):
    (root / ".toy.tmp-old" / "down").mkdir(parents=True)
    run(toy[0], root, toys.folder)
    assert left_over(root) == ["toy"]


def test_the_lock_is_released_after_a_failure(toy, root, toys, monkeypatch):
    with monkeypatch.context() as patch:
        give(patch, SourceFailed("no"))
        with pytest.raises(DataUnavailable):
            run(toy[0], root)
    _, steps = run(toy[0], root, toys.folder)
    assert steps == ["source", "done"]


def test_processes_that_ask_at_once_fetch_once(toy, root, toys):
    words = [str(toy[1]), "-", str(root), toys.digest(b"one")]
    command = [sys.executable, "-c", RACER, *words]
    racers = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(3)
    ]
    outputs = [racer.communicate(timeout=60)[0] for racer in racers]
    assert sum(text.count("fetched") for text in outputs) == 1
    assert all("True" in text for text in outputs)


def test_the_one_who_waits_is_told(toy, root, toys, monkeypatch):
    entry, path = toy
    inside, go_on = threading.Event(), threading.Event()

    def obtain(source, folder, archives, watch):
        inside.set()
        go_on.wait(30)
        return path

    monkeypatch.setattr(module, "obtain", obtain)
    first = threading.Thread(target=run, args=(entry, root))
    first.start()
    inside.wait(30)
    steps = []

    def report(event):
        steps.append(event.step)
        go_on.set()

    Fetch(entry, root, None, report).run()
    first.join()
    assert steps == ["waiting"]


def test_a_full_disk_is_said_before_anything_is_fetched(
    toy, root, monkeypatch
):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10))
    with pytest.raises(
        DataUnavailable, match=r"and 0\.0 MB are free; set SEV"
    ):
        run(toy[0], root)


def test_a_cache_that_cannot_be_written_is_said(toy, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataUnavailable, match="cannot write the cache folder"):
        run(toy[0], tmp_path / "file" / "cache")
