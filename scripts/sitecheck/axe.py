"""Accessibility: the rules of axe-core, run in the page."""

import importlib.util
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

__all__ = ["STANDARDS", "violations"]

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
# A page with code has thousands of coloured words. Of those that look the
# same on the same ground, the first is enough: the others become plain text,
# which halves the time. axe does not judge single letters. Without
# `preload: false` it asks for style sheets at wrong places.
RUN = """
async only => {
  const seen = new Set();
  for (const block of document.querySelectorAll("pre")) {
    const grounds = [];
    for (let box = block; box; box = box.parentElement)
      grounds.push(getComputedStyle(box).backgroundColor);
    for (const word of block.querySelectorAll("span:not(:has(*))")) {
      const {color, backgroundColor, opacity, fontWeight} =
        getComputedStyle(word);
      const look = [color, backgroundColor, opacity, fontWeight, ...grounds];
      const short = word.textContent.trim().length < 2;
      if (short || seen.has(look.join())) word.replaceWith(word.textContent);
      if (!short) seen.add(look.join());
    }
    block.normalize();
  }
  const found = await axe.run(document, {
    runOnly: only,
    resultTypes: ["violations"],
    preload: false,
  });
  return found.violations;
}
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


def violations(page: Page, *, only_contrast: bool = False) -> list[str]:
    """Return what breaks a rule, with how bad it is and where it stands.

    The page loses the colours of most code on the way: look at those first.

    Parameters
    ----------
    page
        An open page.
    only_contrast
        Whether to ask only for the contrast of text: the rest does not change
        with the colours.

    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    only = {"type": "tag", "values": list(STANDARDS)}
    if only_contrast:
        only = {"type": "rule", "values": ["color-contrast"]}
    found = page.evaluate(RUN, only)
    return [
        f"axe {item['impact']} {item['id']}: {node['html'][:160]}"
        for item in found
        for node in item["nodes"][:3]
    ]
