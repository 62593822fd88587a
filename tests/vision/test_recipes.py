import re
import urllib.error

import pytest
import torch
import torchvision
from torch import nn

from sevenlessons.vision import recipes
from sevenlessons.vision.recipes import build_network, find_recipe, seeded


def test_seeded_is_repeatable_and_leaves_the_random_state():
    state = torch.random.get_rng_state()
    with seeded(3):
        first = torch.rand(3)
    with seeded(3):
        second = torch.rand(3)
    assert torch.equal(first, second)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="'vgg16'; available: mobilenet_v2"):
        find_recipe("vgg16")


def test_same_seed_same_network():
    first, second, other = (
        build_network("squeezenet_1_1", pretrained=False, seed=seed)
        for seed in (0, 0, 1)
    )
    a, b, c = (next(n.parameters()) for n in (first, second, other))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


@pytest.mark.parametrize("name", ["mobilenet_v2", "efficientnet_lite0"])
def test_weights_in_another_order_are_refused(tmp_path, monkeypatch, name):
    file = tmp_path / "weights.pt"
    recipe = find_recipe(name)
    with seeded(0):
        state = recipe.cut(recipe.build()).state_dict()
    items = list(state.items())
    torch.save(dict(items[:-1]), file)
    with pytest.raises(
        ValueError, match=r"weights\.pt does not fit: expected"
    ):
        recipes._load_in_order(recipe.cut(recipe.build()), file)


def test_torchvision_refused_says_what_was_tried(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(torch.hub, "download_url_to_file", refuse)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    message = (
        r"no pretrained weights for resnet34: tried .*resnet34-b627a593\.pth "
        r"and .*checkpoints.*no route.*\(mobilenet_v2, squeezenet_1_1, "
        r"efficientnet_lite0\), or place the file"
    )
    with pytest.raises(RuntimeError, match=message):
        build_network("resnet34")


def hub_file(tmp_path, name):
    url = torchvision.models.get_model_weights(name)["IMAGENET1K_V1"].url
    file = tmp_path / "hub" / "checkpoints" / url.rsplit("/", 1)[-1]
    file.parent.mkdir(parents=True)
    return file


def test_torchvision_file_in_the_hub_cache_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    trained = build_network("resnet18", pretrained=False, seed=5)
    torch.save(trained.state_dict(), hub_file(tmp_path, "resnet18"))
    network = build_network("resnet18")
    for mine, theirs in zip(
        network.parameters(), trained.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04"])
def test_a_damaged_hub_file_is_named(tmp_path, monkeypatch, content):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    file = hub_file(tmp_path, "resnet18")
    file.write_bytes(content)
    with pytest.raises(RuntimeError, match=re.escape(str(file))):
        build_network("resnet18")


def test_a_hub_file_of_another_network_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    state = nn.Linear(2, 2).state_dict()
    torch.save(state, hub_file(tmp_path, "resnet18"))
    with pytest.raises(RuntimeError, match="delete a damaged one first"):
        build_network("resnet18")
