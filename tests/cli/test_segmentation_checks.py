from types import SimpleNamespace

import pytest

from sevenlessons.cli import segmentation_checks
from sevenlessons.cli.segmentation_checks import check_memory, check_options

GOOD = {
    "epochs": 1,
    "batch_size": 1,
    "lr": 0.1,
    "seed": 0,
    "encoder": "resnet18",
    "device": None,
}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("epochs", 0, "--epochs must be at least 1"),
        ("seed", 10**21, "--seed must be from 0"),
        ("seed", -1, "--seed must be from 0"),
        ("device", "meta", "--device meta cannot be used here"),
        ("encoder", "resnet99", "no backbone is called 'resnet99'"),
    ],
)
def test_options_are_refused_in_words(key, value, message):
    check_options(SimpleNamespace(**GOOD))
    with pytest.raises(ValueError, match=message):
        check_options(SimpleNamespace(**GOOD | {key: value}))


def test_memory(monkeypatch):
    class Items(list):
        size = (100, 100)

    data = SimpleNamespace(train=Items([0] * 3), valid=Items([0]))
    for there in (None, 320_000):
        monkeypatch.setattr(
            segmentation_checks, "available_memory", lambda there=there: there
        )
        check_memory(data)
    monkeypatch.setattr(
        segmentation_checks, "available_memory", lambda: 319_999
    )
    with pytest.raises(ValueError, match="lower --size"):
        check_memory(data)
