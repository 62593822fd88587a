"""Arrows of the side bar have names."""

import importlib
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "book/_ext"))
sidebar = importlib.import_module("sidebar")


def test_an_arrow_is_named_after_its_page():
    plain = '<li><a href="x">Run</a></li>'
    fold = '<li><a href="y">All <b>names</b></a><details>{}v</summary>'
    before = plain + fold.format("<summary>")
    after = fold.format('<summary aria-label="Pages of All names">')
    assert sidebar.named(before) == plain + after
