import importlib
from pathlib import Path

import pytest

from sevenlessons.parity import catalog
from sevenlessons.parity.catalog import all_pieces, pieces_by_topic

ROOT = Path(__file__).resolve().parents[2]
PARITY = Path(catalog.__file__).parent
PIECES = all_pieces()
each_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda p: p.name)


@each_piece
def test_module_and_its_tests_exist(piece):
    assert (PARITY.parent / f"{piece.module}.py").exists()
    assert (ROOT / piece.test).exists()


@each_piece
def test_the_page_that_shows_it_exists_and_names_its_module(piece):
    page = ROOT / "book" / f"{piece.page}.md"
    assert page.exists()
    if piece.page != "lesson5/parity":  # which lists whatever there is
        assert piece.module in page.read_text(encoding="utf-8")


@each_piece
def test_the_formula_has_no_dollars_and_its_braces_close(piece):
    assert "$" not in piece.formula
    assert piece.formula.count("{") == piece.formula.count("}")


def test_names_are_told_apart():
    names = [piece.name for piece in PIECES]
    assert len(names) == len(set(names))


def lists_of_pieces():
    """Yield every public function of the room that makes pieces."""
    for path in sorted(PARITY.glob("[a-z]*.py")):
        module = importlib.import_module(f"sevenlessons.parity.{path.stem}")
        for name in module.__all__:
            if name.endswith("_pieces") and name != "all_pieces":
                yield getattr(module, name)


def test_every_list_of_pieces_is_in_the_catalog():
    names = {piece.name for piece in PIECES}
    for make in lists_of_pieces():
        assert {piece.name for piece in make()} <= names, make.__name__


def test_topics_hold_all_pieces():
    grouped = [p for pieces in pieces_by_topic().values() for p in pieces]
    assert [p.name for p in grouped] == [p.name for p in PIECES]
