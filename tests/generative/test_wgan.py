import copy
import itertools

import pytest
import torch
from torch import nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.generative.wgan import WGANLearner
from sevenlessons.training.finder import lr_find


def built(seed=0, **options):
    torch.manual_seed(seed)
    generator, critic = (
        nn.Linear(2, 3),
        nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1)),
    )
    noise, real = torch.randn(32, 2), torch.randn(32, 3)
    return WGANLearner(
        generator,
        critic,
        TensorLoader(noise, real, batch_size=8),
        torch.optim.RMSprop(generator.parameters(), lr=1e-2),
        torch.optim.RMSprop(critic.parameters(), lr=1e-2),
        **options,
    )


def test_clipped_weights_stay_in_the_box_and_both_networks_move():
    learner = built(clip=0.01)
    before = copy.deepcopy((learner.model, learner.critic))
    learner.fit(epochs=2)
    for old, new in zip(before, (learner.model, learner.critic), strict=True):
        for a, b in zip(old.parameters(), new.parameters(), strict=True):
            assert not torch.equal(a, b)
    assert all(p.abs().max() <= 0.01 for p in learner.critic.parameters())
    assert len(learner.estimates) == 8


@pytest.mark.parametrize("clip", [None, 0.05])
@pytest.mark.parametrize("penalty", [0.0, 10.0])
def test_a_step_equals_the_update_written_out(clip, penalty):
    learner = built(clip=clip, penalty=penalty)
    generator, critic = copy.deepcopy((learner.model, learner.critic))
    noise, real = next(iter(learner.train_loader))
    for_critic, for_generator = (
        torch.optim.RMSprop(net.parameters(), lr=1e-2)
        for net in (critic, generator)
    )
    torch.manual_seed(7)
    made = generator(noise).detach()
    loss = critic(made).mean() - critic(real).mean()
    if penalty:
        share = torch.rand(8, 1)
        between = (share * real + (1 - share) * made).requires_grad_()
        slope = torch.autograd.grad(
            critic(between).sum(), between, create_graph=True
        )[0]
        loss = loss + penalty * (slope.norm(dim=1) - 1).square().mean()
    loss.backward()
    for_critic.step()
    if clip:
        for p in critic.parameters():
            p.data.clamp_(-clip, clip)
    (-critic(generator(noise)).mean()).backward()
    for_generator.step()

    learner.train_loader = [(noise, real)]
    torch.manual_seed(7)
    learner.fit(epochs=1)
    for ours, theirs in ((learner.model, generator), (learner.critic, critic)):
        torch.testing.assert_close(
            dict(ours.state_dict()),
            dict(theirs.state_dict()),
            rtol=1e-5,
            atol=1e-6,
        )
    assert all(p.requires_grad for p in learner.critic.parameters())


def test_the_generator_moves_after_each_few_critic_steps():
    learner = built(critic_steps=3)
    weights = []
    for _ in range(6):
        learner.batch = next(iter(learner.train_loader))
        learner.training_step()
        weights.append(learner.model.weight.detach().clone())
    moved = [not torch.equal(a, b) for a, b in itertools.pairwise(weights)]
    assert moved == [False, True, False, False, True]


def test_what_the_user_froze_stays_frozen_and_a_fault_thaws_the_rest():
    learner = built()
    learner.critic[0].weight.requires_grad_(False)
    learner.fit(epochs=1)
    frozen = [not p.requires_grad for p in learner.critic.parameters()]
    assert frozen == [True, False, False, False]
    learner.batch = next(iter(learner.train_loader))
    learner.optimizer = None
    with pytest.raises(AttributeError):
        learner.training_step()
    assert learner.critic[2].weight.requires_grad


def test_state_comes_back():
    learner = built(penalty=1.0)
    start = copy.deepcopy(learner.state_dict())
    learner.fit(epochs=1)
    assert not torch.equal(
        learner.critic[0].weight, start["critic"]["0.weight"]
    )
    learner.load_state_dict(start)
    assert torch.equal(learner.critic[0].weight, start["critic"]["0.weight"])
    assert learner.critic_optimizer.state_dict()["state"] == {}


def test_the_finder_leaves_both_networks_alone():
    learner = built(clip=0.01)
    before = copy.deepcopy((learner.model, learner.critic))
    assert len(lr_find(learner, num_steps=10).lrs) > 1
    for old, new in zip(before, (learner.model, learner.critic), strict=True):
        for a, b in zip(old.parameters(), new.parameters(), strict=True):
            assert torch.equal(a, b)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"clip": 0}, "clip must be above 0 or None, got 0"),
        ({"penalty": -1}, "penalty must not be below 0, got -1"),
        ({"critic_steps": 0}, "critic_steps must be at least 1, got 0"),
    ],
)
def test_messages(options, words):
    with pytest.raises(ValueError, match=words):
        built(**options)
