"""No mouse needed: what can be reached, and whether one sees where one is."""

from playwright.sync_api import Page

__all__ = ["invisible_focus", "unreachable"]

SCROLLERS = """
() => [...document.querySelectorAll("body *")].filter(box => {
  const style = getComputedStyle(box);
  if (!["auto", "scroll"].includes(style.overflowX)) return false;
  if (box.scrollWidth <= box.clientWidth + 1 || !box.clientWidth) return false;
  if (box.getClientRects().length === 0 || box.closest("dialog")) return false;
  return box.tabIndex < 0
    && !box.querySelector("a[href], button, input, summary, [tabindex='0']");
}).map(box => `scrolls, but not by keyboard: ${box.outerHTML.slice(0, 120)}`)
"""
FOCUS = """
() => {
  const box = document.activeElement;
  if (!box || box === document.body) return null;
  window.stops ??= new Map();
  if (!window.stops.has(box)) window.stops.set(box, window.stops.size);
  const ring = node => {
    const style = getComputedStyle(node);
    const outline = style.outlineStyle !== "none"
      && parseFloat(style.outlineWidth) >= 1;
    return outline || style.boxShadow !== "none";
  };
  const seen = box.getClientRects().length > 0
    && getComputedStyle(box).visibility === "visible";
  return {
    number: window.stops.get(box),
    name: box.outerHTML.slice(0, 120),
    seen: seen && (ring(box) || ring(box.parentElement)),
  };
}
"""


def unreachable(page: Page) -> list[str]:
    """Return boxes that scroll sideways and cannot take the focus."""
    return page.evaluate(SCROLLERS)


def invisible_focus(page: Page, limit: int = 400) -> tuple[list[str], int]:
    """Walk through the page with the Tab key.

    Parameters
    ----------
    page
        A page that was just opened.
    limit
        After how many steps to give up.

    Returns
    -------
    list of str
        Stops where one does not see the focus; one more fault if the walk
        does not come to an end.
    int
        How many stops there were.

    """
    faults: list[str] = []
    last, stops = -1, 0
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or (stop["number"] == 0 and stops > 1):
            return faults, stops
        if stop["number"] == last:
            return [
                *faults,
                f"the focus does not go on: {stop['name']}",
            ], stops
        if stop["number"] < last:
            return [*faults, f"the focus turns back: {stop['name']}"], stops
        last, stops = stop["number"], stops + 1
        if not stop["seen"]:
            faults.append(f"focus is not seen: {stop['name']}")
    return [*faults, f"the focus did not leave within {limit} steps"], stops
