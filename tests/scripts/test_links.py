"""The link check finds what it is for."""

import http.server
import threading

import pytest
from scripts.external import ask, dead, reachable
from scripts.links import external_links, faults, main

from scripts import links

GOOD = '<h2 id="here">x</h2><a href="#here">a</a><a href="b.html#there">b</a>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "a.html").write_text(GOOD)
    (tmp_path / "b.html").write_text('<p id="there"><a href="https://x.y">')
    return tmp_path


def test_a_sound_site_is_green(site):
    assert faults(site) == ([], 1)


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<a href="c.html">', "leads to c.html, which does not exist"),
        ('<a href="b.html#no">', "that page has no #no"),
        ('<img src="c.png">', "leads to c.png, which does not exist"),
        ('<script src="https://x.y/z.js">', "loads https://x.y/z.js from"),
        ('<link rel="stylesheet" href="//x.y/z.css">', "from another host"),
    ],
)
def test_a_bad_link_is_red(site, html, message):
    (site / "bad.html").write_text(html)
    (fault,) = faults(site)[0]
    assert fault.startswith("bad.html: ")
    assert message in fault


def test_links_from_the_root_start_where_the_site_stands(site):
    (site / "404.html").write_text('<a href="/book/a.html#here">a</a>')
    assert faults(site, "/book/")[0] == []
    (fault,) = faults(site, "/other/")[0]
    assert "leads to /book/a.html#here, which is outside of /other/" in fault


def test_links_to_other_sites_are_listed_with_their_pages(site, capsys):
    (site / "c.html").write_text('<a href="https://x.y"><a href="//p.q/r">')
    assert external_links(site) == {
        "https://x.y": ["b.html", "c.html"],
        "//p.q/r": ["c.html"],
    }
    assert main([str(site)]) == 0
    report = site.parent / "reports" / "external-links.txt"
    assert report.read_text().startswith("//p.q/r\n    c.html\nhttps://x.y\n")
    assert "2 addresses in external-links.txt" in capsys.readouterr().out


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers /404 with 404, and so on; /get refuses HEAD."""

    def do_GET(self):
        code = 200 if self.path == "/get" else int(self.path[1:])
        self.send_response(code)
        self.end_headers()

    def do_HEAD(self):
        if self.path == "/get":
            self.send_response(405)
            self.end_headers()
        else:
            self.do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def other():
    """Return the address of another site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_answers_is_alive(other):
    good = [
        f"{other}/{path}" for path in ("200", "403", "429", "get", "200#a")
    ]
    assert dead(good) == {}


def test_what_does_not_is_dead(other):
    assert ask(f"{other}/404") == "answers 404"
    assert ask(f"{other}/500") == "answers 500"
    assert "does not answer" in ask("http://127.0.0.1:1/", seconds=2)
    assert list(dead([f"{other}/404", f"{other}/200"])) == [f"{other}/404"]


def test_external_links_are_followed_when_asked(site, other, capsys):
    (site / "b.html").write_text(f'<p id="there"><a href="{other}/404">')
    assert main([str(site)]) == 0
    assert main([str(site), "--external"]) == 1
    said = capsys.readouterr().out
    assert f"FAULT  {other}/404 answers 404; linked from b.html" in said
    assert "1 addresses asked, 1 are dead" in said


def test_without_a_network_it_says_so(site, monkeypatch, capsys):
    monkeypatch.setattr(links, "reachable", lambda known: False)
    assert main([str(site), "--external"]) == 0
    assert "NOT CHECKED, no network" in capsys.readouterr().out


def test_a_network_is_one_that_knows_a_host():
    assert reachable(["http://127.0.0.1/"])
    assert not reachable(["http://nobody.invalid/"])
