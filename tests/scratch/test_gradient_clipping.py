import pytest
import torch

from sevenlessons.scratch.gradient_clipping import clip_gradients


def parameters(scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    made = [torch.zeros(4, 3), torch.zeros(5), torch.zeros(2)]
    for p in made[:2]:
        p.grad = scale * torch.randn(p.shape, generator=generator)
    return made  # the last one has no gradient


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
@pytest.mark.parametrize("max_norm", [0.1, 1.0, 30.0])
def test_equals_torch(scale, max_norm):
    ours, theirs = parameters(scale), parameters(scale)
    norm = clip_gradients(ours, max_norm)
    torch.testing.assert_close(
        norm, torch.nn.utils.clip_grad_norm_(theirs, max_norm)
    )
    for a, b in zip(ours[:2], theirs[:2], strict=True):
        torch.testing.assert_close(a.grad, b.grad)
    assert ours[2].grad is None


def test_a_short_gradient_is_left_alone():
    made = parameters()
    before = [p.grad.clone() for p in made[:2]]
    clip_gradients(made, 1e3)
    assert all(
        torch.equal(a, p.grad) for a, p in zip(before, made, strict=False)
    )


def test_direction_stays_and_the_length_is_the_largest_allowed():
    made = parameters(100.0)
    before = torch.cat([p.grad.flatten() for p in made[:2]])
    norm = clip_gradients(iter(made), 0.5)
    after = torch.cat([p.grad.flatten() for p in made[:2]])
    torch.testing.assert_close(norm, before.norm())
    torch.testing.assert_close(after.norm(), torch.tensor(0.5))
    torch.testing.assert_close(after / 0.5, before / before.norm())


def test_nothing_to_clip_and_nothing_to_repair():
    assert clip_gradients([torch.zeros(3)], 1.0) == 0
    made = parameters()
    made[0].grad[0, 0] = torch.inf
    assert torch.isinf(clip_gradients(made, 1.0))


@pytest.mark.parametrize("wrong", [0, -1.0, float("nan")])
def test_refuses_a_length_that_is_none(wrong):
    with pytest.raises(ValueError, match="max_norm must be positive, got"):
        clip_gradients(parameters(), wrong)
