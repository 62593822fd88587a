from dataclasses import FrozenInstanceError

import pytest

from sevenlessons.data.records import Content, FileSpec, GitSource, TreeSpec

FILES = Content(files={"a": FileSpec(size=3, sha256="0" * 64)})
TREE = Content(tree=TreeSpec(keep=("*",), count=5, size=7, sha256="1" * 64))


def test_size_and_count_of_files_and_of_a_tree():
    assert (FILES.size, FILES.count) == (3, 1)
    assert (TREE.size, TREE.count) == (7, 5)


def test_the_fingerprint_follows_the_content():
    other = Content(files={"a": FileSpec(size=4, sha256="0" * 64)})
    assert FILES.fingerprint != other.fingerprint
    assert len({FILES.fingerprint, TREE.fingerprint}) == 2


def test_records_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        FILES.tree = None


def test_a_source_names_itself():
    source = GitSource(kind="git", repository="https://x/y.git", tag="v1")
    assert source.label == "git https://x/y.git at v1"
