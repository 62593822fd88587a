"""A pretended notebook: it keeps what a page would show."""

import sys
from types import SimpleNamespace

import pytest


@pytest.fixture
def shown(monkeypatch):
    """Return the list of outputs that `publish` sends to the notebook."""
    outputs = []

    def keep(**output):
        outputs.append(output)

    shell = SimpleNamespace(display_pub=SimpleNamespace(publish=keep))
    fake = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    return outputs


@pytest.fixture(autouse=True)
def on_cpu(monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DEVICE", "cpu")
