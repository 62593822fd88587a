import io
import subprocess
import urllib.error
import urllib.request

import pytest

from sevenlessons.data.archives import BrokenArchive
from sevenlessons.data.commands import SourceFailed
from sevenlessons.data.records import (
    GitSource,
    TorchvisionSource,
    UrlSource,
)
from sevenlessons.data.sources import (
    fetch_with_git,
    fetch_with_torchvision,
    fetch_with_url,
    obtain,
)


def nothing(size):
    pass


@pytest.fixture
def down(tmp_path):
    folder = tmp_path / "down"
    folder.mkdir()
    return folder


def url_source(toys, data, **changes):
    facts = {
        "kind": "url",
        "url": "https://example.invalid/toy.whl",
        "archive": "toy.whl",
        "sha256": toys.digest(data),
        "size": len(data),
    }
    return UrlSource(**facts | changes)


@pytest.fixture
def web(monkeypatch):
    """Let every address answer with the given bytes, or an error."""

    def serve(answer):
        def urlopen(url, timeout, context):
            if isinstance(answer, Exception):
                raise answer
            return io.BytesIO(answer)

        monkeypatch.setattr(urllib.request, "urlopen", urlopen)

    return serve


def test_an_archive_brought_by_hand_is_taken(toys, down):
    path = toys.wheel({"a": b"one"})
    source = toys.pip(path, {"a": "a"})
    assert obtain(source, down, toys.folder, nothing) == path


def test_a_wrong_archive_brought_by_hand_is_named_and_kept(toys, down):
    path = toys.wheel({"a": b"one"})
    source = toys.pip(path, {"a": "a"})
    toys.wheel({"a": b"two"})
    with pytest.raises(BrokenArchive, match=r"your file toy.* has SHA-256"):
        obtain(source, down, toys.folder, nothing)
    assert path.exists()


def test_an_address_is_downloaded_and_checked(toys, down, web):
    web(b"bytes")
    seen = []
    source = url_source(toys, b"bytes")
    path = obtain(source, down, None, seen.append)
    assert path.read_bytes() == b"bytes" and seen == [5]
    web(b"other")
    with pytest.raises(BrokenArchive, match=r"^toy\.whl has SHA-256"):
        obtain(source, down, None, nothing)


def test_an_address_that_gives_too_much_is_cut(toys, down, web):
    web(b"bytes and more")
    with pytest.raises(BrokenArchive, match="larger than recorded"):
        fetch_with_url(url_source(toys, b"bytes"), down, nothing)


def test_an_address_that_fails_is_told(toys, down, web):
    web(urllib.error.URLError("no route"))
    with pytest.raises(SourceFailed, match=r"URLError: .*no route"):
        fetch_with_url(url_source(toys, b"bytes"), down, nothing)


def test_only_https_is_read(toys, down):
    source = url_source(toys, b"x", url="file:///etc/passwd")
    with pytest.raises(SourceFailed, match="only https addresses"):
        fetch_with_url(source, down, nothing)


def test_what_did_not_arrive_is_named(toys, down, monkeypatch):
    monkeypatch.setattr(
        "sevenlessons.data.sources._FETCH",
        {UrlSource: lambda source, folder, watch: folder / "toy.whl"},
    )
    with pytest.raises(SourceFailed, match=r"toy\.whl did not arrive"):
        obtain(url_source(toys, b"x"), down, None, nothing)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "repository"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.txt").write_bytes(b"one")
    (folder / "other").mkdir()
    (folder / "other" / "b.txt").write_bytes(b"two")
    who = ["-c", "user.name=us", "-c", "user.email=us@example.invalid"]
    for words in (
        ["init", "--quiet"],
        ["add", "."],
        [*who, "commit", "--quiet", "-m", "x"],
        ["tag", "v1"],
    ):
        subprocess.run(["git", "-C", folder, *words], check=True)
    return folder


def git_source(repository, tag="v1"):
    place = repository.as_uri()
    return GitSource(kind="git", repository=place, tag=tag, folder="data")


def test_git_clones_one_folder_at_a_tag(repository, down):
    clone = fetch_with_git(git_source(repository), down, nothing)
    assert (clone / "data" / "a.txt").read_bytes() == b"one"
    assert not (clone / "other").exists()


def test_a_missing_tag_is_named(repository, down):
    with pytest.raises(SourceFailed, match="v2 not found"):
        fetch_with_git(git_source(repository, "v2"), down, nothing)


def test_no_git_on_this_system(repository, down, monkeypatch):
    monkeypatch.setenv("PATH", str(down))
    with pytest.raises(SourceFailed, match="no git"):
        fetch_with_git(git_source(repository), down, nothing)


def test_torchvision_works_in_a_process_of_its_own(down, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "sevenlessons.data.sources.run_command",
        lambda command, folder, watch: seen.extend(command),
    )
    source = TorchvisionSource(kind="torchvision", dataset="FashionMNIST")
    assert fetch_with_torchvision(source, down, nothing) == down
    assert seen[-2:] == ["FashionMNIST", str(down)]


def test_torchvisions_last_line_is_the_reason(down, monkeypatch):
    def fail(command, folder, watch):
        raise SourceFailed("Traceback ...\nURLError: no network")

    monkeypatch.setattr("sevenlessons.data.sources.run_command", fail)
    source = TorchvisionSource(kind="torchvision", dataset="FashionMNIST")
    with pytest.raises(SourceFailed, match=r"^URLError: no network$"):
        fetch_with_torchvision(source, down, nothing)
