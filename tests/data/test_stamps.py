import pytest

from sevenlessons.data.records import Content
from sevenlessons.data.stamps import is_stamped, remove_stamp, write_stamp

CONTENT = Content()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"one")
    write_stamp(CONTENT, tmp_path)
    return tmp_path


def test_a_stamped_folder_is_known(folder):
    assert is_stamped(CONTENT, folder)


def test_another_content_is_not(folder, toys):
    assert not is_stamped(toys.files(a=b"one"), folder)


def test_another_size_or_a_missing_file_is_seen(folder):
    (folder / "sub" / "a").write_bytes(b"longer")
    assert not is_stamped(CONTENT, folder)
    (folder / "sub" / "a").unlink()
    assert not is_stamped(CONTENT, folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"content": 1}'])
def test_a_damaged_stamp_is_no_stamp(folder, text):
    (folder / ".complete").write_text(text)
    assert not is_stamped(CONTENT, folder)


def test_a_removed_stamp_may_be_removed_again(folder):
    remove_stamp(folder)
    remove_stamp(folder)
    assert not is_stamped(CONTENT, folder)
