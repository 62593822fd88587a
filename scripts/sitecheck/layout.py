"""Nothing sticks out of the window."""

from playwright.sync_api import Page

__all__ = ["PHONE", "SCREEN", "too_wide"]

PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 800}
WIDE = """
() => {
  const page = document.documentElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  const clipped = box => {
    for (let up = box.parentElement; up; up = up.parentElement) {
      const flow = getComputedStyle(up).overflowX;
      if (up !== page && up !== document.body && flow !== "visible")
        return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(box =>
    box.getBoundingClientRect().right + window.scrollX
      > window.innerWidth + 0.5 && !clipped(box));
  return [`${page.scrollWidth} pixels wide`,
    ...wide.slice(0, 3).map(box => box.outerHTML.slice(0, 120))];
}
"""


def too_wide(page: Page) -> list[str]:
    """Return what makes the page scroll sideways in the present window."""
    found = page.evaluate(WIDE)
    if not found:
        return []
    width = (page.viewport_size or SCREEN)["width"]
    culprits = "; ".join(found[1:])
    return [f"{found[0]} in a window of {width}: {culprits}"]
