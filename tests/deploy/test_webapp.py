import asyncio
from html.parser import HTMLParser

import httpx
import numpy as np
import pytest
import torch

from sevenlessons.deploy.limits import Limits
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.webapp import create_app

from .fake import FakePredictor, heat
from .samples import BAD, GOOD, bad, good, slow

LIMITS = Limits(max_bytes=200_000)


def ask(app, method, path, **options):
    """Send one request through the app, without a port."""

    async def go():
        door = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=door, base_url="http://test"
        ) as client:
            return await client.request(method, path, **options)

    return asyncio.run(go())


@pytest.fixture
def app():
    return create_app(FakePredictor(), limits=LIMITS, name="colors")


def as_form(content, field="photo", name="a.txt"):
    return {"files": {field: (name, content, "text/plain")}}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("form", [True, False], ids=["form", "body"])
def test_good_pictures_are_answered_whatever_they_are_called(app, name, form):
    content = good(name)
    how = as_form(content) if form else {"content": content}
    answer = ask(app, "POST", "/predict", **how)
    assert answer.status_code == 200
    told = answer.json()
    shares = [row["probability"] for row in told["probabilities"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    assert told["probability"] == shares[0]
    assert told["model"] == "colors" and told["ms"] >= 0


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("form", [True, False], ids=["form", "body"])
def test_bad_files_get_a_sentence(app, name, form):
    content, status, words = bad(name)
    how = as_form(content, name="a.jpg") if form else {"content": content}
    answer = ask(app, "POST", "/predict", **how)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]
    assert "Traceback" not in answer.text


def test_the_answer_is_the_predictor_s(app):
    told = ask(app, "POST", "/predict", content=good("png")).json()
    assert told["label"] == "red"
    unsure = create_app(FakePredictor(threshold=0.99))
    told = ask(unsure, "POST", "/predict", content=good("png")).json()
    assert told["label"] is None
    assert told["probabilities"][0]["label"] == "red"


def test_a_turned_photo_is_looked_at_as_by_the_predictor_alone(color):
    predictor, seen = Predictor.load(color), []
    answer = predictor.probabilities

    def note(images):
        seen.append(images)
        return answer(images)

    predictor.probabilities = note
    photo = good("turned jpeg")
    ask(create_app(predictor), "POST", "/predict", content=photo)
    predictor.predict(photo)
    assert torch.equal(*seen)


def test_health_and_version(app):
    assert ask(app, "GET", "/health").json() == {"status": "ok"}
    told = ask(app, "GET", "/version").json()
    assert told["classes"] == ["red", "green", "blue"]
    assert told["model"] == "colors" and told["explain"] is False
    assert told["max_bytes"] == LIMITS.max_bytes
    assert {"package", "torch", "python", "threshold"} <= told.keys()


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing", 404, "nothing at this address"),
        ("GET", "/health/", 404, "nothing at this address"),
        ("GET", "/%2e%2e/etc/passwd", 404, "nothing at this address"),
        ("GET", "/static/app.js", 404, "nothing at this address"),
        ("POST", "/explain", 404, "nothing at this address"),
        ("GET", "/predict", 405, "with POST"),
        ("DELETE", "/health", 405, "with POST"),
    ],
)
def test_wrong_addresses_and_methods(app, method, path, status, words):
    answer = ask(app, method, path)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert "passwd" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/app.js"),
        ("GET", "/nothing"),
        ("GET", "/predict"),
        ("POST", "/predict"),
    ],
)
def test_every_answer_has_the_headers(app, method, path):
    headers = ask(app, method, path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    page = method == "GET" and path in ("/", "/app.js")
    assert headers["cache-control"] == ("no-cache" if page else "no-store")
    assert "access-control-allow-origin" not in headers


def test_a_fault_in_the_predictor_tells_nothing(app):
    class Broken(FakePredictor):
        def predict(self, photo):
            raise RuntimeError("secret path /home/me")

    answer = ask(create_app(Broken()), "POST", "/predict", content=good("png"))
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "Something went wrong in the server; it is noted."
    }
    assert "frame-ancestors" in answer.headers["content-security-policy"]


def test_explain_gives_a_picture_only_where_it_can():
    app = create_app(FakePredictor(), explain=heat)
    answer = ask(app, "POST", "/explain", content=good("png"))
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    answer = ask(app, "POST", "/explain", content=b"<html>")
    assert answer.status_code == 415
    assert ask(app, "GET", "/version").json()["explain"] is True


def test_explain_is_given_the_picture_and_the_likeliest_class():
    seen = []

    def look(picture, label):
        seen.append((picture.size, label))
        return np.ones((2, 2))

    app = create_app(FakePredictor(threshold=0.99), explain=look)
    ask(app, "POST", "/explain", content=good("turned jpeg"))
    assert seen == [((40, 60), "red")]
    ask(app, "POST", "/explain?label=blue", content=good("turned jpeg"))
    assert seen[1:] == [((40, 60), "blue")]
    answer = ask(app, "POST", "/explain?label=pink", content=good("png"))
    assert answer.status_code == 422 and len(seen) == 2
    assert "no such class" in answer.json()["error"]


def test_explain_has_no_content_where_nothing_speaks_for_the_class():
    app = create_app(FakePredictor(), explain=lambda *_: np.zeros((2, 2)))
    answer = ask(app, "POST", "/explain", content=good("png"))
    assert (answer.status_code, answer.content) == (204, b"")


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.inline = [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "href", "action"):
                self.links.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append((tag, name))
        if tag in ("style",) or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append((tag, ""))


def test_the_page_asks_for_nothing_from_elsewhere(app):
    page = ask(app, "GET", "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    links = Links()
    links.feed(page.text)
    assert links.inline == []
    for link in links.links:  # relative: it works below any path
        assert "/" not in link
        expected = 405 if link == "predict" else 200
        assert ask(app, "GET", f"/{link}").status_code == expected
    for path in ("/", "/app.css", "/app.js", "/icon.svg"):
        text = ask(app, "GET", path).text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text and "@import" not in text


def test_too_many_are_told_when_to_come_back():
    app = create_app(FakePredictor(), limits=Limits(max_waiting=2))

    async def go():
        door = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=door, base_url="http://test"
        ) as client:
            return await asyncio.gather(
                *(client.post("/predict", content=slow(0.2)) for _ in "123456")
            )

    answers = asyncio.run(go())
    assert {answer.status_code for answer in answers} == {200, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) >= 1
            assert "Try again in a moment" in answer.json()["error"]


def test_a_slow_answer_is_given_up():
    app = create_app(FakePredictor(), limits=Limits(predict_seconds=0.1))
    answer = ask(app, "POST", "/predict", content=slow(0.5))
    assert answer.status_code == 504
    assert "within 0.1 seconds" in answer.json()["error"]


def test_two_workers_at_a_time_answer_as_the_predictor_alone(color):
    predictor = Predictor.load(color)
    app = create_app(predictor, limits=Limits(workers=2))
    names = ["jpeg", "png", "webp", "turned jpeg", "gray jpeg", "one pixel"]
    photos = 3 * [good(name) for name in names]

    async def go():
        door = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=door, base_url="http://test"
        ) as client:
            return await asyncio.gather(
                *(client.post("/predict", content=photo) for photo in photos)
            )

    for answer, photo in zip(asyncio.run(go()), photos, strict=True):
        expected = predictor.predict(photo)
        rows = answer.json()["probabilities"]
        told = {row["label"]: row["probability"] for row in rows}
        assert told == pytest.approx(expected.probabilities, abs=1e-6)
        assert answer.json()["label"] == expected.label
