import pytest

from sevenlessons.page.exercises import check


@pytest.fixture
def failing(capsys):
    """Return a function: the text of a report that must not pass."""

    def run(key, answer):
        report = check(key, answer)
        assert not report
        return str(report)

    return run
