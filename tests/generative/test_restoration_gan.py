import pytest
import torch
from torch import nn
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    l1_loss,
    mse_loss,
)

from sevenlessons.generative.patch_critic import PatchCritic
from sevenlessons.generative.restoration_gan import (
    RestorationGANLearner,
    critic_loss,
)
from sevenlessons.generative.switch import AdaptiveSwitch


def generator():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 1, 3, padding=1),
    )


def pairs(count=3):
    torch.manual_seed(7)
    return [(torch.rand(4, 1, 8, 8), torch.rand(4, 1, 8, 8))] * count


def learner(*, threshold=0.5, loader=None, **options):
    torch.manual_seed(0)
    made, critic = generator(), PatchCritic(1, width=4, depth=1)
    sgd = torch.optim.SGD(made.parameters(), lr=0.1)
    other = torch.optim.SGD(critic.parameters(), lr=0.1)
    return RestorationGANLearner(
        made,
        critic,
        loader or pairs(),
        None,
        sgd,
        other,
        switch=AdaptiveSwitch(threshold),
        **options,
    )


def numbers(module):
    return {name: x.clone() for name, x in module.state_dict().items()}


def moved(module, before):
    return {
        n for n, x in module.state_dict().items() if (x != before[n]).any()
    }


def test_in_each_phase_one_network_moves_and_the_other_not_in_one_number():
    both = learner(threshold=9.0)  # the critic is always good enough
    both.batch = pairs()[0]
    for _ in range(2):
        made, critic = numbers(both.model), numbers(both.critic)
        both.model.train()
        both.training_step()
        assert both.turns[-1]["phase"] == "critic"
        assert not moved(both.model, made)
        assert moved(both.critic, critic)
        made, critic = numbers(both.model), numbers(both.critic)
        gradients = [p.grad.clone() for p in both.critic.parameters()]
        both.training_step()
        assert both.turns[-1]["phase"] == "generator"
        assert not moved(both.critic, critic)
        assert moved(both.model, made) >= {"0.weight", "1.running_mean"}
        after = [p.grad for p in both.critic.parameters()]
        assert all(map(torch.equal, gradients, after))


def test_steps_are_those_written_out_by_hand():
    torch.manual_seed(0)
    made, critic = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3)
    by_hand = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3)
    for one, other in zip((made, critic), by_hand, strict=True):
        other.load_state_dict(one.state_dict())
    both = RestorationGANLearner(
        made,
        critic,
        pairs(2),
        None,
        torch.optim.SGD(made.parameters(), lr=0.1),
        torch.optim.SGD(critic.parameters(), lr=0.2),
        switch=AdaptiveSwitch(9.0),
        pixel_weight=3.0,
    )
    both.fit(1)
    spoiled, clean = pairs()[0]
    bce = binary_cross_entropy_with_logits
    new, judge = by_hand
    real, fake = judge(clean), judge(new(spoiled).detach())
    loss = bce(real, torch.ones_like(real))
    loss = (loss + bce(fake, torch.zeros_like(fake))) / 2
    for p, g in zip(
        judge.parameters(),
        torch.autograd.grad(loss, list(judge.parameters())),
        strict=True,
    ):
        p.data -= 0.2 * g
    picture = new(spoiled)
    score = judge(picture)
    loss = bce(score, torch.ones_like(score)) + 3 * l1_loss(picture, clean)
    for p, g in zip(
        new.parameters(),
        torch.autograd.grad(loss, list(new.parameters())),
        strict=True,
    ):
        p.data -= 0.1 * g
    for one, other in zip((made, critic), by_hand, strict=True):
        for a, b in zip(one.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(a, b)


def test_waits_for_the_critic():
    both = learner(threshold=1e-9)
    both.fit(2)
    assert both.switch.log == ["critic"] * 6


def test_goes_on_bit_for_bit_from_a_saved_state():
    one, other = learner(threshold=0.7), learner(threshold=0.7)
    one.fit(1)
    other.load_state_dict(one.state_dict())
    one.fit(1)
    other.fit(1)
    for a, b in ((one.model, other.model), (one.critic, other.critic)):
        assert not moved(a, numbers(b))


def test_the_critic_pays_for_both_kinds_of_error():
    zero = torch.zeros(4)
    assert critic_loss(zero, zero).item() == pytest.approx(0.6931, abs=1e-4)
    assert critic_loss(zero + 9, zero + 9) > 4
    assert critic_loss(zero - 9, zero - 9) > 4
    assert critic_loss(zero + 9, zero - 9) < 1e-3


def test_refuses_optimizers_of_the_wrong_network():
    made, critic = generator(), PatchCritic(1)
    mine = torch.optim.SGD(made.parameters(), lr=0.1)
    its = torch.optim.SGD(critic.parameters(), lr=0.1)
    both = torch.optim.SGD([*made.parameters(), *critic.parameters()], lr=0.1)
    other = torch.optim.SGD(generator().parameters(), lr=0.1)
    for first, second, words in [
        (both, its, "generator's optimizer holds parameters of the other"),
        (mine, both, "critic's optimizer holds parameters of the other"),
        (its, mine, "build it on generator.parameters"),
        (mine, other, "critic's optimizer holds none"),
    ]:
        with pytest.raises(ValueError, match=words):
            RestorationGANLearner(made, critic, [], None, first, second)
    with pytest.raises(ValueError, match="at least 0, got -1"):
        RestorationGANLearner(
            made, critic, [], None, mine, its, pixel_weight=-1
        )


def test_the_pixel_loss_is_also_that_of_the_validation():
    both = learner(pixel_loss=mse_loss)
    both.model.eval()
    spoiled, clean = pairs()[0]
    expected = mse_loss(both.model(spoiled), clean).item()
    assert both.evaluate(pairs(1))["loss"] == pytest.approx(expected)
