import pytest
import torch
from torch import nn

from sevenlessons.generative import wasserstein_losses


def test_losses_are_their_formulas():
    real, made = torch.randn(7), torch.randn(4)
    assert (
        wasserstein_losses.critic_loss(real, made) == made.mean() - real.mean()
    )
    assert wasserstein_losses.generator_loss(made) == -made.mean()


@pytest.mark.parametrize("shape", [(6, 1), (5, 4), (3, 2, 4, 4)])
def test_penalty_of_a_linear_critic_is_known(shape):
    weight = torch.randn(shape[1:], dtype=torch.float64)
    real = torch.randn(shape, dtype=torch.float64)
    made = torch.randn(shape, dtype=torch.float64)

    def line(steepness):
        return lambda x: steepness * (x * weight).flatten(1).sum(1)

    for steepness in (1.0, 2.5):
        found = wasserstein_losses.gradient_penalty(
            line(steepness), real, made
        )
        slope = steepness * weight.norm()
        torch.testing.assert_close(found, (slope - 1) ** 2)
    unit = wasserstein_losses.gradient_penalty(
        line(1 / weight.norm()), real, made
    )
    assert unit < 1e-20


def test_penalty_looks_between_the_heaps_and_trains_the_critic():
    seen = []

    class Spy(nn.Linear):
        def forward(self, x):
            seen.append(x.detach())
            return super().forward(x)

    critic = Spy(2, 1)
    real, made = torch.zeros(50, 2), torch.ones(50, 2)
    made.requires_grad_()
    wasserstein_losses.gradient_penalty(critic, real, made).backward()
    (points,) = seen
    assert torch.equal(points[:, 0], points[:, 1])  # one share a sample
    assert points.min() >= 0
    assert points.max() <= 1
    assert len(points[:, 0].unique()) > 40
    assert critic.weight.grad.abs().sum() > 0
    assert made.grad is None


def test_a_one_sided_penalty_leaves_flat_critics_alone():
    critic = nn.Linear(1, 1)
    real, made = torch.ones(4, 1), torch.zeros(4, 1)
    for slope, expected in [(0.25, 0.0), (1.0, 0.0), (-3.0, 4.0)]:
        nn.init.constant_(critic.weight, slope)
        found = wasserstein_losses.gradient_penalty(
            critic, real, made, one_sided=True
        )
        assert found.item() == expected


def test_penalty_can_be_seeded():
    critic = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    real, made = torch.randn(2, 6, 2)
    one, same, other = (
        wasserstein_losses.gradient_penalty(
            critic, real, made, generator=torch.Generator().manual_seed(seed)
        )
        for seed in (0, 0, 1)
    )
    assert one == same
    assert one != other


def test_spectral_norm_limits_each_layer():
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Flatten(), nn.Linear(12, 1))
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_(30)
    wasserstein_losses.limit_slope(critic)
    for _ in range(30):  # power iterations
        critic(torch.randn(2, 1, 4, 4))
    for layer in (critic[0], critic[2]):
        stretch = torch.linalg.matrix_norm(layer.weight.flatten(1), 2)
        assert stretch.item() == pytest.approx(1, abs=1e-3)


def test_clip_cuts_in_place():
    critic = nn.Linear(2, 2)
    nn.init.constant_(critic.weight, -3.0)
    wasserstein_losses.clip_weights(critic, 0.1)
    assert torch.equal(critic.weight, torch.full((2, 2), -0.1))


def test_messages():
    with pytest.raises(ValueError, match="limit must be above 0, got 0"):
        wasserstein_losses.clip_weights(nn.Linear(1, 1), 0.0)
    with pytest.raises(ValueError, match=r"as many .* got \(3, 1\) and \(2"):
        wasserstein_losses.gradient_penalty(
            nn.Linear(1, 1), torch.ones(3, 1), torch.ones(2, 1)
        )
