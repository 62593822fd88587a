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


def test_a_fault_in_a_field_is_an_error(settings):
    settings["views"] = [9]
    with pytest.raises(BundleError, match=r"^sky: 'views' should be .* got"):
        check_settings(settings, "sky")
