"""What nbval lets pass and this book does not; a plugin for pytest.

- Only text is compared: nbval would also compare HTML, which carries ids.
- A cell tagged `raises-exception` must raise; nbval is content if it does
  not.
- After a cell that raised, hung or killed the kernel, the rest of its page
  is skipped: it would run on a broken state, and passing would mean nothing.
- Every cell says whether its output was compared (`compared` in the JUnit
  file), so that silence cannot be taken for agreement.
"""

from collections.abc import Generator
from typing import Any

import pytest

from nbval.plugin import IPyNbCell, IPyNbFile

COMPARED = frozenset({"stdout", "stderr", "text/plain", "ename", "evalue"})


class _AllBut:
    """Contains everything but what is compared."""

    def __contains__(self, key: object) -> bool:
        return key not in COMPARED


def pytest_collectstart(collector: Any) -> None:
    """Have nbval compare text alone."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = _AllBut()


def pytest_runtest_setup(item: Any) -> None:
    """Name the cell; skip it where it would run on a broken state."""
    if not isinstance(item, IPyNbCell):
        return
    page = item.path.relative_to(item.config.rootpath).with_suffix("")
    item.user_properties.append(("page", page.as_posix()))
    item.user_properties.append(("cell", item.cell_num + 1))
    broken = getattr(item.parent, "broken_by", None)
    if broken is not None:
        pytest.skip(f"code cell {broken} of this page failed")


def _raised(item: IPyNbCell) -> bool:
    outputs = item.test_outputs or ()
    return any(output.output_type == "error" for output in outputs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: Any) -> Generator[None, object, object]:
    """Judge what nbval does not; say what was compared."""
    if not isinstance(item, IPyNbCell) or item.options["skip"]:
        return (yield)
    must_raise = item.options["check_exception"]
    try:
        result = yield
    except BaseException:
        dead = item.test_outputs is None or item.parent.timed_out
        if dead or (_raised(item) and not must_raise):
            item.parent.broken_by = item.cell_num + 1
        raise
    if must_raise and not _raised(item):
        item.raise_cell_error("is tagged raises-exception, but raised none")
    if item.options["check"] and item.cell.execution_count is not None:
        item.user_properties.append(("compared", "yes"))
    return result
