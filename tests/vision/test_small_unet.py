import pytest
import torch

from sevenlessons.vision.small_unet import SmallUNet
from sevenlessons.vision.upsampling import UP_KINDS


@pytest.mark.parametrize("up", UP_KINDS)
def test_output_size_is_input_size_for_all_sizes(up):
    model = SmallUNet(1, 2, width=2, up=up, attention=True).eval()
    with torch.no_grad():
        for side in range(33, 71):
            images = torch.zeros(1, 1, side, 103 - side)
            assert model(images).shape == (1, 2, side, 103 - side)


@pytest.mark.parametrize("norm", ["batch", "group", "none"])
@pytest.mark.parametrize("blur", [False, True])
def test_starts_as_identity_and_learns(norm, blur):
    torch.manual_seed(0)
    model = SmallUNet(
        3, 3, width=6, depth=2, norm=norm, blur=blur, residual_to_input=True
    )
    images = torch.rand(4, 3, 13, 14)
    assert torch.equal(model(images), images)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(60):
        loss = (model(images) - (1 - images)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.08  # it was about 1/3


def test_each_skip_costs_its_own_weights():
    def size(skips):
        model = SmallUNet(1, 1, width=4, depth=2, skips=skips)
        return sum(p.numel() for p in model.parameters())

    full, none = size(True), size(False)
    assert full - size([True, False]) == 8 * 8 * 9
    assert size([True, False]) + size([False, True]) == full + none


def test_cut_skip_is_not_read():
    model = SmallUNet(1, 1, 4, 2, skips=[True, False], norm="none")
    seen = []
    for level in model.levels:
        level.mix.register_forward_pre_hook(
            lambda module, given: seen.append(given[0].shape[1])
        )
    model(torch.zeros(1, 1, 16, 16))
    assert seen == [8, 8]  # 8 alone at the smaller size, 4 + 4 at the larger


def test_seed_decides_the_weights_and_leaves_the_random_state():
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, two, three = (SmallUNet(1, 1, 4, seed=s) for s in (1, 1, 2))
    assert torch.equal(torch.rand(1), expected)
    same = [
        torch.equal(a, b)
        for a, b in zip(one.parameters(), two.parameters(), strict=True)
    ]
    assert all(same)
    assert not torch.equal(one.down[0][0].weight, three.down[0][0].weight)


def test_group_norm_takes_any_width():
    assert (
        SmallUNet(1, 1, 5, 1, norm="group")(torch.zeros(1, 1, 8, 8))
        is not None
    )


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"width": 0}, "width must be at least 1, got 0"),
        ({"depth": 0}, "depth must be at least 1, got 0"),
        ({"up": "cubic"}, r"up must be one of shuffle, .*got 'cubic'"),
        ({"norm": "layer"}, r"norm must be one of batch, .*got 'layer'"),
        ({"skips": [True]}, "3 sizes need 3 skips, got 1"),
        ({"residual_to_input": True}, "got 1 in and 2 out"),
    ],
)
def test_refuses_settings_that_cannot_be(how, message):
    with pytest.raises(ValueError, match=message):
        SmallUNet(1, 2, **how)


def test_refuses_pictures_that_do_not_fit():
    model = SmallUNet(1, 1, 2)
    with pytest.raises(ValueError, match=r"expected pictures of shape \(N, 1"):
        model(torch.zeros(1, 3, 16, 16))
    with pytest.raises(ValueError, match=r"at least 8 pixels.*enlarge"):
        model(torch.zeros(1, 1, 16, 7))
    with pytest.raises(TypeError, match=r"uint8; divide bytes by 255"):
        model(torch.zeros(1, 1, 16, 16, dtype=torch.uint8))
