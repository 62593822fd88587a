import json

import pytest

from sevenlessons.deploy.fields import find_fault

GRAY = {
    "size": 28,
    "channels": 1,
    "mode": "L",
    "resize": "any",
    "mean": [0.1],
    "std": [0.2],
}


@pytest.fixture
def settings(gray):
    return json.loads((gray / "bundle.json").read_text())


def test_what_export_writes_has_no_fault(settings):
    assert find_fault(settings, "x") is None
    assert find_fault({**settings, "input": GRAY}, "x") is None


def test_each_field_is_needed(settings):
    for field in set(settings) - {"format", "checksum"}:
        rest = {k: v for k, v in settings.items() if k != field}
        assert find_fault(rest, "x").startswith(f"x has no '{field}'; exp")


BAD = {
    "package": [{}, {"name": "other", "version": "0.1"}, "sevenlessons"],
    "python": [3],
    "torch": [None],
    "task": ["regression"],
    "classes": [
        [], ["one"], ["a", "a"], ["a", ""], ["a", 1], "ab", {"a": 1, "b": 2},
        ["a", "a\ud800"],
    ],
    "input": [
        {},
        {"size": 0},
        {"size": 28, "channels": 1, "mode": "RGB"},
        {"size": 28, "channels": 3, "mode": "L"},
        {**GRAY, "std": [0]}, {**GRAY, "std": [-1.0]},
        {**GRAY, "mean": [10**400]},
    ],
    "architecture": ["small_cnn", {"name": "x"}, {"name": 1, "arguments": {}}],
    "views": [[], [8], [-1], [0.5], [True], 0, [0, 0, 1], [0] * 3000],
    "fused": [0, None],
    "files": [
        {},
        {"other": {"bytes": 1, "sha256": "0" * 64}},
        {"model.safetensors": {"bytes": 1, "sha256": "0"}},
        {"model.safetensors": {"bytes": 0, "sha256": "0" * 64}},
        {"model.safetensors": {"bytes": 1, "sha256": 0}},
    ],
    "metrics": [
        {},
        [{}],
        [{"key": "a", "value": 0.5, "n": 0, "data": "x", "baselines": {}}],
        [{"key": "a", "value": 0.5, "n": 9, "data": " ", "baselines": {}}],
        [{"key": "a", "value": 0.5, "n": 9, "data": "x"}],
        [{"key": "a", "value": -(2**53), "n": 9, "data": "x",
          "baselines": {}}],
        [{"key": "a", "value": 1, "n": 10**400, "data": "x",
          "baselines": {}}],
    ],
    "threshold": [1.5, -0.1, "0.5", float("nan"), True, 10**400],
    "card": [[], {"limits": 3}, {"limits": "\udfff"}],
    "created_at": [0],
}  # fmt: skip


@pytest.mark.parametrize(
    "field, value", [(field, v) for field, vs in BAD.items() for v in vs]
)
def test_each_field_is_checked(settings, field, value):
    settings[field] = value
    fault = find_fault(settings, "x")
    assert fault.startswith(f"x: '{field}' should be ") and ", got " in fault


@pytest.mark.parametrize(
    "name", ["../weights", "/etc/passwd", "a/b", ".hidden", "a\\b", "", ".."]
)
def test_file_names_stay_in_the_folder(settings, name):
    settings["files"][name] = {"bytes": 1, "sha256": "0" * 64}
    assert "plain file names" in find_fault(settings, "x")


def test_a_long_value_is_cut(settings):
    settings["classes"] = "x" * 5000
    assert len(find_fault(settings, "x")) < 400
