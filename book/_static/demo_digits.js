/* The digit demo: draw with mouse, pen, finger or keys; the answer is live. */

import { Bars, beside, make, sentence } from "./demo_parts.js";
import { SIDE, frameDigit, plainDigit } from "./demo_digit_frame.js";

const SHEET = 280; // pixels of the sheet's edge
const STROKE = 22; // wide: about two of 28 pixels, as in MNIST
const CELLS = 14; // the keyboard's pen moves on a grid of so many cells
const MOVES = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** A sheet of paper: ink is the alpha channel, whatever its color. */
class Sheet {
  constructor() {
    this.canvas = make("canvas", {
      className: "demo-sheet",
      width: SHEET,
      height: SHEET,
      tabIndex: 0,
      role: "application",
      "aria-label": "Sheet to draw a digit on",
    });
    this.brush = this.canvas.getContext("2d", { willReadFrequently: true });
    this.clear();
  }

  clear() {
    this.brush.clearRect(0, 0, SHEET, SHEET);
    this.empty = true;
  }

  line(from, to) {
    const { brush } = this;
    brush.lineWidth = STROKE;
    brush.lineCap = "round";
    brush.lineJoin = "round";
    brush.beginPath();
    brush.moveTo(...from);
    brush.lineTo(to[0] + 0.01, to[1]); // a dot is a very short line
    brush.stroke();
    this.empty = false;
  }

  ink() {
    const { data } = this.brush.getImageData(0, 0, SHEET, SHEET);
    const found = new Uint8Array(SHEET * SHEET);
    for (let i = 0; i < found.length; i += 1) found[i] = data[4 * i + 3];
    return found;
  }

  /** Show 28 by 28 bytes as a drawing. */
  put(pixels) {
    this.clear();
    const small = thumbnail(pixels);
    this.brush.imageSmoothingEnabled = false;
    this.brush.drawImage(small, 0, 0, SHEET, SHEET);
    this.empty = false;
  }

  /** Where a pointer is, in pixels of the sheet. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = SHEET / box.width;
    return [
      (event.clientX - box.left) * scale,
      (event.clientY - box.top) * scale,
    ];
  }
}

const paint = (canvas, pixels) => {
  canvas.width = SIDE;
  canvas.height = SIDE;
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(SIDE, SIDE);
  for (let i = 0; i < pixels.length; i += 1) image.data[4 * i + 3] = pixels[i];
  brush.putImageData(image, 0, 0);
  return canvas;
};

const thumbnail = (pixels) => paint(make("canvas"), pixels);

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Draw with mouse, pen or finger. */
const byPointer = (sheet, changed) => {
  let last = null;
  const { canvas } = sheet;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    last = sheet.place(event);
    sheet.line(last, last);
    changed(false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) {
      const place = sheet.place(step);
      sheet.line(last, place);
      last = place;
    }
    changed(false);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (last) changed(true);
      last = null;
    });
  }
};

/** Draw with the keys: arrows move the pen, space puts it down or lifts it. */
const byKeys = (sheet, pen, changed, clear, say) => {
  const cell = SHEET / CELLS;
  let [column, row, down] = [CELLS / 2, CELLS / 2, false];
  const center = () => [(column + 0.5) * cell, (row + 0.5) * cell];
  const move = () => {
    const share = 100 / CELLS;
    pen.style.left = `${(column + 0.5) * share}%`;
    pen.style.top = `${(row + 0.5) * share}%`;
    pen.classList.toggle("demo-pen-down", down);
  };
  sheet.canvas.addEventListener("keydown", (event) => {
    const step = MOVES[event.key];
    if (step) {
      event.preventDefault();
      const from = center();
      column = Math.min(CELLS - 1, Math.max(0, column + step[0]));
      row = Math.min(CELLS - 1, Math.max(0, row + step[1]));
      if (down) {
        sheet.line(from, center());
        changed(true);
      } else {
        say(`Row ${row + 1} of ${CELLS}, column ${column + 1}, pen up.`);
      }
    } else if (event.key === " ") {
      event.preventDefault();
      down = !down;
      if (down) {
        sheet.line(center(), center());
        changed(true);
      } else {
        say(`Row ${row + 1} of ${CELLS}, column ${column + 1}, pen up.`);
      }
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      down = false;
      clear();
    } else {
      return;
    }
    move();
  });
  move();
};

