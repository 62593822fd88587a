import pytest
import torch
from torch import nn

from sevenlessons.training.decay_groups import decay_groups


class Tied(nn.Module):
    """An embedding whose table is also the last layer's weight."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(7, 4)
        self.norm = nn.LayerNorm(4)
        self.out = nn.Linear(4, 7)
        self.out.weight = self.table.weight


def names(model, group):
    known = {id(p): name for name, p in model.named_parameters()}
    return [known[id(p)] for p in group["params"]]


def test_one_axis_is_left_alone_and_shared_weights_come_once():
    model = Tied()
    with_decay, without = decay_groups(model, 0.1)
    assert names(model, with_decay) == ["table.weight"]
    assert names(model, without) == ["norm.weight", "norm.bias", "out.bias"]
    assert [g["weight_decay"] for g in (with_decay, without)] == [0.1, 0.0]


def test_every_learning_parameter_is_in_one_group():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2)
    )
    model[0].requires_grad_(False)
    given = [p for group in decay_groups(model, 1) for p in group["params"]]
    learns = [p for p in model.parameters() if p.requires_grad]
    assert sorted(map(id, given)) == sorted(map(id, learns))


def test_the_optimizer_shrinks_the_one_and_not_the_other():
    model = nn.Linear(3, 2)
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.AdamW(decay_groups(model, 0.5), lr=0.1)
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    optimizer.step()
    assert torch.allclose(model.weight, before[0] * 0.95)
    assert torch.equal(model.bias, before[1])


def test_an_empty_group_is_left_out():
    assert len(decay_groups(nn.Linear(3, 2, bias=False), 0.1)) == 1
    assert len(decay_groups(nn.LayerNorm(3), 0.1)) == 1


def test_odd_wishes_are_refused():
    with pytest.raises(
        ValueError, match=r"0 or more, got -1; .* weights grow"
    ):
        decay_groups(nn.Linear(1, 1), -1)
    with pytest.raises(ValueError, match="0 or more, got nan"):
        decay_groups(nn.Linear(1, 1), float("nan"))
    frozen = nn.Linear(1, 1).requires_grad_(False)
    with pytest.raises(ValueError, match="Linear has no parameter that lear"):
        decay_groups(frozen, 0.1)
