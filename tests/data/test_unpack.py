import gzip
import tarfile

import pytest

from sevenlessons.data.archives import BrokenArchive
from sevenlessons.data.unpack import differences, extract

TEXTS = {"a/1.txt": b"one", "b/2.txt": b"two"}


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_file_its_gzip_layer_and_a_nested_archive(toys, out):
    inner = toys.tar_bytes({"deep/c": b"three"})
    path = toys.wheel(
        {"p/a": b"one", "p/b.gz": gzip.compress(b"two"), "p/c.tar.gz": inner}
    )
    where = {"a": "p/a", "b": "p/b.gz|gunzip", "c": "p/c.tar.gz!deep/c"}
    content = toys.files(a=b"one", b=b"two", c=b"three")
    extract(toys.pip(path, where), content, path, out)
    found = {p.name: p.read_bytes() for p in out.iterdir()}
    assert found == {"a": b"one", "b": b"two", "c": b"three"}
    assert differences(content, out) == []


def test_other_content_is_refused(toys, out):
    path = toys.wheel({"a": b"ONE"})
    with pytest.raises(BrokenArchive, match="a differs from the recorded"):
        extract(toys.pip(path, {"a": "a"}), toys.files(a=b"one"), path, out)


def test_a_missing_member_is_named(toys, out):
    path = toys.wheel({"b": b"one"})
    with pytest.raises(BrokenArchive, match="as regular files: a"):
        extract(toys.pip(path, {"a": "a"}), toys.files(a=b"one"), path, out)


def test_a_wanted_member_that_is_a_link_is_missing(toys, out):
    links = [("a", "/etc/passwd", tarfile.SYMTYPE)]
    path = toys.tar({"b": b"one"}, links=links)
    with pytest.raises(BrokenArchive, match="as regular files: a"):
        extract(toys.pip(path, {"a": "a"}), toys.files(a=b"one"), path, out)
    assert list(out.iterdir()) == []


def test_a_missing_nested_member_is_named(toys, out):
    path = toys.wheel({"n.tar": toys.tar_bytes({"y": b"1"}, mode="w")})
    with pytest.raises(BrokenArchive, match="a is not in the nested archive"):
        source = toys.pip(path, {"a": "n.tar!x"})
        extract(source, toys.files(a=b"one"), path, out)


def test_a_bomb_stops_at_the_recorded_size(toys, out):
    path = toys.wheel({"a.gz": gzip.compress(bytes(50_000_000))})
    source = toys.pip(path, {"a": "a.gz|gunzip"})
    with pytest.raises(BrokenArchive, match="a is larger than recorded"):
        extract(source, toys.files(a=b"one"), path, out)
    assert (out / "a").stat().st_size <= 3


def test_a_gzip_layer_cut_short_is_damaged(toys, out):
    path = toys.wheel({"a.gz": gzip.compress(b"one" * 99)[:-9]})
    source = toys.pip(path, {"a": "a.gz|gunzip"})
    with pytest.raises(BrokenArchive, match=r"is damaged \(EOFError\)"):
        extract(source, toys.files(a=b"one" * 99), path, out)


def test_a_tree_keeps_what_its_patterns_name(toys, out):
    files = {f"data/{name}": text for name, text in TEXTS.items()}
    path = toys.deb(files | {"data/setup.py": b"evil()", "x.txt": b"no"})
    content = toys.tree(TEXTS)
    extract(toys.pip(path, {}, folder="data"), content, path, out)
    found = {p.name for p in out.rglob("*") if p.is_file()}
    assert found == {"1.txt", "2.txt"}
    assert differences(content, out) == []


@pytest.mark.parametrize(
    "files",
    [
        {"a/1.txt": b"one"},
        TEXTS | {"c/3.txt": b""},
        TEXTS | {"b/2.txt": b"TWO"},
    ],
    ids=["one missing", "one too many", "other content"],
)
def test_another_tree_is_refused(toys, out, files):
    path = toys.wheel({f"data/{name}": text for name, text in files.items()})
    source = toys.pip(path, {}, folder="data/")
    with pytest.raises(BrokenArchive, match="differ from the 2 recorded"):
        extract(source, toys.tree(TEXTS), path, out)


def test_a_tree_larger_than_recorded_is_refused(toys, out):
    path = toys.wheel({"data/a/1.txt": b"one", "data/b/2.txt": b"two" * 999})
    source = toys.pip(path, {}, folder="data")
    with pytest.raises(BrokenArchive, match=r"2\.txt is larger than recorded"):
        extract(source, toys.tree(TEXTS), path, out)


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../../evil.txt"])
@pytest.mark.parametrize("kind", ["wheel", "tar"])
def test_a_tree_cannot_write_outside(toys, out, tmp_path, kind, name):
    path = getattr(toys, kind)({f"data/{name}": b"one"})
    source = toys.pip(path, {}, folder="data")
    with pytest.raises(BrokenArchive, match="unsafe path in the archive"):
        extract(source, toys.tree(TEXTS), path, out)
    assert list(tmp_path.rglob("evil*")) == []


def test_differences_of_files(toys, out):
    content = toys.files(a=b"one", b=b"two", c=b"three")
    (out / "a").write_bytes(b"ONE")
    (out / "b").write_bytes(b"longer")
    assert differences(content, out) == [
        "a has another SHA-256",
        "b has another size",
        "c is missing",
    ]


def test_differences_of_a_tree(toys, out):
    content = toys.tree(TEXTS)
    assert differences(content, out) == ["0 files are there, 2 are recorded"]
    for name in TEXTS:
        (out / name).parent.mkdir()
        (out / name).write_bytes(b"???")
    (line,) = differences(content, out)
    assert line == "the names or the content of the files differ"