export const show = ({ demo, stage, model, say }) => {
  const { classes, threshold } = model.settings;
  const sheet = new Sheet();
  const bars = new Bars(classes, "Probability of each digit");
  const seen = make("canvas", {
    className: "demo-seen demo-seen-digit",
    width: SIDE,
    height: SIDE,
    role: "img",
    "aria-label": "What the network sees: nothing yet",
  });
  const python = make("p", { className: "demo-python" });
  const framed = make("input", { type: "checkbox", checked: true });
  const pen = make("span", { className: "demo-pen", "aria-hidden": "true" });
  let [turn, example] = [0, null];

  const clear = () => {
    turn += 1;
    example = null;
    sheet.clear();
    bars.clear();
    paint(seen, new Uint8Array(SIDE * SIDE));
    seen.setAttribute("aria-label", "What the network sees: nothing yet");
    python.textContent = "";
    say("The sheet is empty. Draw a digit.");
  };

  const look = async (done) => {
    turn += 1;
    const mine = turn;
    try {
      await read(done, mine);
    } catch (error) {
      if (mine === turn) say(`The digit was not read: ${error.message}`);
    }
  };

  const read = async (done, mine) => {
    const ink = sheet.ink();
    const frame = framed.checked ? frameDigit : plainDigit;
    const pixels = example ? example.pixels : frame(ink, SHEET, SHEET);
    if (!pixels) return;
    const { classes: found, ms } = await model.predict(pixels);
    if (mine !== turn) return;
    paint(seen, pixels);
    bars.show(found);
    demo.dataset.ms = ms.toFixed(2);
    python.textContent = example ? beside(found, example.probabilities) : "";
    if (!done) return; // a screen reader hears whole strokes, not each pixel
    const words = sentence(found, threshold);
    seen.setAttribute("aria-label", `What the network sees, read as ${words}`);
    say(`I read: ${words} ${ms.toFixed(1)} ms in this page.`);
  };

  const changed = (done) => {
    example = null;
    look(done);
  };
  const choose = ({ pixels, probabilities }) => {
    example = { pixels, probabilities };
    sheet.put(pixels);
    look(true);
  };
  framed.addEventListener("change", () => {
    if (!sheet.empty) changed(true);
  });
  byPointer(sheet, changed);
  byKeys(sheet, pen, changed, clear, say);

  const erase = make("button", { type: "button" }, "Clear");
  erase.className = "demo-clear";
  erase.addEventListener("click", clear);
  const examples = model.examples.map((one) => {
    const pixels = bytes(one.pixels);
    const button = make("button", {
      type: "button",
      className: "demo-digit",
      "aria-label": one.alt,
    });
    const picture = thumbnail(pixels);
    picture.setAttribute("aria-hidden", "true");
    button.append(picture);
    button.addEventListener("click", () =>
      choose({ pixels, probabilities: one.probabilities }),
    );
    return button;
  });
  const paper = make("div", { className: "demo-paper" }, sheet.canvas, pen);
  const keys = make(
    "p",
    { className: "demo-keys" },
    "With the keyboard: the arrows move the pen, space puts it down or " +
      "lifts it, delete clears the sheet.",
  );
  keys.id = `${demo.id}-keys`;
  sheet.canvas.setAttribute("aria-describedby", keys.id);
  const left = make(
    "div",
    { className: "demo-left" },
    paper,
    make(
      "div",
      { className: "demo-tools" },
      erase,
      make("label", {}, framed, " cut out and centered, as in MNIST"),
    ),
    keys,
  );
  const right = make(
    "div",
    { className: "demo-right" },
    make(
      "figure",
      { className: "demo-view" },
      seen,
      make("figcaption", {}, "what the network sees"),
    ),
    bars.element,
    python,
  );
  stage.append(make("div", { className: "demo-draw" }, left, right));
  if (examples.length) {
    stage.append(
      make("p", { className: "demo-or" }, "Or take a test digit:"),
      make("div", { className: "demo-digits" }, ...examples),
    );
  }
  say("Ready. Draw a digit from 0 to 9.");
};
