from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sevenlessons.training.freezing import freeze, layer_groups, unfreeze
from sevenlessons.training.rates import parameter_groups, spread_lr
from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.unet import PixelShuffleUp, UNet, icnr_

BODIES = ["mobilenet_v2", "squeezenet_1_1", "resnet18", "resnet34"]


def unet(name="mobilenet_v2", num_classes=3, **options):
    return UNet(load_backbone(name, pretrained=False), num_classes, **options)


@pytest.mark.parametrize("scale", [2, 3])
def test_at_the_start_the_shuffle_is_nearest_neighbor_enlargement(scale):
    torch.manual_seed(0)
    up = PixelShuffleUp(5, 4, scale)
    maps = torch.randn(2, 5, 3, 6)
    first = up.conv.weight[:: scale**2]  # one of the outputs made neighbors
    small = F.relu(F.conv2d(maps, first))
    expected = F.interpolate(small, scale_factor=scale, mode="nearest")
    assert torch.allclose(up(maps), expected, atol=1e-6)
    assert first.std() > 0.1  # and no zeros


def test_icnr_keeps_the_spread_of_its_init_and_takes_any_kernel():
    torch.manual_seed(0)
    weight = icnr_(torch.empty(64, 8, 3, 3), init=nn.init.ones_)
    assert torch.equal(weight, torch.ones(64, 8, 3, 3))
    drawn = icnr_(torch.empty(256, 64, 3, 3))
    expected = (2 / (64 * 9)) ** 0.5  # He et al. (2015), fan in
    assert drawn.std().item() == pytest.approx(expected, rel=0.05)


def test_icnr_refuses_a_number_of_channels_that_makes_no_pixels():
    with pytest.raises(ValueError, match=r"multiple of 2\*\*2 .* \(6, 3, 1"):
        icnr_(torch.empty(6, 3, 1, 1))


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("size", [(32, 32), (33, 47), (64, 96), (101, 50)])
def test_every_body_gives_a_score_for_every_pixel(name, size):
    model = unet(name, 4).eval()
    pictures = torch.randint(0, 256, (2, 3, *size), dtype=torch.uint8)
    with torch.no_grad():
        logits = model(pictures)
        as_floats = model(pictures / 255)
    assert logits.shape == (2, 4, *size)
    assert logits.isfinite().all()
    assert torch.allclose(logits, as_floats, atol=1e-4)


@pytest.mark.parametrize("name", BODIES)
def test_the_maps_end_in_what_the_body_gives(name):
    model = unet(name).eval()
    seen = []
    model.head.register_forward_pre_hook(lambda _, args: seen.extend(args[0]))
    pictures = torch.rand(1, 3, 96, 64)
    with torch.no_grad():
        model(pictures)
        whole = model.backbone(pictures)
    assert torch.equal(seen[-1], whole)
    assert torch.equal(seen[0], model.backbone.normalize(pictures))
    sides = [maps.shape[-2] for maps in seen]
    assert sides == sorted(set(sides), reverse=True)  # one map a size
    for large, small in pairwise(sides):
        assert round(large / small) == 2
    assert len(seen) == (5 if name == "squeezenet_1_1" else 6)


def test_the_early_part_of_a_body_is_a_body():
    early, _ = split_backbone(load_backbone("resnet18", pretrained=False), 5)
    model = UNet(early, 2, num_groups=2)
    assert model(torch.rand(2, 3, 32, 40)).shape == (2, 2, 32, 40)
    assert len(model.head.levels) == 3


def changed(model, level):
    """Return how far the answer moves when a skip carries other maps."""
    pictures = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before = model(pictures)

        def disturb(_, args):
            maps = list(args[0])
            maps[level] = torch.randn_like(maps[level])
            return (maps,)

        hook = model.head.register_forward_pre_hook(disturb)
        after = model(pictures)
        hook.remove()
    return (after - before).abs().max().item()


@pytest.mark.parametrize("level", range(5))
def test_the_decoder_looks_at_each_map_exactly_if_it_has_skips(level):
    torch.manual_seed(0)
    assert changed(unet().eval(), level) > 0
    assert changed(unet(skips=False).eval(), level) == 0


def test_without_skips_only_the_smallest_maps_count():
    torch.manual_seed(0)
    assert changed(unet(skips=False).eval(), -1) > 0


def test_without_skips_the_decoder_is_smaller():
    sizes = [
        sum(p.numel() for p in unet(skips=skips).head.parameters())
        for skips in (True, False)
    ]
    assert sizes[0] > sizes[1]


def test_the_seed_decides_the_decoder_and_nothing_else():
    torch.manual_seed(5)
    one, two, other = unet(seed=1), unet(seed=1), unet(seed=2)
    drawn = torch.rand(1)
    torch.manual_seed(5)
    assert torch.equal(drawn, torch.rand(1))
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(one.head.last.weight, other.head.last.weight)


def test_freezing_and_groups_are_those_of_a_transfer_model():
    model = unet()
    freeze(model)
    model(torch.rand(2, 3, 64, 64)).sum().backward()
    assert all(p.grad is None for p in model.backbone.parameters())
    assert all(p.grad is not None for p in model.head.parameters())
    unfreeze(model)
    groups = layer_groups(model)
    assert len(groups) == 3 and groups[-1] is model.head
    listed = parameter_groups(model, spread_lr(1e-5, 1e-3, 3))
    count = sum(p.numel() for group in listed for p in group["params"])
    assert count == sum(p.numel() for p in model.parameters())


def test_building_leaves_mode_and_statistics_of_the_body():
    body = load_backbone("resnet18", pretrained=False)
    before = {name: t.clone() for name, t in body.state_dict().items()}
    UNet(body, 2)
    assert body.training
    for name, tensor in body.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_it_learns_where_the_light_is():
    torch.manual_seed(0)
    body, _ = split_backbone(
        load_backbone("mobilenet_v2", pretrained=False), 4
    )
    model = UNet(body, 2, width=4)
    pictures = torch.rand(4, 3, 8, 8).gt(0.6).float()[:, :1]
    pictures = F.interpolate(pictures, scale_factor=4.0).expand(-1, 3, -1, -1)
    masks = pictures[:, 0].long()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(40):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(pictures), masks)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.zeros(1, 3, 31, 64), "at least 32, got .1, 3, 31, 64"),
        (torch.zeros(3, 64, 64), r"add a batch axis with image\[None\]"),
        (torch.zeros(1, 1, 64, 64), "repeat the gray channel"),
    ],
)
def test_what_is_no_batch_of_pictures_is_refused(images, message):
    with pytest.raises(ValueError, match=message):
        unet()(images)


@pytest.mark.parametrize("options", [{"num_classes": 0}, {"width": 0}])
def test_sizes_that_make_no_network_are_refused(options):
    with pytest.raises(ValueError, match="must be at least 1, got 0"):
        unet(**options)


def test_the_later_part_of_a_body_is_refused():
    _, late = split_backbone(load_backbone("resnet18", pretrained=False), 5)
    with pytest.raises(ValueError, match="takes maps, but the encoder"):
        UNet(late, 2)


def test_the_decoder_lies_where_the_backbone_lies():
    body = load_backbone("squeezenet_1_1", pretrained=False).to("meta")
    model = UNet(body, 2, width=4)
    assert {str(p.device) for p in model.parameters()} == {"meta"}
