"""Accessibility: the rules of axe-core, run in the page."""

import importlib.util
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

__all__ = ["STANDARDS", "violations"]

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
RUN = """
tags => axe.run(document, {
  runOnly: {type: "tag", values: tags},
  resultTypes: ["violations"],
})
"""


@cache
def _source() -> str:
    """Return axe-core as the package `axe-playwright-python` brings it."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "axe-core comes with the package axe-playwright-python, which is"
            " not installed; run `make install`"
        )
    path = Path(spec.origin).with_name("axe.min.js")
    return path.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what breaks a rule, with how bad it is and where it stands."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    found = page.evaluate(RUN, list(STANDARDS))["violations"]
    return [
        f"axe {item['impact']} {item['id']}: {node['html'][:160]}"
        for item in found
        for node in item["nodes"][:3]
    ]
