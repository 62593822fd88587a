import pytest
import torch

from sevenlessons.exercises.lesson7_rnn_cases import (
    Sums,
    adding_batches,
    share_right,
)
from sevenlessons.page.trial import Trial

RIGHT: dict = {}  # the answers stand in test_lesson7_rnn
WRONG: dict = {}


@pytest.mark.parametrize("seed", range(5))
def test_the_score_moves_with_every_state_one_begins_in(seed):
    batches = adding_batches(Trial(seed=seed), [3, 1, 5], rows=2)
    assert [x.shape[1] for x, _ in batches] == [3, 1, 5]
    reset, found = share_right(batches), []
    for left in range(5):
        model = Sums(left)
        hits = [model(x).argmax(-1) == y for x, y in batches]
        found.append(torch.cat(hits, 1).double().mean().item())
    assert found[0] == pytest.approx(reset)
    assert all(score != pytest.approx(reset) for score in found[1:])
    model = Sums(0)
    for inputs, _ in batches:
        model(inputs)
    assert (model.state % 5 == 1).all()  # not what a reset leaves


def test_it_notes_modes_and_rows():
    model = Sums(0)
    model(torch.ones(2, 3, dtype=torch.long))
    model.eval()
    model(torch.ones(1, 3, dtype=torch.long))
    assert model.log == [(True, 2), (False, 1)]
