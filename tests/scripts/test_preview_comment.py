"""A stranger's artifact becomes numbers in a comment, and nothing else."""

import io
import json
import stat
import zipfile

import pytest

from scripts import preview_comment as preview

SHA = "a" * 40
ROW = {"key": "lesson1/accuracy", "value": 0.91234, "unit": "", "n": 442}
ROW |= {"interval": [0.9, 0.93], "data": "<script>alert(1)</script>"}
GIVEN = {
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_SERVER_URL": "https://hub.example",
    "RUN_ID": "55",
    "HEAD_SHA": SHA,
    "HEAD_OWNER": "stranger",
    "HEAD_BRANCH": "a&b",
}
PULLS = [
    {"number": 3, "head": {"sha": "b" * 40}},
    {"number": 4, "head": {"sha": SHA}},
]
COMMENTS = "repos/o/r/issues/4/comments"


def zipped(**files):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return found.getvalue()


def test_the_files_of_a_sound_zip_are_read():
    data = zipped(**{"results.json": b"[]", "a/b.json": b"{}"})
    assert preview.safe_files(data) == {
        "results.json": b"[]",
        "a/b.json": b"{}",
    }


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "C:/x"]
)
def test_a_path_outside_is_refused(name):
    with pytest.raises(ValueError, match="the artifact names"):
        preview.safe_files(zipped(**{name: b"x"}))


def test_a_zip_that_grows_is_refused():
    bomb = zipped(**{"results.json": b"0" * (preview.MAX_FILE + 1)})
    assert len(bomb) < 5000
    with pytest.raises(ValueError, match="is over"):
        preview.safe_files(bomb)


def test_what_is_too_much_or_no_zip_is_refused():
    with pytest.raises(ValueError, match="over"):
        preview.safe_files(b"0" * (preview.MAX_ZIP + 1))
    with pytest.raises(ValueError, match="is no zip"):
        preview.safe_files(b"hello")
    with pytest.raises(ValueError, match="holds 21 files"):
        preview.safe_files(zipped(**{f"f{n}": b"" for n in range(21)}))


def test_a_link_is_refused():
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        entry = zipfile.ZipInfo("results.json")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ValueError, match="is a link"):
        preview.safe_files(found.getvalue())


def test_numbers_are_shown():
    shown = preview.results_table(json.dumps([ROW]).encode())
    assert "| `lesson1/accuracy` | 0.9123 | 0.9 to 0.93 | 442 |" in shown
    assert "script" not in shown  # words of the stranger are not


@pytest.mark.parametrize(
    "change",
    [
        {"key": "a](https://x.y) @everyone"},
        {"key": "a|b/c"},
        {"key": "lesson1/" + "a" * 500},
        {"key": None},
        {"unit": "<img src=x>"},
        {"unit": "[x](y)"},
        {"value": "0.9"},
        {"value": float("nan")},
        {"value": 10**400},
        {"value": True},
        {"n": {"a": 1}},
        {"interval": "ab"},
        {"interval": [1, 2, 3]},
        {"interval": 5},
    ],
)
def test_what_is_no_number_or_name_is_left_out(change):
    text = json.dumps([ROW, ROW | change]).encode()
    shown = preview.results_table(text)
    assert shown.count("`lesson1/accuracy`") == 1
    assert "1 rows were not what a ledger holds" in shown
    assert "everyone" not in shown and "img" not in shown


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b"[" * 100_000, b"[1, null, []]"]
)
def test_broken_ledgers_do_not_break_the_comment(data):
    shown = preview.results_table(data)
    assert "could not be read" in shown or "3 rows were not" in shown


def test_a_ledger_without_end_is_cut():
    shown = preview.results_table(json.dumps([ROW] * 2000).encode())
    assert "1700 rows" in shown
    assert len(shown) < 65_000  # what GitHub takes


def answers(hub, *names, size=900):
    hub.answer("GET repos/o/r/pulls", PULLS)
    rows = [
        {"id": number, "name": name, "expired": False, "size_in_bytes": size}
        for number, name in enumerate(names, 11)
    ]
    path = "repos/o/r/actions/runs/55/artifacts"
    hub.answer(f"GET {path}", {"artifacts": rows})
    hub.answer(f"GET {COMMENTS}", [])
    hub.answer(f"POST {COMMENTS}", {"id": 1})


def test_the_pull_request_comes_from_github(hub, capsys):
    answers(hub, "preview-data", "site-3.12")
    content = zipped(**{"results.json": json.dumps([ROW]), "pr": b"1"})
    (hub.home / "data.zip").write_bytes(content)
    hub.answer("GET repos/o/r/actions/artifacts/11/zip", "data.zip")
    assert preview.main(GIVEN) == 0
    method, path, body = hub.calls[-1]
    assert (method, path) == ("POST", COMMENTS)
    assert "/actions/runs/55/artifacts/12)" in body["body"]
    assert "`lesson1/accuracy` | 0.9123" in body["body"]
    assert "head=stranger%3Aa%26b" in hub.calls[0][1]
    assert "written on pull request 4" in capsys.readouterr().out


def test_a_red_run_without_a_site_says_so(hub):
    answers(hub)
    assert preview.main(GIVEN) == 0
    assert "It built no site" in hub.calls[-1][2]["body"]


def test_what_is_too_large_is_not_even_fetched(hub):
    answers(hub, "preview-data", "site-3.12", size=10**9)
    assert preview.main(GIVEN) == 0
    assert "could not be read" in hub.calls[-1][2]["body"]
    assert not any("/zip" in address for _, address, _ in hub.calls)


def test_newer_commits_mean_no_comment(hub, capsys):
    hub.answer("GET repos/o/r/pulls", PULLS[:1])
    assert preview.main(GIVEN) == 0
    assert len(hub.calls) == 1
    assert "no single open pull request" in capsys.readouterr().out


def test_an_event_that_is_none_is_refused(hub):
    with pytest.raises(ValueError, match="not what is expected"):
        preview.main(GIVEN | {"HEAD_SHA": "main; rm -rf"})
    assert hub.calls == []


WEIGHT = b"""\
| page | html | without images | MathJax |
| --- | ---: | ---: | --- |
| book/start/run.html | 31 | 640 | yes |
"""


def test_the_weights_are_shown():
    shown = preview.weights_table(WEIGHT)
    assert "| page | html | without images | MathJax |" in shown
    assert "| `book/start/run.html` | 31 | 640 | yes |" in shown


@pytest.mark.parametrize(
    "change",
    [
        (b"31", b"www.x.yz"),
        (b"31", b"[x](//y)"),
        (b"book/start/run.html", b"https://x.y/a.html"),
        (b"MathJax", b"<img src=x>"),
        (WEIGHT, b"@everyone"),
        (WEIGHT, b"\xff\xfe"),
    ],
)
def test_a_table_that_is_none_is_not_shown(change):
    assert preview.weights_table(WEIGHT.replace(*change)) == ""
