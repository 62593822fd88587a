// Walks down the squared error of a line, wherever the reader sets the
// learning rate and the start. The same arithmetic as scratch/descent.py.
(() => {
  "use strict";
  const begin = root => {
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const [[xx, x1], [, one]] = data.square;
    const [xy, y1] = data.product;
    const rate = part("lr"), count = part("count");
    const handle = part("start"), plot = part("plot");
    let start = [...data.start];

    const loss = ([a, b]) => {
      const da = a - data.best[0], db = b - data.best[1];
      return data.least + da * da * xx + 2 * da * db * x1 + db * db * one;
    };
    const walk = (lr, steps) => {
      const path = [start];
      for (let k = 0; k < steps; k++) {
        const [a, b] = path[k];
        path.push([
          a - lr * 2 * (a * xx + b * x1 - xy),
          b - lr * 2 * (a * x1 + b * one - y1),
        ]);
      }
      return path;
    };
    const near = share => Math.min(Math.max(share, -20), 21);
    const place = ({box, x, y, log}, [u, v]) => {
      const level = z => log ? Math.log10(Math.max(z, 1e-300)) : z;
      const [low, high] = y.map(level);
      const across = near((u - x[0]) / (x[1] - x[0]));
      const up = near((level(v) - low) / (high - low));
      return [box[0] + box[2] * across, box[1] + box[3] * (1 - up)];
    };
    const text = (canvas, values) => values.map(value =>
      place(canvas, value).map(p => p.toFixed(1)).join(","));
    const short = value => {
      const size = Math.abs(value);
      return size >= 1e5 ? value.toExponential(1)
        : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
    };
    // as many decimals as the slider's steps have
    const places = Math.ceil(-Math.log10(Number(rate.step)));
    const shown = lr => data.limit < 1e-4 ? lr.toExponential(2)
      : lr.toFixed(Math.max(0, places));
    const verdict = lr => {
      if (lr >= data.limit)
        return "Diverges: the jumps across the valley grow.";
      if (lr > data.limit / 2)
        return "Oscillates: each step jumps across the valley, and lands"
          + " lower.";
      return "Converges: each step goes downhill.";
    };

    const draw = () => {
      const lr = Number(rate.value), steps = Number(count.value);
      const path = walk(lr, steps), losses = path.map(loss);
      const places = text(data.surface, path);
      part("walk").setAttribute("d", `M${places.join("L")}`);
      part("steps").setAttribute("d", places.map(p => `M${p}h0`).join(""));
      const falls = text(data.curve, losses.map((value, k) => [k, value]));
      part("falls").setAttribute("d", `M${falls.join("L")}`);
      const [left, top] = place(data.surface, start);
      const [width, height] = data.surface.size;
      handle.style.left = `${100 * left / width}%`;
      handle.style.top = `${100 * top / height}%`;
      const [a, b] = start.map(short);
      handle.setAttribute("aria-label",
        `Start at slope ${a}, intercept ${b}; arrow keys move it`);
      rate.nextElementSibling.value = shown(lr);
      rate.setAttribute("aria-valuetext", `${shown(lr)}: ${verdict(lr)}`);
      count.nextElementSibling.value = steps;
      part("verdict").textContent = verdict(lr);
      const [slope, intercept] = path[steps].map(short);
      part("now").textContent = `After ${steps} steps at ${shown(lr)}:`
        + ` slope ${slope}, intercept ${intercept}, loss`
        + ` ${short(losses[steps])}. The lowest loss is ${short(data.least)},`
        + ` the limit of the rate ${shown(data.limit)}.`;
      root.walk = path;
      root.losses = losses;
    };
    const moveTo = values => {
      const ends = [data.surface.x, data.surface.y];
      start = values.map((value, i) =>
        Math.min(Math.max(value, ends[i][0]), ends[i][1]));
      draw();
    };
    const moveToPointer = event => {
      const area = plot.querySelector("svg").getBoundingClientRect();
      const {box, size, x, y} = data.surface;
      const px = (event.clientX - area.left) / area.width * size[0];
      const py = (event.clientY - area.top) / area.height * size[1];
      moveTo([
        x[0] + (px - box[0]) / box[2] * (x[1] - x[0]),
        y[1] - (py - box[1]) / box[3] * (y[1] - y[0]),
      ]);
    };

    rate.addEventListener("input", draw);
    count.addEventListener("input", draw);
    plot.addEventListener("click", moveToPointer);
    handle.addEventListener("pointerdown", event => {
      handle.setPointerCapture(event.pointerId);
      handle.focus();
      event.preventDefault();
    });
    handle.addEventListener("pointermove", event => {
      if (handle.hasPointerCapture(event.pointerId)) moveToPointer(event);
    });
    handle.addEventListener("keydown", event => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const far = event.shiftKey ? 0.5 : 0.1;
      const way = {
        ArrowLeft: [-far, 0],
        ArrowRight: [far, 0],
        ArrowDown: [0, -far],
        ArrowUp: [0, far],
      }[event.key];
      if (!way && event.key !== "Home") return;
      event.preventDefault();
      event.stopPropagation();
      moveTo(way ? start.map((value, i) => value + way[i]) : data.start);
    });
    // A slider says the verdict itself; only the start needs the words below.
    const listen = () => part("says").setAttribute("aria-live",
      document.activeElement === handle ? "polite" : "off");
    handle.addEventListener("focus", listen);
    handle.addEventListener("blur", listen);
    draw();
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-playground:not([data-ready])");
  for (const root of found) begin(root);
})();
