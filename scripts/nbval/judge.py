"""Run `pytest --nbval-lax`; read what it compared, not only its exit code.

nbval counts a cell as passed that it did not compare. So every comparison
that was expected must show in the JUnit file that pytest wrote.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from scripts.bookrun.layout import Book
from scripts.bookrun.pages import code_cells

from .faults import cell_name
from .prepare import TOOLS, Subject, build_folder, prepare

__all__ = ["Verdict", "judge"]

SANITIZE = Path(__file__).with_name("sanitize.cfg")
TIMEOUT = 600  # seconds that a cell may take, as in the runner
INI = """\
[pytest]
# The settings of the repository are for its tests. Show differences whole.
verbosity_assertions = 2
"""
Place = tuple[str, int]  # a page and the number of a code cell


@dataclass
class Verdict:
    """What one pass found."""

    faults: list[str] = field(default_factory=list)
    compared: set[Place] = field(default_factory=set)
    ran: int = 0  # cells


def _command(folder: Path, part: str, paths: list[Path]) -> list[str]:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q"]
    command += ["-p", "nbval", "-p", "xdist", "-p", f"{__package__}.plugin"]
    command += ["-p", "no:cacheprovider", "--disable-warnings"]
    command += ["-c", str(folder / "pytest.ini")]
    command += ["--rootdir", str(folder / part)]
    command += [f"--nbval-sanitize-with={SANITIZE}"]
    command += [f"--nbval-cell-timeout={TIMEOUT}", "--color=no"]
    command += [f"--junitxml={folder / part}.xml"]
    if len(paths) > 1:  # a page is one kernel: never divide it
        command += ["-n", "2", "--dist", "loadfile"]
    return [*command, *map(str, paths)]


def _environment(folder: Path) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    others = env.get("JUPYTER_PATH", "")
    env["JUPYTER_PATH"] = os.pathsep.join([str(folder), others]).strip(
        os.pathsep
    )
    return env


def _read(path: Path, verdict: Verdict) -> dict[Place, str]:
    """Return the cells that failed, and how, from a JUnit file."""
    failed: dict[Place, str] = {}
    if not path.is_file():
        return failed
    for case in ElementTree.parse(path).iter("testcase"):
        known = {p.get("name"): p.get("value") for p in case.iter("property")}
        place = (known.get("page") or "?", int(known.get("cell") or 0))
        for kind in ("failure", "error"):
            report = case.find(kind)
            if report is not None:
                failed[place] = (report.text or "").strip()
        if case.find("skipped") is None:
            verdict.ran += 1
        if known.get("compared") == "yes" and place not in failed:
            verdict.compared.add(place)
    return failed


def _why(text: str) -> str:
    """Return the short reason from the report on a failed cell."""
    if "Cell outputs differ" in text:
        return "shows something else than its reference"
    if "raises-exception" in text and "raised none" in text:
        return "is tagged raises-exception, but raised none"
    if "caused an exception" in text:
        return "raised an exception"
    return text.partition("\n")[0][:200] or "failed"


def _pytest(folder: Path, part: str, paths: list[Path]) -> tuple[int, str]:
    """Return the exit status of pytest and its words; keep them in a log."""
    (folder / "pytest.ini").write_text(INI, encoding="utf-8")
    (folder / f"{part}.xml").unlink(missing_ok=True)
    done = subprocess.run(
        _command(folder, part, paths),
        cwd=TOOLS,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    (folder / f"{part}.log").write_text(done.stdout, encoding="utf-8")
    return done.returncode, done.stdout.rstrip()


def judge(book: Book, subjects: Iterable[Subject], part: str) -> Verdict:
    """Run one pass over `subjects` and print what failed.

    Parameters
    ----------
    book
        The book.
    subjects
        The pages, each with its references.
    part
        `prepare.PUBLISHED` or `prepare.AGAIN`.

    """
    subjects, verdict, names = list(subjects), Verdict(), {}
    for subject in subjects:
        for number, cell in enumerate(code_cells(subject.notebook), 1):
            name = f"{subject.name}: {cell_name(number, cell.source)}"
            names[subject.name, number] = name
    folder = build_folder(book)
    status, words = _pytest(folder, part, prepare(book, subjects, part))
    failed = _read(folder / f"{part}.xml", verdict)
    for place, text in failed.items():
        name = names.get(place, place[0])
        verdict.faults.append(f"{name}: {_why(text)}")
    if status:
        print(words)
    if status and not failed:
        verdict.faults.append(
            f"pytest ended with status {status} ({verdict.ran} cells ran);"
            " its words are above"
        )
    expected = {(s.name, number) for s in subjects for number in s.found}
    for place in sorted(expected - verdict.compared - set(failed)):
        verdict.faults.append(f"{names[place]}: nbval did not compare it")
    if not verdict.ran:
        verdict.faults.append("nbval ran no cell at all")
    return verdict
