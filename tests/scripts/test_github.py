"""What is asked of GitHub, seen by a stand-in for `gh`."""

import pytest

from scripts import github

COMMENTS = "repos/o/r/issues/7/comments"
ISSUES = "repos/o/r/issues"


def said(number, login, body):
    return {"id": number, "user": {"login": login}, "body": body}


def test_a_value_from_an_event_stays_one_value(hub):
    hub.answer("GET repos/o/r/pulls", [])
    github.call("repos/o/r/pulls", fields={"head": "me:a&state=all #x"})
    ((_, address, _),) = hub.calls
    assert address == "repos/o/r/pulls?head=me%3Aa%26state%3Dall+%23x"


def test_a_refusal_says_what_was_asked(hub):
    with pytest.raises(RuntimeError, match="repos/o/r/no: gh: Not Found"):
        github.call("repos/o/r/no")


def test_the_first_comment_is_written(hub):
    hub.answer(f"GET {COMMENTS}", [said(1, "someone", "<!-- m --> hello")])
    hub.answer(f"POST {COMMENTS}", {"id": 2})
    assert github.put_comment("o/r", 7, "<!-- m -->", "text") == "written"
    assert hub.calls[-1] == ("POST", COMMENTS, {"body": "<!-- m -->\ntext"})


def test_the_next_one_changes_ours(hub):
    ours = said(2, "github-actions[bot]", "<!-- m -->\nold")
    hub.answer(f"GET {COMMENTS}", [said(1, "someone", "x"), ours])
    hub.answer("PATCH repos/o/r/issues/comments/2", {"id": 2})
    assert github.put_comment("o/r", 7, "<!-- m -->", "new") == "changed"
    assert hub.calls[-1][0] == "PATCH"


def test_an_open_issue_is_not_opened_again(hub):
    hub.answer(f"GET {ISSUES}", [])
    hub.answer(f"POST {ISSUES}", {"number": 7})
    assert github.put_issue("o/r", "It broke", "why") == "opened #7"
    hub.answer(f"GET {ISSUES}", [{"number": 7, "title": "It broke"}])
    hub.answer(f"POST {COMMENTS}", {"id": 1})
    assert github.put_issue("o/r", "It broke", "again") == "commented on #7"
    assert hub.calls[-1] == ("POST", COMMENTS, {"body": "again"})
