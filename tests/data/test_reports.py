import io

import pytest

from sevenlessons.data.reports import FetchEvent, FetchReporter, megabytes

SIZE = 100_000_000


class Terminal(io.StringIO):
    def isatty(self):
        return True


def tell(report, size=SIZE, steps=100):
    report(FetchEvent(name="toy", step="source", text="from apt toy"))
    for i in range(steps + 1):
        received = size * i // steps
        report._when = 0.0  # no waiting between two pictures of the bar
        report(
            FetchEvent(name="toy", step="bytes", received=received, total=size)
        )
    report(FetchEvent(name="toy", step="done", text="100.0 MB"))
    return report.stream.getvalue()


def test_a_log_gets_a_line_a_quarter():
    text = tell(FetchReporter(io.StringIO()))
    assert text.splitlines() == [
        "toy: from apt toy",
        "toy:  25 %",
        "toy:  50 %",
        "toy:  75 %",
        "toy: 100 %",
        "toy: 100.0 MB",
    ]


def test_a_small_file_in_a_log_needs_no_quarters():
    text = tell(FetchReporter(io.StringIO()), size=1000)
    assert len(text.splitlines()) == 2


def test_a_terminal_gets_one_line_redrawn():
    text = tell(FetchReporter(Terminal()))
    bars = [part for part in text.split("\r") if "[" in part]
    assert len(bars) == 101
    assert "[############............]  50 %  50.0 MB of 100.0 MB" in text
    assert text.count("\n") == 2  # the source, and the end
    assert all(len(bar) < 80 for bar in bars)


def test_the_bar_is_not_redrawn_all_the_time():
    report = FetchReporter(Terminal())
    for _ in range(50):
        report(FetchEvent(name="toy", step="bytes", received=1, total=9))
    assert report.stream.getvalue().count("\r") <= 2


def test_unknown_total_shows_what_came():
    report = FetchReporter(Terminal())
    report(FetchEvent(name="toy", step="bytes", received=2_000_000))
    assert report.stream.getvalue().rstrip().endswith("2.0 MB")


def test_a_notebook_gets_one_line():
    kind = type(
        "OutStream", (io.StringIO,), {"__module__": "ipykernel.iostream"}
    )
    text = tell(FetchReporter(kind()))
    assert text == "toy: 100.0 MB\n"


def test_standard_output_is_the_default(capsys):
    report = FetchReporter()
    report(FetchEvent(name="toy", step="failed", text="no network"))
    captured = capsys.readouterr()
    assert captured.out == "toy: no network\n" and not captured.err


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="style must be one of bar, log"):
        FetchReporter(style="fancy")


def test_megabytes():
    assert megabytes(0) == "0.0 MB"
