import gzip
import struct

import numpy as np
import pytest

from sevenlessons.data.nifti import read_nifti

CODES = {
    "u1": 2,
    "i2": 4,
    "i4": 8,
    "f4": 16,
    "f8": 64,
    "i1": 256,
    "u2": 512,
    "u4": 768,
}


def header(shape, kind="u1", order="<", *, slope=0.0, shift=0.0, start=352):
    """Return the 352 bytes before the numbers."""
    raw = bytearray(352)
    struct.pack_into(order + "i", raw, 0, 348)
    sides = [len(shape), *shape, *[1] * (7 - len(shape))]
    struct.pack_into(order + "8h", raw, 40, *sides)
    bits = 8 * np.dtype(kind).itemsize
    struct.pack_into(order + "2h", raw, 70, CODES[kind], bits)
    struct.pack_into(order + "3f", raw, 108, start, slope, shift)
    raw[344:348] = b"n+1\x00"
    return raw


def volume(shape, kind="u1", seed=0):
    drawn = np.random.default_rng(seed).uniform(0, 100, shape)
    return drawn.astype(kind)


def write(path, array, order="<", **options):
    kind = array.dtype.kind + str(array.dtype.itemsize)
    numbers = array.astype(order + kind).tobytes(order="F")
    path.write_bytes(header(array.shape, kind, order, **options) + numbers)
    return path


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", CODES)
def test_every_kind_of_number_in_both_byte_orders(tmp_path, kind, order):
    array = volume((3, 4, 5), kind)
    got = read_nifti(write(tmp_path / "a.nii", array, order))
    assert got.dtype == np.dtype(kind)
    assert got.dtype.isnative
    assert np.array_equal(got, array)


def test_a_packed_file_is_the_same_volume(tmp_path):
    array = volume((3, 4, 5))
    plain = write(tmp_path / "a.nii", array)
    packed = tmp_path / "a.nii.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert np.array_equal(read_nifti(packed), array)


def test_single_axes_at_the_end_are_left_out_and_a_fourth_is_kept(tmp_path):
    flat = write(tmp_path / "a.nii", volume((3, 4, 5, 1, 1)))
    assert read_nifti(flat).shape == (3, 4, 5)
    film = write(tmp_path / "b.nii", volume((3, 4, 5, 2)))
    assert read_nifti(film).shape == (3, 4, 5, 2)
    thin = write(tmp_path / "c.nii", volume((3, 4, 1)))
    assert read_nifti(thin).shape == (3, 4, 1)


def test_the_scale_of_the_header_is_applied(tmp_path):
    array = volume((2, 2, 2))
    path = write(tmp_path / "a.nii", array, slope=0.5, shift=-3.0)
    assert np.allclose(read_nifti(path), array * 0.5 - 3)
    same = write(tmp_path / "b.nii", array, slope=1.0)
    assert read_nifti(same).dtype == np.uint8


def damaged(change, *, cut=None):
    raw = bytearray(header((3, 4, 5)) + bytes(60))
    for place, kind, value in change:
        struct.pack_into(kind, raw, place, value)
    return bytes(raw[:cut])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "not a NIfTI-1 volume: .* got 0 bytes"),
        (b"\x89PNG" + bytes(400), "not a NIfTI-1 volume"),
        (damaged([], cut=200), "not a NIfTI-1 volume"),
        (damaged([(0, "<i", 540)]), "not a NIfTI-1 volume"),
        (damaged([(344, "<3s", b"ni1")]), "two files"),
        (damaged([], cut=-1), "60 bytes of numbers, .* holds 59; .* damaged"),
        (damaged([]) + b"x", "60 bytes of numbers, .* holds 61"),
        (
            damaged([(42, "<h", 32767), (44, "<h", 32767)]),
            "but at most 2,147,483,648 are read",
        ),
        (damaged([(42, "<h", -3)]), r"3 axes of lengths \[-3, 4, 5\]"),
        (damaged([(40, "<h", 9)]), "announces 9 axes"),
        (damaged([(40, "<h", -1)]), "announces -1 axes"),
        (damaged([(40, "<h", 2)]), r"expected a volume .* got \(3, 4\)"),
        (damaged([(70, "<h", 128)]), "code 128 of 8 bits"),
        (damaged([(72, "<h", 16)]), "code 2 of 16 bits"),
        (damaged([(108, "<f", 1e9)]), "begin at byte 1000000000.0"),
        (damaged([(108, "<f", float("nan"))]), "begin at byte nan"),
        (damaged([(108, "<f", 12.0)]), "begin at byte 12.0"),
        (damaged([(112, "<f", float("inf"))]), "scale is inf"),
        (
            gzip.compress(damaged([]), mtime=0)[:-9],
            "the packed file is damaged",
        ),
        (b"\x1f\x8b rubbish", "the packed file is damaged"),
    ],
)
def test_damaged_files_are_refused_with_their_name(tmp_path, raw, message):
    path = tmp_path / "scan.nii"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=message) as caught:
        read_nifti(path)
    assert "scan.nii" in str(caught.value)


def test_any_single_byte_gone_is_noticed_or_harmless(tmp_path):
    path = write(tmp_path / "a.nii", volume((3, 4, 5)))
    whole = path.read_bytes()
    for cut in range(0, len(whole), 7):
        path.write_bytes(whole[:cut] + whole[cut + 1 :])
        with pytest.raises(ValueError, match=r"a\.nii"):
            read_nifti(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*none\.nii"):
        read_nifti(tmp_path / "none.nii")


def test_no_more_is_read_than_the_header_announces(tmp_path, monkeypatch):
    raw = bytes(header((3, 4, 5))) + bytes(60)
    path = tmp_path / "bomb.nii.gz"
    path.write_bytes(gzip.compress(raw + bytes(50_000_000)))
    asked = []
    read = gzip.GzipFile.read

    def watched(file, size=-1):
        asked.append(size)
        return read(file, size)

    monkeypatch.setattr(gzip.GzipFile, "read", watched)
    with pytest.raises(ValueError, match="60 bytes of numbers"):
        read_nifti(path)
    assert min(asked) > 0 and sum(asked) <= 1000


def test_what_old_programs_write(tmp_path):
    array = volume((3, 4, 5))
    for name, options in (("a", {"start": 0.0}), ("b", {"slope": np.nan})):
        path = write(tmp_path / f"{name}.nii", array, **options)
        assert np.array_equal(read_nifti(path), array)
