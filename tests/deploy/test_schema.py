import json
import re
import warnings

import pytest

import sevenlessons
from sevenlessons.deploy.schema import (
    BundleError,
    VersionWarning,
    check_settings,
)


@pytest.fixture
def settings(gray):
    return json.loads((gray / "bundle.json").read_text())


def test_what_export_writes_is_fine(settings):
    check_settings(settings)


@pytest.mark.parametrize("found", [2, 99, 0, None, "1", 1.0, True])
def test_another_format_is_refused(settings, found):
    settings["format"] = found
    words = re.escape(f"has format {found!r}, and this package")
    with pytest.raises(BundleError, match=words + ".* update the package"):
        check_settings(settings)


def test_the_rules_of_versions(settings, monkeypatch):
    settings["package"]["version"] = "1.4.2"
    monkeypatch.setattr(sevenlessons, "__version__", "1.4.9")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_settings(settings)
    for ours in ("1.3.0", "1.5.0.dev1"):
        monkeypatch.setattr(sevenlessons, "__version__", ours)
        with pytest.warns(
            VersionWarning, match=r"1\.4\.2, and this is " + ours
        ):
            check_settings(settings)
    for ours in ("0.9.0", "2.0.0"):
        monkeypatch.setattr(sevenlessons, "__version__", ours)
        with pytest.raises(BundleError, match="another major version; inst"):
            check_settings(settings)
    settings["package"]["version"] = "new"
    with pytest.raises(BundleError, match=r"package version such as .* 'new'"):
        check_settings(settings)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_no_object_is_refused(value):
    with pytest.raises(BundleError, match="should hold an object in braces"):
        check_settings(value)


def test_each_field_is_needed(settings):
    for field in set(settings) - {"format", "checksum"}:
        rest = {k: v for k, v in settings.items() if k != field}
        with pytest.raises(BundleError, match=f"has no '{field}'; expected"):
            check_settings(rest)


BAD = {
    "package": [{}, {"name": "other", "version": "0.1"}, "sevenlessons"],
    "python": [3],
    "torch": [None],
    "task": ["regression"],
    "classes": [
        [], ["one"], ["a", "a"], ["a", ""], ["a", 1], "ab", {"a": 1, "b": 2},
    ],
    "input": [
        {},
        {"size": 0},
        {"size": 28, "channels": 1, "mode": "RGB"},
        {"size": 28, "channels": 3, "mode": "L"},
    ],
    "architecture": ["small_cnn", {"name": "x"}, {"name": 1, "arguments": {}}],
    "views": [[], [8], [-1], [0.5], [True], 0],
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
    ],
    "threshold": [1.5, -0.1, "0.5", float("nan"), True],
    "card": [[], {"limits": 3}],
    "created_at": [0],
}  # fmt: skip


@pytest.mark.parametrize(
    "field, value", [(field, v) for field, vs in BAD.items() for v in vs]
)
def test_each_field_is_checked(settings, field, value):
    settings[field] = value
    with pytest.raises(BundleError, match=f"'{field}' should be .*, got "):
        check_settings(settings)


@pytest.mark.parametrize(
    "name", ["../weights", "/etc/passwd", "a/b", ".hidden", "a\\b", "", ".."]
)
def test_file_names_stay_in_the_folder(settings, name):
    settings["files"][name] = {"bytes": 1, "sha256": "0" * 64}
    with pytest.raises(BundleError, match="plain file names"):
        check_settings(settings)


def test_a_long_value_is_cut(settings):
    settings["classes"] = "x" * 5000
    with pytest.raises(BundleError) as caught:
        check_settings(settings)
    assert len(str(caught.value)) < 400
