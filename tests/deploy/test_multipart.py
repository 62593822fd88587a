import pytest

from sevenlessons.deploy.multipart import FormReader, boundary_of
from sevenlessons.deploy.refusals import Refused

FILE = 'Content-Disposition: form-data; name="photo"; filename="a.png"'
FIELD = 'Content-Disposition: form-data; name="note"'


def form(*parts, end="--x--\r\n"):
    text = "".join(f"--x\r\n{head}\r\n\r\n{body}\r\n" for head, body in parts)
    return (text + end).encode()


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_pieces_of_any_length_give_the_same(step):
    body = form((FIELD, "a note"), (FILE, "the\r\n--bytes\r\n--"))
    reader = FormReader(b"x")
    for start in range(0, len(body), step):
        reader.write(body[start : start + step])
    assert reader.close() == b"the\r\n--bytes\r\n--"


@pytest.mark.parametrize(
    ("kind", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('multipart/form-data; charset=utf-8; boundary="a b"', b"a b"),
        ("image/png", None),
        ("", None),
        ("multipart/mixed; boundary=abc", None),
    ],
)
def test_the_boundary_of_a_form(kind, boundary):
    assert boundary_of(kind) == boundary


@pytest.mark.parametrize("more", ["", "; boundary=", f"; boundary={'x' * 71}"])
def test_a_form_without_a_boundary(more):
    with pytest.raises(Refused, match="boundary is missing") as caught:
        boundary_of(f"multipart/form-data{more}")
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is damaged"),
        (b"no form at all", "is damaged"),
        (form((FILE, "bytes"), end=""), "is damaged"),
        (form((FILE, "bytes"))[:-6], "is damaged"),
        (form((f"Bad{chr(0)}: x", "bytes")), "is damaged"),
        (form((FILE + "a" * 4000, "bytes")), "is damaged"),
        (form(("A: b\r\n" * 20 + FILE, "bytes")), "is damaged"),
        (form((FIELD, "a note")), "holds no file"),
        (form(("Content-Type: text/plain", "x")), "holds no file"),
        (form((FILE, "one"), (FILE, "two")), "more than one file"),
        (form(*[(FIELD, "x")] * 20), "too many fields"),
    ],
)
def test_damaged_forms_are_refused(body, words):
    reader = FormReader(b"x")
    with pytest.raises(Refused, match=words) as caught:
        reader.write(body)
        reader.close()
    assert caught.value.status == 400


def test_a_name_in_another_alphabet_is_still_a_file():
    head = (
        'Content-Disposition: form-data; name="photo"; '
        "filename*=UTF-8''%E2%82%AC.png\r\nContent-Type: image/png"
    )
    reader = FormReader(b"x")
    reader.write(form((head, "bytes")))
    assert reader.close() == b"bytes"
