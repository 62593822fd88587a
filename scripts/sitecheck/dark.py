"""At night: outputs and figures without a light card, readable labels.

axe looks at text on a page; it looks neither into pictures nor into SVG.
"""

from playwright.sync_api import Page

__all__ = ["light_cards", "unreadable_labels", "white_pictures"]

COLOURS = """
const parse = text => {
  const found = text.match(/[\\d.]+/g);
  if (!found || !text.startsWith("rgb")) return null;
  const [r, g, b, a = 1] = found.map(Number);
  return {r, g, b, a};
};
const luminance = ({r, g, b}) => {
  const [x, y, z] = [r, g, b].map(value => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const contrast = (one, two) => {
  const [a, b] = [luminance(one), luminance(two)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};
const over = (top, ground) => ({
  r: top.a * top.r + (1 - top.a) * ground.r,
  g: top.a * top.g + (1 - top.a) * ground.g,
  b: top.a * top.b + (1 - top.a) * ground.b, a: 1});
const ground = box => {
  if (!box) return {r: 255, g: 255, b: 255, a: 1};
  const own = parse(getComputedStyle(box).backgroundColor);
  if (own && own.a > 0.99) return own;
  const below = ground(box.parentElement);
  return own ? over(own, below) : below;
};
"""
CARDS = """
() => {
  const places = ".cell_output, .cell_output > *, .cell_output .output > *, "
    + "figure, figure > *, pre, .admonition, table, details, blockquote";
  const found = [];
  for (const box of document.querySelectorAll(places)) {
    const style = getComputedStyle(box);
    const own = parse(style.backgroundColor);
    const seen = box.getClientRects().length > 0;
    if (seen && own && own.a > 0.3 && luminance(own) > 0.4)
      found.push(`light ground ${style.backgroundColor}: `
        + box.outerHTML.slice(0, 100));
  }
  return found;
}
"""
LABELS = """
async () => {
  const SHAPES = "rect, path, circle, polygon, image, use";
  const look = (svg, name, page) => {
    const shapes = [...svg.querySelectorAll(SHAPES)].map(shape => {
      const style = getComputedStyle(shape);
      const fill = shape.tagName === "image"
        ? {r: 128, g: 128, b: 128, a: 1} : parse(style.fill);
      const a = fill ? fill.a * style.fillOpacity * style.opacity : 0;
      const box = shape.getBoundingClientRect();
      return {shape, box, fill: fill && {...fill, a}};
    }).filter(({fill, box}) => fill && fill.a > 0.3 && box.width > 2);
    const found = [];
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (!text.textContent.trim() || !box.width) continue;
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      let behind = page;
      for (const {shape, box: area, fill} of shapes) {
        const before = shape.compareDocumentPosition(text)
          & Node.DOCUMENT_POSITION_FOLLOWING;
        if (before && area.left <= x && x <= area.right
            && area.top <= y && y <= area.bottom)
          behind = over(fill, behind);
      }
      const ink = parse(getComputedStyle(text).fill);
      const ratio = ink ? contrast(over(ink, behind), behind) : 0;
      if (ratio < 3)
        found.push(`label "${text.textContent.trim().slice(0, 40)}" of `
          + `${name} has a contrast of ${ratio.toFixed(1)}`);
    }
    return found;
  };
  const found = [];
  for (const svg of document.querySelectorAll(".bd-article svg, body > svg"))
    found.push(...look(svg, "an inline figure", ground(svg.parentElement)));
  const drawn = [...document.querySelectorAll("img")].filter(image =>
    /\\.svg(\\?|$)/.test(image.src) && image.getClientRects().length);
  for (const image of drawn) {
    const text = await (await fetch(image.src)).text();
    const holder = document.createElement("div");
    holder.style.width = `${image.clientWidth}px`;
    const root = holder.attachShadow({mode: "open"});
    image.parentElement.append(holder);
    root.innerHTML = text.slice(text.indexOf("<svg"));
    const svg = root.querySelector("svg");
    const name = image.src.split("/").pop();
    if (svg) found.push(...look(svg, name, ground(image.parentElement)));
    holder.remove();
  }
  return found;
}
"""
WHITE = """
async () => {
  const found = [];
  for (const image of document.querySelectorAll("img")) {
    const seen = image.getClientRects().length > 0;
    if (!seen || image.closest(".photo-grid, .photo")) continue;
    if (/\\.(jpe?g|webp)(\\?|$)|^data:image\\/(jpe?g|webp)/.test(image.src))
      continue;
    image.loading = "eager";
    await image.decode();
    const side = 40;
    const canvas = new OffscreenCanvas(side, side);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, side, side);
    const data = pen.getImageData(0, 0, side, side).data;
    let edge = 0, white = 0;
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
      if (x % (side - 1) && y % (side - 1)) continue;
      const [r, g, b, a] = data.slice(4 * (y * side + x));
      edge += 1;
      if (a > 200 && luminance({r, g, b}) > 0.75) white += 1;
    }
    if (white > edge / 2)
      found.push(`white picture: ${image.outerHTML.slice(0, 140)}`);
  }
  return found;
}
"""


def _run(page: Page, script: str) -> list[str]:
    return page.evaluate(f"(() => {{{COLOURS} return ({script})(); }})()")


def light_cards(page: Page) -> list[str]:
    """Return outputs, figures and boxes that stand on a light ground."""
    return _run(page, CARDS)


def unreadable_labels(page: Page) -> list[str]:
    """Return labels of drawings whose contrast is below 3:1.

    Drawings in the page and `.svg` files shown by it. A label is compared
    with the last filled shape under its centre, or with the page.
    """
    return _run(page, LABELS)


def white_pictures(page: Page) -> list[str]:
    """Return pictures with an opaque white edge.

    Photos (JPEG, WebP, and whatever stands in a grid of photos) may be white.
    """
    return _run(page, WHITE)
