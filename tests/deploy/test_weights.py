import pytest
import safetensors.torch
import torch

from sevenlessons.deploy import weights
from sevenlessons.deploy.bundle import describe_bytes, read_settings
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.schema import BundleError
from sevenlessons.deploy.weights import find_broken, network_with_weights


@pytest.fixture
def load(gray):
    """Load the gray bundle's weights after `change`, with settings `more`."""

    def loaded(change=lambda state: state, **more):
        content = (gray / "model.safetensors").read_bytes()
        state = change(safetensors.torch.load(content))
        settings = {**read_settings(gray), **more}
        return network_with_weights(
            settings, safetensors.torch.save(state), "sky"
        )

    return loaded


@pytest.mark.parametrize("classes", [["a", "b", "c"], ["a", "b", "c", "d"]])
def test_a_class_list_of_the_wrong_length(gray, forge, classes):
    forge(gray, classes=classes)
    words = f"names {len(classes)} classes, but its network gives 2 scores"
    with pytest.raises(BundleError, match=words):
        Predictor.load(gray)


def test_a_network_that_is_not_on_the_list(gray, forge):
    forge(
        gray, architecture={"name": "os.system", "arguments": {"command": 1}}
    )
    with pytest.raises(
        BundleError, match=r"no architecture is called 'os.sys"
    ):
        Predictor.load(gray)


def test_weights_of_another_network(gray, color, forge):
    content = (color / "model.safetensors").read_bytes()
    (gray / "model.safetensors").write_bytes(content)
    forge(gray, files={"model.safetensors": describe_bytes(content)})
    with pytest.raises(BundleError, match="weights do not fit the network 's"):
        Predictor.load(gray)
    wrong = {"name": "small_cnn", "arguments": {"num_classes": 2, "width": 9}}
    forge(gray, architecture=wrong)
    with pytest.raises(BundleError, match="weights do not fit"):
        Predictor.load(gray)


@pytest.mark.parametrize(
    "content", [b"x", b"\x80\x04cos\nsystem\n", bytes(99)]
)
def test_weights_that_are_no_safetensors(gray, forge, content):
    (gray / "model.safetensors").write_bytes(content)
    forge(gray, files={"model.safetensors": describe_bytes(content)})
    with pytest.raises(BundleError, match="the weights do not fit"):
        Predictor.load(gray)


def test_what_fits_is_built_on_the_processor(load):
    model = load()
    assert not model.training
    assert {t.device.type for t in model.state_dict().values()} == {"cpu"}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_weights_without_a_value(load, bad):
    def spoil(state):
        state["head.weight"][0, 0] = bad
        return state

    with pytest.raises(BundleError, match=r"sky: .*head\.weight holds nan or"):
        load(spoil)
    assert find_broken({"n": torch.ones(2, dtype=torch.int64)}) is None


@pytest.mark.parametrize(
    "kind", [torch.int8, torch.complex64, torch.float64, torch.float16]
)
def test_weights_of_another_kind_are_not_cast(load, kind):
    def cast(state):
        return {**state, "head.weight": state["head.weight"].to(kind)}

    with pytest.raises(BundleError, match=rf"head\.weight is {kind} of shape"):
        load(cast)


@pytest.mark.parametrize(
    "key, change",
    [
        ("channels", {"channels": 3, "mode": "RGB"}),
        ("mean", {"mean": [0.5]}),
        ("std", {"std": [0.5]}),
    ],
)
def test_an_input_that_is_not_the_network_s(load, gray, key, change):
    given = {**read_settings(gray)["input"], **change}
    with pytest.raises(BundleError, match=f"sky: the {key} of the input is"):
        load(input=given)


def test_a_huge_network_is_not_built(load, monkeypatch):
    build, devices = weights.build_model, []

    def watched(name, arguments):
        model = build(name, arguments)
        devices.append(next(model.parameters()).device.type)
        return model

    monkeypatch.setattr(weights, "build_model", watched)
    arguments = {
        "backbone": "mobilenet_v2",
        "num_classes": 30_000,
        "hidden": 30_000,
        "dropout": 0.2,
        "num_groups": 3,
    }
    huge = {"name": "transfer", "arguments": arguments}
    with pytest.raises(BundleError, match="names 2 classes, but its network"):
        load(architecture=huge)
    arguments["num_classes"] = 2
    with pytest.raises(BundleError, match="weights do not fit the network"):
        load(architecture=huge)
    assert devices == ["meta", "meta"]
