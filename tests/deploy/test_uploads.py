import asyncio

import pytest
from starlette.requests import ClientDisconnect, Request

from sevenlessons.deploy.limits import Limits
from sevenlessons.deploy.refusals import Refused
from sevenlessons.deploy.uploads import Uploads

LIMITS = Limits(max_bytes=1000, max_held_bytes=1500, upload_seconds=0.2)


def request(*pieces, ends=True, **headers):
    """Return a request whose body arrives in pieces, and what was read."""
    read = []

    async def receive():
        if len(read) < len(pieces):
            read.append(pieces[len(read)])
            more = not ends or len(read) < len(pieces)
            return {"type": "http.request", "body": read[-1]} | {
                "more_body": more
            }
        if ends == "gone":
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)

    pairs = [(k.replace("_", "-"), v) for k, v in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/"}
    scope["headers"] = [(k.encode(), v.encode()) for k, v in pairs]
    return Request(scope, receive), read


def received(uploads, asked):
    async def go():
        async with uploads.receive(asked) as content:
            return content, uploads.held

    return asyncio.run(go())


def test_a_body_is_the_picture_and_counted_while_it_is_held():
    uploads = Uploads(LIMITS)
    asked, _ = request(b"a" * 600, b"b" * 400)
    assert received(uploads, asked) == (b"a" * 600 + b"b" * 400, 1000)
    assert uploads.held == 0


def test_a_form_may_take_a_little_more_than_its_picture():
    body = b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\n'
    body += bytes(1000) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    asked, _ = request(body, content_type=kind, content_length=f"{len(body)}")
    content, held = received(Uploads(LIMITS), asked)
    assert content == bytes(1000) and held == len(body)
    larger = body.replace(bytes(1000), bytes(1001))
    asked, _ = request(larger, content_type=kind)
    with pytest.raises(Refused, match="at most 1000 bytes"):
        received(Uploads(LIMITS), asked)


@pytest.mark.parametrize(
    ("pieces", "headers", "status", "words"),
    [
        ([b"a"], {"content_length": "1001"}, 413, "at most 1000 bytes"),
        ([b"a" * 600] * 2, {}, 413, "at most 1000 bytes"),
        ([b"a"], {"content_encoding": "gzip"}, 415, "not compressed"),
        ([b"a"], {"content_type": "multipart/form-data"}, 400, "boundary"),
    ],
)
def test_refusals_let_go_of_the_bytes(pieces, headers, status, words):
    uploads = Uploads(LIMITS)
    asked, _ = request(*pieces, **headers)
    with pytest.raises(Refused, match=words) as caught:
        received(uploads, asked)
    assert caught.value.status == status
    assert uploads.held == 0


def test_what_is_left_of_a_refused_upload_is_read_and_dropped():
    uploads = Uploads(LIMITS)
    asked, read = request(*[b"a" * 600] * 9)
    with pytest.raises(Refused):
        received(uploads, asked)
    assert len(read) == 9 and uploads.held == 0


def test_a_client_that_waits_to_be_told_is_told_at_once():
    asked, read = request(
        b"a" * 600, content_length="9999", expect="100-continue"
    )
    with pytest.raises(Refused, match="too large"):
        received(Uploads(LIMITS), asked)
    assert read == []


def test_a_body_that_never_ends_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr("sevenlessons.deploy.uploads._DRAIN", 5000)
    asked, read = request(*[b"a" * 600] * 1000)
    with pytest.raises(Refused, match="too large"):
        received(Uploads(LIMITS), asked)
    assert len(read) < 15


def test_a_refused_upload_that_stalls_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("sevenlessons.deploy.uploads._DRAIN_SECONDS", 0.05)
    asked, _ = request(b"a" * 1001, ends=False)
    with pytest.raises(Refused, match="too large"):
        received(Uploads(LIMITS), asked)


def test_a_slow_client_is_told_so():
    uploads = Uploads(LIMITS)
    asked, _ = request(b"a", ends=False)
    with pytest.raises(Refused, match=r"within 0.2 seconds") as caught:
        received(uploads, asked)
    assert caught.value.status == 408
    assert uploads.held == 0


def test_a_client_that_leaves_frees_its_bytes():
    uploads = Uploads(LIMITS)
    asked, _ = request(b"a" * 500, ends="gone", content_length="900")
    asked._receive = _unfinished(asked._receive)
    with pytest.raises(ClientDisconnect):
        received(uploads, asked)
    assert uploads.held == 0


def _unfinished(receive):
    async def more():
        message = await receive()
        return {**message, "more_body": True}

    return more


def test_all_uploads_together_have_a_bound():
    async def go():
        uploads = Uploads(LIMITS)
        first, second = (request(b"a" * 900)[0] for _ in range(2))
        async with uploads.receive(first):
            with pytest.raises(Refused, match="on their way") as caught:
                async with uploads.receive(second):
                    pass
        assert caught.value.status == 503
        assert caught.value.headers == {"Retry-After": "2"}
        assert uploads.held == 0

    asyncio.run(go())
