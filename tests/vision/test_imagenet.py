import pytest
import torch
from torch import nn

from sevenlessons.data.imagenet_sample import load
from sevenlessons.data.images import images_to_tensor
from sevenlessons.vision.imagenet import (
    category_names,
    load_classifier,
    top_k,
)


@pytest.mark.parametrize(
    ("name", "size", "parameters", "first", "among_five"),
    [
        ("squeezenet_1_1", 227, 1_235_496, 13, 20),
        ("efficientnet_lite0", 224, 4_652_008, 17, 20),
    ],
)
def test_right_names_for_twenty_photos(
    needs, name, size, parameters, first, among_five
):
    needs(name, "imagenet_20")
    model = load_classifier(name)
    assert sum(p.numel() for p in model.parameters()) == parameters
    assert not model.training
    files, labels = zip(*load(), strict=True)
    answers = top_k(model, images_to_tensor(files, size))
    names = category_names()
    truth = [names[label] for label in labels]
    hits = [
        [name for name, _ in answer].index(true)
        if true in dict(answer)
        else -1
        for answer, true in zip(answers, truth, strict=True)
    ]
    # rounding may turn one close call on another processor
    assert sum(hit == 0 for hit in hits) >= first - 1
    assert sum(hit >= 0 for hit in hits) >= among_five - 1


@pytest.fixture
def colors():
    """A model whose score for category 7 is the sum of the pixels."""
    linear = nn.Linear(12, 1000)
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    linear.weight.data[7] = 1.0
    return nn.Sequential(nn.Flatten(), nn.Dropout(0.9), linear).train()


def test_probabilities_fall_and_belong_to_the_names(colors):
    images = torch.ones(2, 3, 2, 2)
    images[1] = 0
    sure, unsure = top_k(colors, images, k=4)
    e = torch.tensor(12.0).exp().item()
    assert sure[0] == (category_names()[7], pytest.approx(e / (e + 999), 1e-4))
    assert [p for _, p in sure] == sorted((p for _, p in sure), reverse=True)
    assert [p for _, p in unsure] == pytest.approx([0.001] * 4)
    assert colors.training


def test_thousand_names_and_no_network():
    names = category_names()
    assert (len(names), names[0], names[999]) == (
        1000,
        "tench",
        "toilet tissue",
    )


def test_messages(colors):
    with pytest.raises(ValueError, match="'mobilenet_v2'; available: squee"):
        load_classifier("mobilenet_v2")
    for k in (0, 1001):
        with pytest.raises(ValueError, match=r"k must be in \[1, 1000\]"):
            top_k(colors, torch.zeros(1, 3, 2, 2), k=k)
    with pytest.raises(ValueError, match=r"\(N, 1000\) scores, got \(1, 12\)"):
        top_k(nn.Flatten(), torch.zeros(1, 3, 2, 2))
