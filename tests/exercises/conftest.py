"""A pretended notebook, as for the room `page`."""

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
