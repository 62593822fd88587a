import pytest
import torch
from torch import nn

from sevenlessons.deploy.architectures import (
    build_model,
    describe_model,
    input_scale,
)
from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.normalize import Normalize
from sevenlessons.vision.small_cnn import SmallCNN
from sevenlessons.vision.transfer import TransferModel

SMALL = {"num_classes": 2, "width": 4}
TRANSFER = {
    "backbone": "squeezenet_1_1",
    "num_classes": 3,
    "hidden": 16,
    "dropout": 0.2,
    "num_groups": 3,
}


def body():
    return load_backbone("squeezenet_1_1", pretrained=False)


@pytest.mark.parametrize(
    "model",
    [
        SmallCNN(4, width=3),
        TransferModel(body(), make_head(512, 3, hidden=None)),
        TransferModel(body(), make_head(512, 3, dropout=0.1), num_groups=2),
    ],
    ids=["gray", "short head", "long head"],
)
def test_what_is_described_can_be_built_again(model):
    name, arguments = describe_model(model)
    again = build_model(name, arguments)
    again.load_state_dict(model.state_dict())  # strict: same names, shapes
    assert describe_model(again) == (name, arguments)
    images = torch.rand(2, input_scale(name, model)["channels"], 64, 64)
    assert torch.equal(again(images), model.eval()(images))
    assert not again.training


def test_only_networks_from_the_list_are_described():
    class Other(SmallCNN):
        def forward(self, images):
            return super().forward(255 - images)

    odd_scale = body()
    odd_scale.normalize = Normalize((0.1,) * 3, (0.2,) * 3)
    for model in (
        nn.Linear(2, 2),
        Other(),
        TransferModel(body(), nn.Linear(512, 3)),
        TransferModel(odd_scale, make_head(512, 3)),
        TransferModel(split_backbone(body(), 3)[1], make_head(512, 3)),
    ):
        with pytest.raises(TypeError, match=r"cannot put a .* into a bundle"):
            describe_model(model)


@pytest.mark.parametrize("name", ["os.system", "torch.nn.Linear", "", 3, None])
def test_no_other_name_builds_anything(name):
    with pytest.raises(ValueError, match="this package builds transfer, sm"):
        build_model(name, {})


@pytest.mark.parametrize(
    "name, arguments, words",
    [
        ("small_cnn", {}, "takes num_classes, width, got {}"),
        ("small_cnn", {**SMALL, "extra": 1}, "takes num_classes, width"),
        ("small_cnn", [2, 4], "takes num_classes, width"),
        ("small_cnn", {**SMALL, "width": 10**9}, "width = 1000000000 is out"),
        ("small_cnn", {**SMALL, "num_classes": 0}, "num_classes = 0 is out"),
        ("small_cnn", {**SMALL, "num_classes": True}, "num_classes = True"),
        ("small_cnn", {**SMALL, "num_classes": 2.0}, "num_classes = 2.0"),
        ("transfer", {**TRANSFER, "backbone": "vgg"}, "backbone = 'vgg'"),
        ("transfer", {**TRANSFER, "backbone": []}, "backbone = "),
        ("transfer", {**TRANSFER, "hidden": -1}, "hidden = -1"),
        ("transfer", {**TRANSFER, "dropout": 1}, "dropout = 1"),
        ("transfer", {**TRANSFER, "dropout": False}, "dropout = False"),
        ("transfer", {**TRANSFER, "dropout": 10**400}, "dropout = 1000"),
        ("transfer", {**TRANSFER, "num_groups": 1}, "num_groups = 1"),
    ],
)
def test_arguments_are_checked_first(name, arguments, words):
    with pytest.raises(ValueError, match=words):
        build_model(name, arguments)


def test_the_scale_is_that_of_the_body():
    model = TransferModel(body(), make_head(512, 3))
    scale = input_scale("transfer", model)
    assert scale["channels"] == 3
    assert scale["mean"] == pytest.approx(
        [123 / 255, 117 / 255, 104 / 255], abs=1e-6
    )
