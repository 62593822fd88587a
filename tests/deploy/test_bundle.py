import json
import os
from pathlib import Path

import pytest

from sevenlessons.deploy import bundle
from sevenlessons.deploy.bundle import (
    describe_bytes,
    read_file,
    read_settings,
    write_settings,
)
from sevenlessons.deploy.schema import BundleError

WEIGHTS = "model.safetensors"


def weights_of(folder):
    return read_file(folder, read_settings(folder), WEIGHTS)


def test_what_is_written_is_read(gray):
    settings = read_settings(gray)
    before = (gray / "bundle.json").read_bytes()
    write_settings(gray, settings)
    assert (gray / "bundle.json").read_bytes() == before
    assert weights_of(gray) == (gray / WEIGHTS).read_bytes()
    assert settings["files"][WEIGHTS] == describe_bytes(weights_of(gray))


def test_each_byte_of_the_weights_counts(gray):
    content = (gray / WEIGHTS).read_bytes()
    for at in (0, 7, 8, 100, len(content) // 2, len(content) - 1):
        spoiled = bytearray(content)
        spoiled[at] ^= 1
        (gray / WEIGHTS).write_bytes(spoiled)
        with pytest.raises(BundleError, match="SHA-256 does not fit; copy"):
            weights_of(gray)


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"\0"])
def test_another_length_is_named(gray, change):
    file = gray / WEIGHTS
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(
        BundleError, match=r"bytes, expected .*; copy the bund"
    ):
        weights_of(gray)


@pytest.mark.parametrize("name", ["bundle.json", WEIGHTS])
def test_a_missing_file_is_named(gray, name):
    (gray / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing in .*gray; cop"):
        weights_of(gray)


def test_a_folder_in_place_of_a_file_is_a_missing_file(gray):
    (gray / WEIGHTS).unlink()
    (gray / WEIGHTS).mkdir()
    with pytest.raises(BundleError, match="is missing"):
        weights_of(gray)


def test_an_unlisted_file_is_not_opened(gray):
    (gray / "evil.pkl").write_bytes(b"evil")
    with pytest.raises(BundleError, match=r"lists no evil\.pkl; it has model"):
        read_file(gray, read_settings(gray), "evil.pkl")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nothing",
        '{"format": NaN}',
        '{"format": 1, "format": 1}',
        "[" * 100_000,
        "\ud800",
    ],
)
def test_settings_that_are_no_json(gray, text):
    content = text.encode("utf-8", "surrogatepass")
    (gray / "bundle.json").write_bytes(content)
    with pytest.raises(BundleError, match=r"cut off or damaged \(.*copy the"):
        read_settings(gray)


def test_settings_cut_anywhere(gray):
    content = (gray / "bundle.json").read_bytes()
    for end in range(0, len(content) - 2, 97):
        (gray / "bundle.json").write_bytes(content[:end])
        with pytest.raises(BundleError, match="cut off or damaged"):
            read_settings(gray)


def test_an_edited_field_is_noticed(gray, edit):
    edit(gray, classes=["yes", "no"])
    with pytest.raises(BundleError, match="changed after it was written"):
        read_settings(gray)


def test_blanks_and_order_do_not_matter(gray):
    settings = json.loads((gray / "bundle.json").read_text())
    turned = dict(reversed(settings.items()))
    (gray / "bundle.json").write_text(json.dumps(turned))
    assert read_settings(gray) == settings


def test_a_huge_file_is_not_read(gray, monkeypatch):
    monkeypatch.setattr(bundle, "_LONGEST", 100)
    with pytest.raises(BundleError, match=r"json in .* at most 100; copy"):
        read_settings(gray)


def test_a_listed_file_that_is_too_long_is_not_read(gray, monkeypatch):
    settings = read_settings(gray)
    with (gray / WEIGHTS).open("ab") as file:
        file.write(b"more")
    monkeypatch.delattr(Path, "read_bytes")
    with pytest.raises(BundleError, match="bytes, expected at most"):
        read_file(gray, settings, WEIGHTS)


def test_no_folder_and_a_file(gray, tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"no bundle at .*nowhere; `ex"
    ):
        read_settings(tmp_path / "nowhere")
    with pytest.raises(NotADirectoryError, match=r"is a file; give the folde"):
        read_settings(gray / "bundle.json")


@pytest.mark.parametrize("name", ["bundle.json", WEIGHTS])
def test_a_link_that_leaves_the_folder(gray, tmp_path, name):
    outside = tmp_path / "outside"
    (gray / name).rename(outside)
    (gray / name).symlink_to(outside)
    with pytest.raises(BundleError, match="a link that leaves the bundle, to"):
        weights_of(gray)


def test_a_link_inside_and_a_linked_folder_are_fine(gray, tmp_path):
    (gray / WEIGHTS).rename(gray / "real")
    (gray / WEIGHTS).symlink_to(gray / "real")
    (tmp_path / "alias").symlink_to(gray)
    assert weights_of(tmp_path / "alias") == (gray / "real").read_bytes()


def test_a_folder_without_rights(gray, monkeypatch):
    if os.geteuid() != 0:
        gray.chmod(0)
    else:  # root may read everything

        def refuse(path):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "read_bytes", refuse)
    try:
        with pytest.raises(
            PermissionError, match=r"may not read .*chmod -R a"
        ):
            read_settings(gray)
    finally:
        gray.chmod(0o755)


def test_a_failed_write_leaves_the_old_settings(gray, monkeypatch):
    settings = read_settings(gray)

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_settings(gray, {**settings, "threshold": 0.5})
    monkeypatch.undo()
    assert read_settings(gray) == settings
    assert not list(gray.glob("*.partial"))
