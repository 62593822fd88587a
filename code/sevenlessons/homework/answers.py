"""Finds the answers that a file holds: functions and values by their name.

The answer to `lesson5/softmax` is whatever the file calls `softmax`. A name
that the file only imports is no answer of its own. A file called after a
lesson (`lesson5.py`, `lesson5_mine.py`) answers that lesson alone.
"""

import ast
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sevenlessons.page.calling import is_stub
from sevenlessons.page.registry import lessons

__all__ = ["Answer", "answer_files", "answers_in", "complete"]


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer in a file.

    Attributes
    ----------
    key
        The exercise; empty for a file that cannot be imported and names
        none.
    path
        The file; None if no file answers.
    value
        The function or value.
    error
        Why the file could not be imported; empty if it could.

    """

    key: str
    path: Path | None = None
    value: Any = ...
    error: str = ""

    @property
    def missing(self) -> bool:
        """Whether there is nothing to check yet, not even a mistake."""
        empty = self.value is ... or self.value is None or is_stub(self.value)
        return empty and not self.error


def answer_files(folder: Path) -> list[Path]:
    """Return the Python files of a folder that may hold answers.

    Parameters
    ----------
    folder
        Its own files count, not those of folders in it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sevenlessons.homework.answers import answer_files
    >>> answer_files(Path("no_such_folder"))
    []

    """
    return sorted(
        path
        for path in folder.glob("*.py")
        if path.name != "conftest.py" and not path.name.startswith("_")
    )


def answers_in(path: Path, keys: Iterable[str]) -> list[Answer]:
    """Import a file and return the answers in it; never raise.

    Parameters
    ----------
    path
        A Python file.
    keys
        The exercises that are asked for.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sevenlessons.homework.answers import answers_in
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.py")
    ...     _ = path.write_text("def cost(price, hours, free): return 0")
    ...     (answer,) = answers_in(path, ["start/cost", "start/interval"])
    >>> answer.key, answer.value(1, 2, 3)
    ('start/cost', 0)

    """
    asked = [key for key in keys if _is_about(path, key.split("/")[0])]
    if not asked:
        return []
    try:
        text = path.read_text(encoding="utf-8")
        imported = _imported_names(text)
        module = _load(path)
    except (Exception, SystemExit) as error:
        found = [key for key in asked if _defines(path, key.split("/")[1])]
        why = _why(path, error)
        return [Answer(key, path, error=why) for key in found or [""]]
    names = vars(module).keys() - imported
    return [
        Answer(key, path, vars(module)[key.split("/")[1]])
        for key in asked
        if key.split("/")[1] in names
    ]


def complete(keys: Iterable[str], found: Sequence[Answer]) -> list[Answer]:
    """Return one list for all exercises: what was found, and what is missing.

    A stub goes if another file holds the answer. An exercise that no file
    names gets an empty answer.

    Examples
    --------
    >>> from sevenlessons.homework.answers import Answer, complete
    >>> complete(["start/cost"], [])[0].missing
    True

    """
    real = {answer.key for answer in found if not answer.missing}
    kept = [a for a in found if not a.missing or a.key not in real]
    there = {answer.key for answer in kept}
    return kept + [Answer(key) for key in keys if key not in there]


def _is_about(path: Path, lesson: str) -> bool:
    first = path.stem.split("_")[0]
    return first == lesson or first not in lessons()


def _imported_names(text: str) -> set[str]:
    return {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _load(path: Path) -> ModuleType:
    """Import a file as a fresh module that finds its neighbours."""
    name = f"_answers_{re.sub(r'[^0-9A-Za-z]', '_', str(path.absolute()))}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a dataclass looks its own module up
    sys.path.insert(0, str(path.parent.absolute()))
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        sys.path.remove(str(path.parent.absolute()))
    return module


def _defines(path: Path, name: str) -> bool:
    """Say whether a file that cannot be imported seems to define a name."""
    text = path.read_text(encoding="utf-8", errors="replace")
    pattern = rf"^(?:async\s+def|def|class)\s+{name}\b|^{name}\s*(?::.+)?=[^=]"
    return bool(re.search(pattern, text, re.MULTILINE))


def _why(path: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        line, code = error.lineno, (error.text or "").strip()
        words = error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.filename == str(path)]
        line = own[-1].lineno if own else None
        code = own[-1].line or "" if own else ""
        words = str(error)
    where = f" at line {line}, `{code}`," if line else ""
    kind = type(error).__name__
    return (
        f"{path.name} could not be imported: it stopped{where} with {kind}: "
        f"{words}. Mend that first; its answers were not tried."
    )
