import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.data import quarantine
from sevenlessons.data.decisions import Decision
from sevenlessons.data.duplicates import folder_hash
from sevenlessons.data.quarantine import (
    apply_decisions,
    quarantine_folder,
    undo_decisions,
)

DECISIONS = [
    Decision("cat/1.jpg", "remove"),
    Decision("cat/2.jpg", "relabel", label="dog"),
    Decision("dog/3.jpg", "relabel", label="wolf"),
    Decision("dog/4.jpg", "keep"),
]


def fill(folder):
    for number, label in enumerate(["cat"] * 3 + ["dog"] * 2):
        path = folder / label / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * 10)
    (folder / "nothing yet").mkdir()
    return folder


@pytest.fixture
def folder(tmp_path):
    return fill(tmp_path / "pets")


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_asking_moves_nothing(folder):
    before = folder_hash(folder.parent)
    plan = apply_decisions(DECISIONS, folder, move_files=False)
    assert plan == [
        "pets/cat/1.jpg -> pets_quarantine/cat/1.jpg",
        "pets/cat/2.jpg -> pets/dog/2.jpg",
        "pets/dog/3.jpg -> pets/wolf/3.jpg",
    ]
    assert folder_hash(folder.parent) == before
    with pytest.raises(TypeError, match="move_files"):
        apply_decisions(DECISIONS, folder)


def test_files_move_and_come_back_bit_for_bit(folder):
    before = folder_hash(folder.parent)
    times = {p: p.stat().st_mtime_ns for p in folder.rglob("*.jpg")}
    apply_decisions(DECISIONS, folder, move_files=True)
    assert names(folder) == [
        "cat/0.jpg",
        "dog/2.jpg",
        "dog/4.jpg",
        "wolf/3.jpg",
    ]
    assert names(quarantine_folder(folder)) == ["cat/1.jpg", "moves.csv"]
    assert undo_decisions(folder) == 3
    assert folder_hash(folder.parent) == before
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.jpg")} == times
    with pytest.raises(FileNotFoundError, match="or it is undone already"):
        undo_decisions(folder)


@settings(max_examples=40, deadline=None)
@given(
    actions=st.lists(
        st.sampled_from(["keep", "remove", "cat", "dog", "wolf"]),
        min_size=5,
        max_size=5,
    ),
    stop_applying=st.integers(0, 6),
    stop_undoing=st.integers(0, 6),
)
def test_stopped_anywhere_nothing_is_lost(
    actions, stop_applying, stop_undoing, tmp_path_factory
):
    folder = fill(tmp_path_factory.mktemp("home") / "pets")
    before = folder_hash(folder.parent)
    decisions = [
        Decision(
            path,
            what if what in ("keep", "remove") else "relabel",
            "" if what in ("keep", "remove") else what,
        )
        for path, what in zip(names(folder), actions, strict=True)
    ]
    real = os.rename

    def power(lasts):
        left = iter(range(lasts))

        def rename(source, target):
            if next(left, None) is None:
                raise KeyboardInterrupt
            real(source, target)

        return rename

    with pytest.MonkeyPatch.context() as patch:
        for step, lasts in [
            (
                lambda: apply_decisions(decisions, folder, move_files=True),
                stop_applying,
            ),
            (lambda: undo_decisions(folder), stop_undoing),
        ]:
            patch.setattr(quarantine.os, "rename", power(lasts))
            try:
                step()
            except (KeyboardInterrupt, FileNotFoundError):
                pass
            contents = {p.read_bytes() for p in folder.parent.rglob("*.jpg")}
            assert contents == {bytes([n]) * 10 for n in range(5)}
    if quarantine_folder(folder).exists():
        undo_decisions(folder)
    assert folder_hash(folder.parent) == before


def test_a_stop_before_the_journal_leaves_no_trap(folder, monkeypatch):
    before = folder_hash(folder)

    def crash(number):
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(quarantine.os, "fsync", crash)
        with pytest.raises(OSError, match="power cut"):
            apply_decisions(DECISIONS, folder, move_files=True)
    assert folder_hash(folder) == before
    apply_decisions(DECISIONS, folder, move_files=True)
    undo_decisions(folder)
    assert folder_hash(folder) == before


@pytest.mark.parametrize(
    "decisions, error, words",
    [
        ([Decision("cat/9.jpg", "remove")], FileNotFoundError, "no such file"),
        ([Decision("cat", "remove")], FileNotFoundError, "no such file"),
        (
            [Decision("cat/0.jpg", "remove"), Decision("cat/0.jpg", "remove")],
            ValueError,
            "has two decisions",
        ),
        (
            [
                Decision("cat/0.jpg", "remove"),
                Decision("cat/./0.jpg", "relabel", label="wolf"),
            ],
            ValueError,
            "has two decisions",
        ),
        (
            [Decision("moves.csv", "remove")],
            FileExistsError,
            "another file has that name",
        ),
        (
            [Decision("cat/0.jpg", "relabel", label="note.txt")],
            FileExistsError,
            "another file has that name",
        ),
        (
            [
                Decision("cat/0.jpg", "relabel", label="wolf"),
                Decision("CAT/0.JPG", "relabel", label="wolf"),
            ],
            FileExistsError,
            "another file has that name",
        ),
    ],
)
def test_what_could_go_wrong_is_refused_before_the_first_move(
    folder, decisions, error, words
):
    (folder / "moves.csv").write_text("mine")
    (folder / "note.txt").write_text("mine")
    (folder / "CAT").mkdir(exist_ok=True)
    (folder / "CAT" / "0.JPG").write_bytes(b"another cat")
    before = folder_hash(folder.parent)
    everything = [Decision("dog/4.jpg", "remove"), *decisions]
    with pytest.raises(error, match=words):
        apply_decisions(everything, folder, move_files=True)
    assert folder_hash(folder.parent) == before


