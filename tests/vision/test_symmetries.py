import pytest
import torch

from sevenlessons.vision.symmetries import (
    compose,
    composition_table,
    inverse,
)
from sevenlessons.vision.views import dihedral_view

SQUARE = torch.arange(9).reshape(3, 3)


def test_compose_is_what_pictures_do():
    for first in range(8):
        for second in range(8):
            both = dihedral_view(dihedral_view(SQUARE, first), second)
            once = dihedral_view(SQUARE, compose(first, second))
            assert torch.equal(both, once), (first, second)


def test_eight_views_and_no_two_alike():
    pictures = {str(dihedral_view(SQUARE, v).tolist()) for v in range(8)}
    assert len(pictures) == 8


def test_it_is_a_group():
    table = composition_table()
    everything = torch.arange(8)
    assert torch.equal(table[0], everything)  # nothing first
    assert torch.equal(table[:, 0], everything)  # nothing second
    for v in range(8):  # each row and each column holds each view once
        assert torch.equal(table[v].sort().values, everything)
        assert torch.equal(table[:, v].sort().values, everything)
    for a in range(8):
        for b in range(8):
            for c in range(8):
                assert table[table[a, b], c] == table[a, table[b, c]]
    assert not torch.equal(table, table.T)  # the order matters


def test_the_inverse_undoes():
    for view in range(8):
        turned = dihedral_view(SQUARE, view)
        assert torch.equal(dihedral_view(turned, inverse(view)), SQUARE)
        assert compose(inverse(view), view) == 0


@pytest.mark.parametrize("bad", [-1, 8])
def test_other_numbers_are_refused(bad):
    with pytest.raises(ValueError, match=f"got {bad}"):
        compose(0, bad)
    with pytest.raises(ValueError, match=f"got {bad}"):
        inverse(bad)
