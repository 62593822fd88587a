import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from sevenlessons.generative.phases import only_learning


def network(outputs):
    return nn.Sequential(
        spectral_norm(nn.Linear(3, 4)),
        nn.BatchNorm1d(4),
        nn.Dropout(),
        nn.Linear(4, outputs),
    )


def numbers(module):
    return {name: x.clone() for name, x in module.state_dict().items()}


def test_nothing_in_the_resting_network_moves():
    torch.manual_seed(0)
    generator, critic = network(3), network(1)
    before, own = numbers(critic), numbers(generator)
    optimizer = torch.optim.SGD(
        [*generator.parameters(), *critic.parameters()], lr=0.1
    )
    with only_learning(generator, critic):
        critic(generator(torch.randn(8, 3))).mean().backward()
        optimizer.step()  # even an optimizer that holds them all
    for name, value in critic.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert all(p.grad is None for p in critic.parameters())
    moved = {
        name
        for name, value in generator.state_dict().items()
        if not torch.equal(value, own[name])
    }
    assert moved >= {"1.running_mean", "1.running_var", "3.weight"}
    assert any(name.startswith("0.parametrizations") for name in moved)


def test_all_is_as_it_was_also_after_an_error():
    generator, critic = network(3).eval(), network(1)
    critic[1].eval()
    critic[3].bias.requires_grad_(requires_grad=False)
    with pytest.raises(KeyError), only_learning(generator, critic):
        assert generator.training
        assert not any(p.requires_grad for p in critic.parameters())
        assert not any(m.training for m in critic.modules())
        raise KeyError
    assert not any(m.training for m in generator.modules())
    assert critic.training
    assert not critic[1].training
    wants = [p.requires_grad for p in critic.parameters()]
    assert wants.count(False) == 1


def test_a_frozen_batch_norm_of_the_active_stays_frozen():
    generator, critic = network(3), network(1)
    generator[1].eval()
    with only_learning(generator, critic):
        assert generator.training
        assert not generator[1].training


def test_refuses_networks_that_share_parameters():
    layer = nn.Linear(2, 2)
    with pytest.raises(ValueError, match=r"share 2 parameters.*its own"):
        with only_learning(nn.Sequential(layer), layer):
            pass