def test_a_folder_called_as_the_journal_is_refused(folder):
    (folder / "cat").rename(folder / "moves.csv")
    with pytest.raises(FileExistsError, match="another file has that name"):
        apply_decisions(
            [Decision("moves.csv/0.jpg", "remove")], folder, move_files=True
        )
    assert not quarantine_folder(folder).exists()


def test_names_that_differ_in_capitals_leave_one_folder(folder):
    (folder / "cat" / "1.JPG").write_bytes(b"another cat")
    if len(names(folder / "cat")) < 4:
        pytest.skip("this disk ignores capitals")
    before = folder_hash(folder)
    both = [Decision(f"cat/1.{end}", "remove") for end in ("jpg", "JPG")]
    apply_decisions(both, folder, move_files=True)
    assert undo_decisions(folder) == 2
    assert folder_hash(folder) == before


def test_another_disk_is_refused_before_the_first_move(folder, monkeypatch):
    def disk(path):
        return int(path.resolve().is_relative_to(folder))

    monkeypatch.setattr(quarantine, "_disk", disk)
    apply_decisions(DECISIONS[1:2], folder, move_files=True)
    assert undo_decisions(folder) == 1
    before = folder_hash(folder.parent)
    with pytest.raises(OSError, match="are on different disks"):
        apply_decisions(DECISIONS, folder, move_files=True)
    assert folder_hash(folder.parent) == before


def test_undo_leaves_alone_what_is_back_while_its_place_is_taken(folder):
    apply_decisions(DECISIONS, folder, move_files=True)
    away = quarantine_folder(folder) / "cat" / "1.jpg"
    shutil.copy(away, folder / "cat" / "1.jpg")
    away.write_bytes(b"another")
    assert undo_decisions(folder) == 2
    assert away.read_bytes() == b"another"
    assert (folder / "cat" / "1.jpg").read_bytes() == bytes([1]) * 10


def test_a_taken_place_is_refused(folder):
    shutil.copy(folder / "cat" / "0.jpg", folder / "dog" / "0.jpg")
    before = folder_hash(folder.parent)
    with pytest.raises(FileExistsError, match="rename one of them"):
        apply_decisions(
            [Decision("cat/0.jpg", "relabel", label="dog")],
            folder,
            move_files=True,
        )
    assert folder_hash(folder.parent) == before


def test_links_are_not_followed_out_of_the_folder(folder):
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "mine.jpg").write_bytes(b"mine")
    (folder / "link").symlink_to(outside)
    (folder / "cat" / "one.jpg").symlink_to(outside / "mine.jpg")
    for decision in [
        Decision("link/mine.jpg", "remove"),
        Decision("cat/one.jpg", "remove"),
        Decision("cat/0.jpg", "relabel", label="link"),
    ]:
        with pytest.raises(ValueError, match="goes through a link"):
            apply_decisions([decision], folder, move_files=True)
    assert names(outside) == ["mine.jpg"]


def test_earlier_moves_must_be_undone_first(folder):
    apply_decisions(DECISIONS[:1], folder, move_files=True)
    with pytest.raises(FileExistsError, match="call undo_decisions first"):
        apply_decisions(DECISIONS[1:], folder, move_files=True)
    assert undo_decisions(folder) == 1


def test_undo_refuses_what_would_lose_a_file(folder):
    apply_decisions(DECISIONS, folder, move_files=True)
    away = quarantine_folder(folder) / "cat" / "1.jpg"
    (folder / "cat" / "1.jpg").write_bytes(b"new")
    with pytest.raises(FileExistsError, match="another file is there now"):
        undo_decisions(folder)
    (folder / "cat" / "1.jpg").unlink()
    content = away.read_bytes()
    away.write_bytes(b"changed")
    with pytest.raises(ValueError, match="was changed since"):
        undo_decisions(folder)
    away.unlink()
    with pytest.raises(FileNotFoundError, match="is neither there nor at"):
        undo_decisions(folder)
    away.write_bytes(content)
    assert undo_decisions(folder) == 3


def test_a_forged_journal_leads_nowhere(folder):
    apply_decisions(DECISIONS[:1], folder, move_files=True)
    journal = quarantine_folder(folder) / "moves.csv"
    text = journal.read_text().replace("pets/cat/1.jpg", "elsewhere/1.jpg", 1)
    journal.write_text(text)
    with pytest.raises(ValueError, match="changed by hand"):
        undo_decisions(folder)


def test_no_decision_makes_no_folder(folder):
    keep = [Decision("cat/0.jpg", "keep")]
    same = [Decision("cat/0.jpg", "relabel", label="cat")]
    assert apply_decisions(keep, folder, move_files=True) == []
    assert apply_decisions(same, folder, move_files=True) == []
    assert not quarantine_folder(folder).exists()
