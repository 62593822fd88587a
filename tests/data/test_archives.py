import tarfile
import zipfile

import pytest

from sevenlessons.data.archives import (
    BrokenArchive,
    file_sha256,
    listing_sha256,
    members,
    reading,
    safe_target,
    tar_members,
)

FILES = {"a/one.txt": b"one", "a/two.txt": b"two" * 100_000}
UNSAFE = [
    "../evil",
    "a/../../evil",
    "/etc/evil",
    "..\\evil",
    "C:evil",
    "C:/evil",
    "",
    ".",
    "a\0b",
]


def content(path):
    with reading(path):
        return {name: file.read() for name, file in members(path)}


@pytest.mark.parametrize("kind", ["wheel", "tar", "deb"])
def test_each_kind_of_archive_gives_its_files(toys, kind):
    assert content(getattr(toys, kind)(FILES)) == FILES


def test_a_folder_gives_its_files_but_no_links(tmp_path):
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert content(tmp_path) == {"real": b"x"}


def test_tar_members_drop_the_leading_dot(toys, tmp_path):
    with open(toys.tar({"./x": b"1"}), "rb") as file:
        assert [name for name, _ in tar_members(file)] == ["x"]


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE],
)
def test_links_and_devices_are_passed_over(toys, kind):
    links = [("evil", "/etc/passwd", kind)]
    assert content(toys.tar({"good": b"1"}, links=links)) == {"good": b"1"}


def test_a_link_in_a_zip_is_passed_over(toys):
    path = toys.wheel({"good": b"1"})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("evil")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert content(path) == {"good": b"1"}


@pytest.mark.parametrize("name", UNSAFE)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path, name):
    with pytest.raises(BrokenArchive, match="unsafe path in the archive"):
        safe_target(tmp_path, name)


def test_a_path_through_a_link_is_refused(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "door").symlink_to(tmp_path)
    with pytest.raises(BrokenArchive, match="path leaves the folder"):
        safe_target(inside, "door/evil")


@pytest.mark.parametrize("kind", ["wheel", "tar", "deb"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_archive_is_said_to_be_damaged(toys, kind, share):
    path = getattr(toys, kind)(FILES)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BrokenArchive, match=r"toy.* (damaged|no Debian|ends)"):
        content(path)


def test_a_page_of_html_is_no_archive(toys):
    path = toys.folder / "x.whl"
    path.write_text("<html>please log in</html>")
    with pytest.raises(BrokenArchive, match=r"x\.whl is damaged"):
        content(path)


@pytest.mark.parametrize("size", ["-60       ", "many      "])
def test_a_debian_package_with_an_odd_header(toys, size):
    path = toys.folder / "x.deb"
    head = f"{'control':<16}{'':<32}{size}`\n"
    path.write_bytes(b"!<arch>\n" + head.encode() * 3)
    with pytest.raises(BrokenArchive, match=r"x\.deb"):
        content(path)


def test_digests(toys, tmp_path):
    (tmp_path / "f").write_bytes(b"abc")
    assert file_sha256(tmp_path / "f") == toys.digest(b"abc")
    lines = b"0  a\n1  b\n"
    assert listing_sha256({"b": "1", "a": "0"}) == toys.digest(lines)
