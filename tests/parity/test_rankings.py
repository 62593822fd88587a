"""Rankings equal scikit-learn; mistakes show."""

import pytest
import torch

from sevenlessons.parity import rankings
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.rankings import ranking_pieces

PIECES = ranking_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_equal_scores_in_the_order_of_the_rows_are_found(monkeypatch):
    right = rankings.roc_auc

    def by_row(scores, truth):
        return right(scores + 1e-9 * torch.arange(len(scores)), truth)

    monkeypatch.setattr(rankings, "roc_auc", by_row)
    found = measure(named("area under the curve"), torch.float64)
    assert found["all different"] < 1e-10 < found["many equal"]
