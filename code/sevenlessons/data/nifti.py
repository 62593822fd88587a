"""Read a volume from a NIfTI-1 file: a header of 348 bytes, then numbers.

Brain scanners and the programs behind them exchange volumes in this format.
The header says how many numbers there are and of which kind; `struct` is all
that reading it takes.
"""

import gzip
import math
import os
import struct
import zlib
from pathlib import Path
from typing import IO

import numpy as np

__all__ = ["read_nifti"]

_HEADER = 348
_FIRST = 352  # where the numbers begin if nothing else is between
_LATEST = 2**24  # where they begin at the latest
_STEP = 2**20  # bytes read at once
_KINDS = {  # code of the number type: numpy's letters without byte order
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
}
_LIMIT = 2**31  # bytes: a damaged header must not ask for all memory


def read_nifti(path: str | os.PathLike[str]) -> np.ndarray:
    """Return the numbers of a volume, its axes in the order of the file.

    For most files, ours among them, the axes run from left to right, from
    back to front and from bottom to top. Where the header has a scale, it is
    applied and the numbers are floats.

    Parameters
    ----------
    path
        A ``.nii`` file, or one packed as ``.nii.gz``.

    Returns
    -------
    numpy.ndarray
        Shape ``(X, Y, Z)``; further axes follow if the file has them.

    Raises
    ------
    ValueError
        If the file is damaged, cut short, or of another format.

    Examples
    --------
    >>> import tempfile
    >>> header = bytearray(352)
    >>> struct.pack_into("<i", header, 0, 348)
    >>> struct.pack_into("<4h", header, 40, 3, 2, 1, 3)  # 3 axes: 2, 1, 3
    >>> struct.pack_into("<2h", header, 70, 2, 8)  # bytes
    >>> struct.pack_into("<f", header, 108, 352.0)  # where the numbers begin
    >>> header[344:348] = b"n+1" + bytes(1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tiny.nii"
    ...     _ = path.write_bytes(header + bytes(range(6)))
    ...     read_nifti(path)[:, 0].tolist()
    [[0, 2, 4], [1, 3, 5]]

    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}; give the path of a volume")
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if not packed:
        with path.open("rb") as file:
            return _volume(file, path)
    try:
        with gzip.open(path) as unpacked:
            return _volume(unpacked, path)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path}: the packed file is damaged ({error}); delete it and "
            f"fetch it again"
        ) from error


def _volume(file: IO[bytes] | gzip.GzipFile, path: Path) -> np.ndarray:
    """Read the header, and then as much as it announces, not more."""
    raw = _read(file, _FIRST)
    order = _byte_order(raw, path)
    shape = _shape(raw, order, path)
    code, bits = struct.unpack_from(order + "2h", raw, 70)
    if code not in _KINDS or np.dtype(_KINDS[code]).itemsize * 8 != bits:
        raise ValueError(
            f"{path}: its number type is code {code} of {bits} bits, which "
            f"is not read here; known codes: {', '.join(map(str, _KINDS))}. "
            f"Save the volume as 8-bit or 32-bit float numbers"
        )
    kind = np.dtype(order + _KINDS[code])
    start = _start(raw, order, path)
    size = math.prod(shape) * kind.itemsize
    if size > _LIMIT:
        raise ValueError(
            f"{path}: the header announces {size:,} bytes of numbers, shape "
            f"{shape}, but at most {_LIMIT:,} are read; it is damaged, fetch "
            f"it again"
        )
    raw += _read(file, start + size + 1 - len(raw))
    if len(raw) - start != size:
        raise ValueError(
            f"{path}: the header announces {size:,} bytes of numbers, shape "
            f"{shape}, but the file holds {max(0, len(raw) - start):,}; it "
            f"is damaged or was cut short: delete it and fetch it again"
        )
    numbers = np.frombuffer(raw, kind, offset=start)
    volume = numbers.reshape(shape, order="F").astype(_KINDS[code])
    slope, shift = struct.unpack_from(order + "2f", raw, 112)
    return _scaled(volume, slope, shift, path)


def _read(file: IO[bytes] | gzip.GzipFile, count: int) -> bytearray:
    """Return the next bytes, at most so many; no room is taken beforehand."""
    found = bytearray()
    while part := file.read(min(_STEP, count - len(found))):
        found += part
        if len(found) >= count:
            break
    return found


def _byte_order(raw: bytearray, path: Path) -> str:
    """Return ``<`` or ``>``: the first number of the header tells."""
    magic = raw[344:348]
    if len(raw) >= _HEADER and magic[:3] == b"ni1":
        raise ValueError(
            f"{path}: header and numbers are two files (.hdr and .img); "
            f"save the volume as one .nii file"
        )
    for order in "<>":
        if len(raw) >= _HEADER and magic[:3] == b"n+1":
            if struct.unpack_from(order + "i", raw)[0] == _HEADER:
                return order
    raise ValueError(
        f"{path}: not a NIfTI-1 volume: expected a header of {_HEADER} bytes "
        f"that ends in 'n+1', got {len(raw):,} bytes that begin with "
        f"{bytes(raw[:4])!r}"
    )


def _shape(raw: bytearray, order: str, path: Path) -> tuple[int, ...]:
    """Return the length of each axis, single ones at the end left out."""
    count, *sides = struct.unpack_from(order + "8h", raw, 40)
    if not 1 <= count <= 7 or min(sides[:count]) < 1:
        raise ValueError(
            f"{path}: the header announces {count} axes of lengths "
            f"{sides[: max(0, count)]}; expected 1 to 7 of at least 1: the "
            f"file is damaged, fetch it again"
        )
    while count > 3 and sides[count - 1] == 1:
        count -= 1
    if count < 3:
        raise ValueError(
            f"{path}: expected a volume of three axes, got "
            f"{tuple(sides[:count])}"
        )
    return tuple(sides[:count])


def _start(raw: bytearray, order: str, path: Path) -> int:
    """Return where the numbers begin."""
    (start,) = struct.unpack_from(order + "f", raw, 108)
    if start == 0:  # old programs mean: right behind the header
        return _FIRST
    if not (_HEADER <= start <= _LATEST and start == int(start)):
        raise ValueError(
            f"{path}: the header says that the numbers begin at byte "
            f"{start}, expected {_HEADER} to {_LATEST:,}; it is damaged, "
            f"fetch it again"
        )
    return int(start)


def _scaled(
    volume: np.ndarray, slope: float, shift: float, path: Path
) -> np.ndarray:
    """Apply the scale; 0, nan, and 1 with no shift, mean there is none."""
    if math.isnan(slope):
        return volume
    if not (math.isfinite(slope) and math.isfinite(shift)):
        raise ValueError(
            f"{path}: the header's scale is {slope} and {shift}, which are "
            f"no numbers; the file is damaged, fetch it again"
        )
    if slope == 0 or (slope == 1 and shift == 0):
        return volume
    return volume * np.float32(slope) + np.float32(shift)
