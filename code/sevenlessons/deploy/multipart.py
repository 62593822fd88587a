"""The one file in a form, taken apart while it arrives."""

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import (
    MultipartParser,
    MultipartState,
    parse_options_header,
)

from .refusals import Refused

__all__ = ["FormReader", "boundary_of"]

_MAX_FIELDS = 16
_BROKEN = "The form that carries the picture is damaged. Send it again."


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary of a form, or None where the body is no form.

    Raises
    ------
    Refused
        400 if it is a form without a boundary.

    Examples
    --------
    >>> boundary_of("multipart/form-data; boundary=xyz"), boundary_of("a/b")
    (b'xyz', None)

    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        return None
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:
        raise Refused(
            400,
            "The form does not say where its parts end (the boundary is "
            "missing). Let your program set the Content-Type of the form.",
        )
    return boundary


class FormReader:
    r"""Takes the pieces of a form and keeps the file in it, nothing else.

    A part with a file name, or of a kind ``image/...``, is the file; other
    fields are skipped. Python's
    memory holds the file once, and nothing is written to the disk.

    Parameters
    ----------
    boundary
        What separates the parts.

    Attributes
    ----------
    content
        The bytes of the file so far.

    Examples
    --------
    >>> reader = FormReader(b"x")
    >>> reader.write(b'--x\r\nContent-Disposition: form-data; name="a"; ')
    >>> reader.write(b'filename="a.png"\r\n\r\nbytes\r\n--x--\r\n')
    >>> bytes(reader.close())
    b'bytes'

    """

    def __init__(self, boundary: bytes) -> None:
        self.content = bytearray()
        self._fields = self._files = 0
        self._name, self._value = b"", b""
        self._in_file = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_part_data": self._data,
            },
            max_header_count=8,
            max_header_size=2048,
        )

    def write(self, piece: bytes) -> None:
        """Take the next piece; `Refused` with 400 if it fits no form."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Refused(400, _BROKEN) from error

    def close(self) -> bytearray:
        """Return the file; `Refused` with 400 if there is not just one."""
        if self._parser.state != MultipartState.END:
            raise Refused(400, _BROKEN)
        if not self._files:
            raise Refused(
                400,
                "The form holds no file. Send one picture in a field of type "
                "file.",
            )
        return self.content

    def _begin(self) -> None:
        self._in_file = False
        self._name, self._value = b"", b""
        self._fields += 1
        if self._fields > _MAX_FIELDS:
            raise Refused(400, "The form has too many fields; send one.")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        name, value = self._name.lower(), self._value
        self._name, self._value = b"", b""
        if name == b"content-disposition":
            found = b"filename" in parse_options_header(value)[1]
        else:  # some programs write names in other alphabets in another way
            found = name == b"content-type" and value.startswith(b"image/")
        if found and not self._in_file:
            self._in_file = True
            self._files += 1
            if self._files > 1:
                raise Refused(
                    400, "The form holds more than one file. Send one picture."
                )

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.content += data[start:end]
