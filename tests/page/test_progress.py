import pytest
import torch
from torch import nn

from sevenlessons.page.progress import Progress
from sevenlessons.training.learner import Learner


def fit(progress, epochs=3):
    torch.manual_seed(0)
    model = nn.Linear(2, 1)
    batch = (torch.rand(8, 2), torch.rand(8, 1))
    learner = Learner(
        model,
        [batch],
        [batch],
        nn.functional.mse_loss,
        torch.optim.SGD(model.parameters(), lr=0.1),
        callbacks=[progress],
    )
    learner.fit(epochs=epochs)


def test_in_plain_python_a_line_an_epoch(capsys):
    fit(Progress())
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert out.startswith("epoch 0 · train_loss")
    assert err == ""


def test_a_notebook_keeps_one_output(shown):
    fit(Progress(["epoch", "valid_loss"]))
    assert [o["update"] for o in shown] == [False, True, True]
    assert len({o["transient"]["display_id"] for o in shown}) == 1
    last = shown[-1]["data"]["text/html"]
    assert last.count('scope="row"') == 3
    assert "train_loss" not in last


def test_two_fits_have_two_outputs(shown):
    progress = Progress()
    fit(progress, 1)
    fit(progress, 1)
    assert len({o["transient"]["display_id"] for o in shown}) == 2


def test_every_so_often_and_at_the_end(capsys):
    fit(Progress(every=2), epochs=4)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:7] for line in lines] == ["epoch 0", "epoch 2", "epoch 3"]


def test_what_is_not_recorded():
    with pytest.raises(ValueError, match="'accuracy' is not recorded"):
        fit(Progress(["accuracy"]))


def test_every_is_positive():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        Progress(every=0)
