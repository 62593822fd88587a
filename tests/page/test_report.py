from sevenlessons.page.report import Report
from sevenlessons.page.trial import Case

GOOD = Case("one <number>", True)
BAD = Case("two", False, "For input (2) you returned `x`.", [2])


def test_a_solved_report_says_so():
    report = Report("start/cost", [GOOD], again="check(...)")
    assert report and report.failed_input == []
    assert "solved, every case passes" in str(report)
    assert "again" not in str(report)
    assert repr(report) == "Report('start/cost': 1 of 1 passed)"


def test_an_empty_report_is_not_solved():
    assert not Report("start/cost", [])


def test_a_failed_report_says_how_to_repeat_it(capsys):
    report = Report("start/cost", [GOOD, BAD], again="check(cost, seed=3)")
    assert not report and report.failed_input == [2]
    report.show()
    assert capsys.readouterr().out.splitlines() == [
        "start/cost: not yet, 1 case does not pass",
        "  ok  one <number>",
        "  NOT two",
        "      For input (2) you returned `x`.",
        "  The same cases again: `check(cost, seed=3)`; the input that "
        "failed is its `.failed_input`.",
    ]


def test_a_notebook_shows_the_report_once(shown):
    report = Report("start/cost", [GOOD, BAD], again="check(cost, seed=3)")
    report.show()
    assert report._ipython_display_() is None
    (output,) = shown
    html = output["data"]["text/html"]
    assert 'class="exercise-report"' in html
    assert "not yet</strong> two" in html
    assert "passed</strong> one &lt;number&gt;" in html
    assert "<code>check(cost, seed=3)</code>" in html
