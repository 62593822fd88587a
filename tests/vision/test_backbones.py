import pytest
import torch
import torchvision

from sevenlessons.data.imagenet_sample import load
from sevenlessons.data.images import images_to_tensor
from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.features import cached_features

NAMES = {  # blocks, channels, parameters of the body
    "mobilenet_v2": (19, 1280, 2_223_872),
    "squeezenet_1_1": (13, 512, 722_496),
    "efficientnet_lite0": (18, 1280, 3_371_008),
    "resnet18": (9, 512, 11_176_512),
    "resnet34": (17, 512, 21_284_672),
    "resnet50": (17, 2048, 23_508_032),
}


@pytest.mark.parametrize("name", NAMES)
def test_blocks_channels_parameters(name):
    backbone = load_backbone(name, pretrained=False)
    blocks, channels, parameters = NAMES[name]
    assert backbone.name == name
    assert len(backbone.body) == blocks
    assert sum(p.numel() for p in backbone.parameters()) == parameters
    with torch.inference_mode():
        maps = backbone.eval()(torch.zeros(2, 3, 64, 64))
    assert maps.shape[:2] == (2, channels) == (2, backbone.out_channels)
    assert maps.ndim == 4


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2"])
def test_the_body_computes_what_the_whole_network_does(name):
    whole = getattr(torchvision.models, name)().eval()
    backbone = load_backbone(name, pretrained=False).eval()
    state = list(whole.state_dict().values())
    names = list(backbone.body.state_dict())
    backbone.body.load_state_dict(dict(zip(names, state, strict=False)))
    images = torch.rand(2, 3, 64, 64)
    last = whole.fc if name == "resnet18" else whole.classifier
    with torch.inference_mode():
        pooled = backbone(images).mean((2, 3))
        expected = whole(backbone.normalize(images))
        torch.testing.assert_close(last(pooled), expected)


def test_scale_of_each_network():
    imagenet = load_backbone("mobilenet_v2", pretrained=False)
    assert imagenet.mean == (0.485, 0.456, 0.406)
    assert imagenet.std == (0.229, 0.224, 0.225)
    squeezenet = load_backbone("squeezenet_1_1", pretrained=False)
    photo = torch.full((1, 3, 4, 4), 123, dtype=torch.uint8)
    red, green, blue = squeezenet.normalize(photo)[0, :, 0, 0].tolist()
    assert (red, green, blue) == pytest.approx((0, 6, 19), abs=1e-4)
    lite = load_backbone("efficientnet_lite0", pretrained=False)
    value = lite.normalize(torch.full_like(photo, 255)).max().item()
    assert value == pytest.approx(1.0)


def test_groups_cover_all_blocks_once(tiny):
    for num_groups in (1, 2, 3, 4):
        groups = tiny.groups(num_groups)
        blocks = [block for group in groups for block in group]
        assert len(groups) == num_groups
        assert blocks == list(tiny.body)
    for wrong in (0, 5):
        with pytest.raises(ValueError, match=r"must be in \[1, 4\]"):
            tiny.groups(wrong)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_two_parts_are_the_whole(tiny, photos, at):
    tiny.eval()
    early, late = split_backbone(tiny, at)
    assert torch.equal(late(early(photos)), tiny(photos))
    assert early(photos).shape[1] == early.out_channels
    assert late.out_channels == 8
    assert late.mean is None and late.std is None


def test_parts_share_their_weights_and_mode(tiny, photos):
    norm = tiny.body[0][1]
    tiny.train()
    norm.eval()
    mean = norm.running_mean.clone()
    early, late = split_backbone(tiny, 2)
    assert late.body[0] is tiny.body[2]
    assert early.training and late.training
    assert torch.equal(norm.running_mean, mean)


def test_what_cannot_be_split(tiny):
    for wrong in (0, 4, -1):
        with pytest.raises(ValueError, match=r"at must be in \[1, 4\), since"):
            split_backbone(tiny, wrong)
    _, late = split_backbone(tiny, 1)
    with pytest.raises(ValueError, match="takes maps, not pictures"):
        split_backbone(late, 1)


@pytest.mark.parametrize(
    "name", ["mobilenet_v2", "squeezenet_1_1", "efficientnet_lite0"]
)
def test_trained_weights_arrive(needs, name):
    needs(name)
    trained = load_backbone(name)
    random = load_backbone(name, pretrained=False)
    pairs = zip(trained.parameters(), random.parameters(), strict=True)
    assert not any(torch.equal(a, b) for a, b in pairs)


def test_mobilenet_knows_photos_apart(needs):
    """Features of the two limousines are nearest to each other."""
    needs("mobilenet_v2", "imagenet_20")
    files, labels = zip(*load(), strict=True)
    backbone = load_backbone("mobilenet_v2")
    features = cached_features(
        backbone, images_to_tensor(files, 128), pool="average"
    )
    features = torch.nn.functional.normalize(features - features.mean(0))
    alike = (features @ features.T).fill_diagonal_(-1)
    first = labels.index(609)
    assert labels[alike[first].argmax()] == 609
