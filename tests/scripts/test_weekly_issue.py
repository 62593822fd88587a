"""One issue for a red week, none for a green one."""

import json

from scripts.weekly_issue import TITLE, main, report

GIVEN = {
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_SERVER_URL": "https://hub.example",
    "GITHUB_RUN_ID": "9",
}


def needs(**results):
    return {name: {"result": result} for name, result in results.items()}


def test_only_failed_jobs_are_named():
    jobs = needs(whole="failure", links="success", newest="skipped")
    text = report(jobs, "https://hub.example/run")
    assert "Red: `whole`. See [the run](https://hub.example/run)" in text


def test_a_green_week_writes_nothing(hub, capsys):
    given = GIVEN | {"NEEDS": json.dumps(needs(a="success", b="skipped"))}
    assert main(given) == 0
    assert hub.calls == []
    assert "no issue" in capsys.readouterr().out


def test_a_red_week_opens_an_issue(hub, capsys):
    hub.answer("GET repos/o/r/issues", [])
    hub.answer("POST repos/o/r/issues", {"number": 3})
    given = GIVEN | {"NEEDS": json.dumps(needs(a="failure"))}
    assert main(given) == 0
    _, _, body = hub.calls[-1]
    assert body["title"] == TITLE
    assert "https://hub.example/o/r/actions/runs/9" in body["body"]
    assert "opened #3" in capsys.readouterr().out
