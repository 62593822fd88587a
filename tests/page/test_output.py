import sys
from types import SimpleNamespace

from sevenlessons.page.output import escape, publish


def test_outside_a_notebook_nothing_is_shown(monkeypatch):
    fake = SimpleNamespace(get_ipython=lambda: None)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    assert not publish({"text/plain": "hello"})
    monkeypatch.delitem(sys.modules, "IPython")
    assert not publish({"text/plain": "hello"})


def test_a_notebook_gets_all_representations(shown):
    data = {"text/plain": "hello", "text/html": "<b>hello</b>"}
    assert publish(data, display_id="one", update=True)
    assert shown == [
        {
            "data": data,
            "metadata": {},
            "transient": {"display_id": "one"},
            "update": True,
        }
    ]


def test_escape_leaves_no_markup():
    assert escape('<a "b">') == "&lt;a &quot;b&quot;&gt;"
