// A kernel on its way over a small picture: every product, wherever the
// reader sets kernel, stride, padding and dilation.
(() => {
  "use strict";
  const SIDE = 26, HEAD = 16;  // as in page/stepper_grids.py
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const shown = value => {
    const text = String(Number(value.toFixed(2)));
    return text === "-0" ? "0" : text.replace("-", "\u2212");
  };
  const term = value => value < 0 ? `(${shown(value)})` : shown(value);

  // Draws numbers into squares; null is a square that is still empty.
  const draw = (svg, title, rows, {border = 0, marked = [], now = null}) => {
    const make = (tag, settings, text = "") => {
      const made = document.createElementNS(svg.namespaceURI, tag);
      for (const [name, value] of Object.entries(settings))
        made.setAttribute(name, value);
      made.textContent = text;
      return made;
    };
    const frame = (kind, [i, j], more = {}) => make("rect", {class: kind,
      x: SIDE * j + 1.5, y: HEAD + SIDE * i + 1.5, width: SIDE, height: SIDE,
      ...more});
    const height = rows.length, width = rows[0].length;
    const most = Math.max(...rows.flat().map(v => Math.abs(v ?? 0))) || 1;
    const parts = [make("text", {x: 1, y: 11, class: "st-title"}, title)];
    rows.forEach((row, i) => row.forEach((value, j) => {
      const inside = Math.min(i, j, height - 1 - i, width - 1 - j) >= border;
      parts.push(frame(`st-cell st-${value > 0 ? "above" : "below"}`
        + (inside ? "" : " st-border"), [i, j],
        {"fill-opacity": (0.45 * Math.abs(value ?? 0) / most).toFixed(2)}));
      if (value !== null) parts.push(make("text", {class: "st-number",
        x: SIDE * (j + 0.5) + 1.5, y: HEAD + SIDE * (i + 0.5) + 5.5},
        shown(value)));
    }));
    parts.push(...marked.map(place => frame("st-marked", place)));
    if (now) parts.push(frame("st-now", now));
    const size = [SIDE * width + 3, HEAD + SIDE * height + 3];
    svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
    svg.setAttribute("width", size[0]);
    svg.setAttribute("height", size[1]);
    svg.replaceChildren(...parts);
  };

  const begin = root => {
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const [choice, play, back, on, place, count, says] =
      ["choice", "play", "back", "on", "place", "count", "says"].map(part);
    const sliders = ["stride", "padding", "dilation"].map(part);
    const svgs = ["picture", "kernel", "answer"].map(name =>
      root.querySelector(`.bp-live [data-grid="${name}"]`));
    let playing = false, since = 0, slide = null;

    const bordered = padding => {
      const width = data.picture[0].length + 2 * padding;
      const empty = () => Array(width).fill(0);
      const side = Array(padding).fill(0);
      const lines = Array.from({length: padding}, empty);
      return [...lines, ...data.picture.map(r => [...side, ...r, ...side]),
        ...lines];
    };
    const settle = () => {
      const [stride, padding, dilation] = sliders.map(s => Number(s.value));
      const kernel = data.kernels[Number(choice.value)];
      const pixels = bordered(padding);
      const fits = (size, k) =>
        Math.floor((size - dilation * (k - 1) - 1) / stride) + 1;
      const weights = kernel.flatMap((row, k) =>
        row.map((weight, m) => [k, m, weight]));
      const rows = fits(pixels.length, kernel.length);
      const columns = fits(pixels[0].length, kernel[0].length);
      const products = (i, j) => weights.map(([k, m, weight]) => {
        const at = [stride * i + dilation * k, stride * j + dilation * m];
        return {at, in: [k, m], weight, pixel: pixels[at[0]][at[1]]};
      });
      const answer = Array.from({length: rows}, (_, i) =>
        Array.from({length: columns}, (_, j) => products(i, j).reduce(
          (sum, one) => sum + one.pixel * one.weight, 0)));
      slide = {padding, kernel, pixels, rows, columns, products, answer,
        each: weights.length};
      sliders.forEach(s => { s.nextElementSibling.value = s.value; });
      count.max = rows * columns * slide.each;
      count.value = Math.min(Number(count.value), Number(count.max));
      update();
    };

    const update = () => {
      const {padding, kernel, pixels, rows, columns, answer, each} = slide;
      const at = Number(count.value) - 1;
      const number = Math.floor(at / each), which = at % each;
      const i = Math.floor(number / columns), j = number % columns;
      const all = slide.products(i, j), done = all.slice(0, which + 1);
      const sum = done.reduce((s, one) => s + one.pixel * one.weight, 0);
      const full = which === each - 1;
      const known = answer.map((row, r) => row.map((value, c) =>
        r * columns + c < number + full ? value : null));
      draw(svgs[0], "picture", pixels,
        {border: padding, marked: all.map(one => one.at), now: all[which].at});
      draw(svgs[1], "kernel", kernel, {now: all[which].in});
      draw(svgs[2], "answer", known, {marked: [[i, j]]});
      count.nextElementSibling.value = `${at + 1} of ${count.max}`;
      const terms = done.map(one =>
        `${term(one.pixel)} × ${term(one.weight)}`).join(" + ");
      const total = full ? `${shown(sum)}, the answer there.`
        : `${shown(sum)} so far.`;
      says.textContent = `Row ${i + 1}, column ${j + 1} of ${rows} by `
        + `${columns}, product ${which + 1} of ${each}: ${terms} = ${total}`;
      count.setAttribute("aria-valuetext", says.textContent);
      root.answer = answer;
      root.now = {row: i, column: j, which, sum};
    };
    const go = to => {
      count.value = Math.min(Math.max(to, 1), Number(count.max));
      update();
    };

    const stop = () => {
      playing = false;
      play.textContent = "Play";
      says.setAttribute("aria-live", "polite");
    };
    const tick = time => {
      if (!playing) return;
      if (time - since >= 400) {
        since = time;
        go(Number(count.value) + 1);
      }
      if (count.value === count.max) stop();
      else requestAnimationFrame(tick);
    };
    play.addEventListener("click", () => {
      if (playing || calm.matches) { stop(); return; }
      playing = true;
      play.textContent = "Pause";
      says.setAttribute("aria-live", "off");
      if (count.value === count.max) go(1);
      since = performance.now();
      requestAnimationFrame(tick);
    });
    calm.addEventListener("change", stop);
    const press = (button, to) => button.addEventListener("click", () => {
      stop();
      go(to(Number(count.value)));
    });
    press(back, now => now - 1);
    press(on, now => now + 1);
    // to the last product of this place, or of the next one
    press(place, now => slide.each * (Math.floor(now / slide.each) + 1));
    // The slider speaks for itself: what it says would be heard twice.
    count.addEventListener("input", () => {
      stop();
      says.setAttribute("aria-live", "off");
      update();
    });
    count.addEventListener("change", stop);
    for (const control of [choice, ...sliders])
      control.addEventListener("input", () => { stop(); settle(); });
    settle();
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-stepper:not([data-ready])");
  for (const root of found) begin(root);
})();
