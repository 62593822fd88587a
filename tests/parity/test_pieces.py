import pytest

from sevenlessons.parity.pieces import Piece


def nothing(dtype, seed):
    return []


def test_says_where_its_tests_are():
    piece = Piece("x", "scratch/softmax", "torch.softmax", "x", "", nothing)
    assert piece.test == "tests/scratch/test_softmax.py"


@pytest.mark.parametrize("module", ["softmax", "a/b/c", ""])
def test_a_module_has_a_room(module):
    with pytest.raises(ValueError, match="a room and a module"):
        Piece("x", module, "torch.softmax", "x", "", nothing)


@pytest.mark.parametrize(("name", "formula"), [("", "x"), ("x", "")])
def test_needs_name_and_formula(name, formula):
    with pytest.raises(ValueError, match="needs a name and a formula"):
        Piece(name, "scratch/softmax", "torch.softmax", formula, "", nothing)
