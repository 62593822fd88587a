import pytest
import torch

from sevenlessons.generative.patch_critic import PatchCritic


def test_each_score_sees_a_patch_and_no_more():
    torch.manual_seed(0)
    critic = PatchCritic(1, width=4, depth=2).eval()
    picture = torch.zeros(1, 1, 32, 32)
    changed = picture.clone()
    changed[..., 0, 0] = 1
    differs = critic(changed) != critic(picture)
    assert differs[..., :2, :2].any()
    assert not differs[..., 3:, :].any()
    assert not differs[..., :, 3:].any()


def test_a_picture_is_judged_alone():
    torch.manual_seed(0)
    critic = PatchCritic(3, width=4).eval()
    pictures = torch.randn(4, 3, 16, 16)
    alone = torch.cat([critic(one[None]) for one in pictures])
    torch.testing.assert_close(critic(pictures), alone)


def test_spectral_norm_keeps_every_kernel_at_a_stretch_of_one():
    torch.manual_seed(0)
    critic = PatchCritic(3, width=8)
    for _ in range(100):  # power iteration goes on in training mode
        critic(torch.randn(2, 3, 16, 16))
    for layer in list(critic.layers)[::2]:
        stretch = torch.linalg.matrix_norm(layer.weight.flatten(1), ord=2)
        assert abs(stretch.item() - 1) < 0.01


def test_detail_is_nothing_on_an_even_picture_and_can_be_left_out():
    seen = []
    critic = PatchCritic(1, width=4, detail=5.0)
    critic.layers[0].register_forward_pre_hook(lambda _, x: seen.append(x[0]))
    picture = torch.full((1, 1, 8, 8), 0.5)
    critic(picture)
    picture[..., 4, 4] += 0.9
    critic(picture)
    assert seen[0][:, 1].abs().max() < 1e-6
    assert seen[1][0, 1, 4, 4].item() == pytest.approx(5 * 0.8, abs=1e-5)
    plain = PatchCritic(1, width=4, detail=0)
    assert plain.layers[0].in_channels == 1
    with pytest.raises(ValueError, match="detail must be at least 0, got -1"):
        PatchCritic(detail=-1)


def test_without_spectral_norm_the_weights_are_plain():
    names = dict(PatchCritic(spectral=False).named_parameters())
    assert "layers.0.weight" in names


@pytest.mark.parametrize("name", ["in_channels", "width", "depth"])
def test_refuses_sizes_below_one(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        PatchCritic(**{name: 0})


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((3, 16, 16), "expected pictures .N, 3, H, W., got shape"),
        ((1, 1, 16, 16), "got shape .1, 1, 16, 16."),
        ((1, 3, 3, 9), "at least 4 pixels.*smaller depth"),
    ],
)
def test_refuses_other_pictures(shape, words):
    with pytest.raises(ValueError, match=words):
        PatchCritic()(torch.zeros(shape))
