"""Gathers the answers that the test modules of this folder declare.

Each `test_<module>.py` declares `RIGHT`, a list of right answers a key, and
`WRONG`, a list of pairs a key: a wrong answer, and the words (one text or a
list) that its report must hold.
"""

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent


def _module(path):
    spec = importlib.util.spec_from_file_location(f"_of_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(name):
    """Return the pairs (key, entry) of all tables called `name`."""
    return [
        (key, entry)
        for path in sorted(HERE.glob("test_*_*.py"))
        for key, entries in getattr(_module(path), name).items()
        for entry in entries
    ]
