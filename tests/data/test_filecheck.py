import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sevenlessons.data.filecheck import check_file, image_ending


def encoded(kind, size=(48, 40)):
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, kind)
    return buffer.getvalue()


CONTENT = {
    kind: encoded(kind)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
}


def kinds(path, **options):
    return [found.kind for found in check_file(path, **options).findings]


@pytest.mark.parametrize("kind", CONTENT)
def test_whole_files_pass_and_show_what_they_look_like(tmp_path, kind):
    path = tmp_path / f"a.{kind.lower()}"
    path.write_bytes(CONTENT[kind])
    facts = check_file(path)
    assert [f.kind for f in facts.findings] == ["mode"] * (kind == "GIF")
    assert facts.views.shape == (8, 144)
    assert len(facts.content) == len(facts.pixels) == 64
    assert path.read_bytes() == CONTENT[kind]


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP"]),
    share=st.floats(0, 0.9999),
)
def test_a_file_cut_anywhere_is_never_called_whole(
    kind, share, tmp_path_factory
):
    content = CONTENT[kind]
    path = tmp_path_factory.mktemp("cut") / f"a.{kind.lower()}"
    path.write_bytes(content[: int(share * len(content))])
    (first, *_) = kinds(path)
    assert first in ("empty", "not an image", "truncated")


@pytest.mark.parametrize("kind", CONTENT)
def test_cut_in_the_middle_is_called_truncated(tmp_path, kind):
    path = tmp_path / f"a.{kind.lower()}"
    path.write_bytes(CONTENT[kind][: len(CONTENT[kind]) // 2])
    assert kinds(path) == ["truncated"]


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=200))
def test_no_bytes_whatsoever_raise(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a.jpg"
    path.write_bytes(content)
    assert kinds(path)


def test_what_is_no_plain_file(tmp_path):
    assert kinds(tmp_path) == ["not an image"]
    (gone,) = check_file(tmp_path / "gone.png").findings
    words = "cannot be read: no such file"
    assert (gone.kind, gone.detail) == ("not an image", words)


def test_too_large_is_never_decoded(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(CONTENT["PNG"])

    def refuse(self):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    facts = check_file(path, max_pixels=48 * 40 - 1)
    assert [f.kind for f in facts.findings] == ["too large"]
    assert "48 x 40 pixels" in facts.findings[0].detail


def test_wrong_name_too_small_mode_and_turned_together(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.png"
    Image.new("L", (20, 40)).save(path, "JPEG", exif=exif)
    assert kinds(path) == ["wrong name", "too small", "mode", "turned"]


def test_turned_by_exif_looks_like_the_turned_picture(tmp_path):
    image = Image.open(io.BytesIO(CONTENT["PNG"]))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "exif.png", exif=exif)
    turned = image.transpose(Image.Transpose.ROTATE_270)
    turned.save(tmp_path / "plain.png")
    one, other = (
        check_file(tmp_path / name) for name in ("exif.png", "plain.png")
    )
    assert one.pixels == other.pixels
    assert one.content != other.content


def test_endings():
    assert image_ending(b"anything", "TIFF")
    assert not image_ending(b"GIF89a", "GIF")
    assert image_ending(b"GIF89a...;\0\0", "GIF")


def test_the_end_of_a_preview_is_not_the_end_of_a_photo(tmp_path):
    """Cameras put a small JPEG into the header of the large one."""
    photo, preview = io.BytesIO(), io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3))
    picture = Image.fromarray(noise.astype("uint8"))
    picture.resize((16, 16)).save(preview, "JPEG")
    picture.save(photo, "JPEG")
    small, whole = preview.getvalue(), photo.getvalue()
    header = b"\xff\xe1" + (2 + len(small)).to_bytes(2) + small
    with_preview = whole[:2] + header + whole[2:]
    path = tmp_path / "photo.jpg"
    path.write_bytes(with_preview)
    assert check_file(path).findings == ()
    path.write_bytes(with_preview[:-2])
    assert [f.kind for f in check_file(path).findings] == ["truncated"]
