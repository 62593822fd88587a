import pytest
import torch
from torch import nn

from sevenlessons.training.freezing import (
    freeze,
    freeze_to,
    layer_groups,
    unfreeze,
)


class Small(nn.Module):
    """Three groups; the first and the last may share a tensor."""

    def __init__(self, tied=False):
        super().__init__()
        torch.manual_seed(0)
        self.parts = nn.ModuleList(nn.Linear(3, 3) for _ in range(3))
        if tied:
            self.parts[2].weight = self.parts[0].weight

    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return x

    def layer_groups(self):
        return list(self.parts)


@pytest.mark.parametrize("group", [-3, -2, -1, 0, 1, 2])
def test_only_the_groups_from_there_on_move(group):
    model = Small()
    model(torch.ones(2, 3)).sum().backward()  # old gradients lie about
    freeze_to(model, group)
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1
    )
    model(torch.ones(2, 3)).square().sum().backward()
    optimizer.step()
    first = 2 * (group % 3)  # two tensors a group
    for number, (old, new) in enumerate(
        zip(before, model.parameters(), strict=True)
    ):
        assert torch.equal(old, new) == (number < first)
        assert (new.grad is None) == (number < first)


def test_the_head_alone_and_all():
    model = Small()
    freeze(model)
    learns = [p.requires_grad for p in model.parameters()]
    assert learns == [False] * 4 + [True] * 2
    unfreeze(model)
    assert all(p.requires_grad for p in model.parameters())


def test_a_shared_tensor_learns_if_one_of_its_groups_does():
    model = Small(tied=True)
    freeze(model)
    assert model.parts[0].weight.requires_grad
    assert not model.parts[0].bias.requires_grad


def test_messages():
    for group in (3, -4):
        with pytest.raises(ValueError, match=r"must be in \[-3, 3\), since"):
            freeze_to(Small(), group)
    with pytest.raises(TypeError, match=r"layer_groups.*got Linear"):
        layer_groups(nn.Linear(2, 2))
    with pytest.raises(TypeError, match=r"layer_groups.*got Linear"):
        freeze(nn.Linear(2, 2))
