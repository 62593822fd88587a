"""Read the catalogue of deep-sky objects, a compressed Qt data stream.

The stream is big-endian: whole numbers of 32 bits, floats of 64 bits, and
texts as UTF-16 after their length in bytes. Records follow each other without
separators, so a reader that misjudges one field reads nonsense from then on:
the edition is checked first, and the end must be met exactly.
"""

import gzip
import struct
import zlib
from pathlib import Path

import pandas as pd

__all__ = ["read_catalogue"]

EDITION = ("3.16", "standard")
NUMBERS = "ngc ic m c b sh2 vdb rcw ldn lbn cr mel pgc ugc".split()

_HEAD = struct.Struct(">IddddI")  # id, ra, dec, blue and visual magn., type
_BODY = struct.Struct(">ddI6d14I")  # size, angle, distances; 14 numbers
_LENGTH = struct.Struct(">I")
_NULL = 0xFFFFFFFF  # the length of a text that is not there


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return the text that starts at `at`, and where it ends."""
    (length,) = _LENGTH.unpack_from(data, at)
    if length == _NULL:
        return "", at + 4
    end = at + 4 + length
    return data[at + 4 : end].decode("utf-16-be"), end


def _skip(data: bytes, at: int) -> int:
    """Return where the text that starts at `at` ends."""
    (length,) = _LENGTH.unpack_from(data, at)
    return at + 4 + (0 if length == _NULL else length)


def _records(data: bytes, at: int) -> list[tuple]:
    """Return the objects from position `at` to the end of the stream."""
    rows = []
    while at < len(data):
        ident, ra, dec, _, vmag, kind = _HEAD.unpack_from(data, at)
        morphology, at = _text(data, at + _HEAD.size)
        numbers = _BODY.unpack_from(data, at)[9:]
        at = _skip(data, at + _BODY.size) + 8  # a text, two numbers,
        for _ in range(7):
            at = _skip(data, at)  # seven texts
        at += 20  # and five numbers: further cross-references
        rows.append((ident, ra, dec, vmag, kind, morphology, *numbers))
    if at != len(data):
        raise ValueError(f"the last object ends {at - len(data)} bytes late")
    return rows


def read_catalogue(path: str | Path) -> pd.DataFrame:
    """Return all objects of the catalogue file at `path`.

    Returns
    -------
    pandas.DataFrame
        Columns id, ra and dec (radians), vmag (visual magnitude), type (a
        number), morphology, and one column of numbers for each of the
        catalogues ngc, ic, m and so on; 0 where an object has none.

    Raises
    ------
    ValueError
        If the file is of another edition or damaged.

    Examples
    --------
    >>> read_catalogue("catalog.dat")  # doctest: +SKIP
           id        ra       dec  vmag  type morphology  ngc  ...

    """
    try:
        data = gzip.decompress(Path(path).read_bytes())
        version, at = _text(data, 0)
        edition, at = _text(data, at)
        if (version, edition) != EDITION:
            raise ValueError(
                f"found edition {version!r} {edition!r}, this reader knows "
                f"{EDITION[0]!r} {EDITION[1]!r}"
            )
        rows = _records(data, at)
    except (ValueError, struct.error, EOFError, OSError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(
            f"{path} is not the catalogue this book uses ({error}); delete "
            "it, and the data set is fetched again"
        ) from error
    names = "id ra dec vmag type morphology".split()
    return pd.DataFrame(rows, columns=[*names, *NUMBERS])
