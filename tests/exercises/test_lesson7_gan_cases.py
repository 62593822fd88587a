import torch

from sevenlessons.exercises.lesson7_gan_cases import (
    fooling_step,
    same_gradient,
    small_networks,
)

RIGHT: dict = {}  # the answers stand in test_lesson7_gan
WRONG: dict = {}


def test_the_step_moves_the_generator_alone_and_repeats():
    losses = []
    for _ in range(2):
        generator, critic = small_networks(3)
        before = [p.clone() for p in critic.parameters()]
        first = generator[0].weight.clone()
        sgd = torch.optim.SGD(generator.parameters(), lr=0.1)
        losses.append(fooling_step(generator, critic, torch.ones(3, 4), sgd))
        assert not torch.equal(first, generator[0].weight)
        assert all(map(torch.equal, before, critic.parameters()))
    assert losses[0] == losses[1]


def test_a_missing_gradient_is_not_one_of_zeros():
    zero = torch.zeros(2)
    assert same_gradient(zero, zero.clone())
    assert not same_gradient(None, zero)
