// Optimizers racing on a polynomial of two weights: the rules of scratch/sgd,
// rmsprop and adam, wherever the reader sets rates and start.
(() => {
  "use strict";
  const EPS = 1e-8;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  // A rule gets the gradient, its own memory and the step's number, counted
  // from 1, and returns what the rate multiplies.
  const velocity = set => {
    let v = [0, 0];
    return g => {
      v = g.map((x, i) => set.momentum * v[i] + x);
      return set.nesterov ? g.map((x, i) => x + set.momentum * v[i]) : v;
    };
  };
  const scaled = ({alpha}) => {
    let s = [0, 0];
    return g => {
      s = g.map((x, i) => alpha * s[i] + (1 - alpha) * x * x);
      return g.map((x, i) => x / (Math.sqrt(s[i]) + EPS));
    };
  };
  const adam = ({betas: [one, two]}) => {
    let m = [0, 0], s = [0, 0];
    return (g, t) => {
      m = g.map((x, i) => m[i] + (1 - one) * (x - m[i]));
      s = g.map((x, i) => s[i] + (1 - two) * (x * x - s[i]));
      return m.map((x, i) => x / (1 - one ** t)
        / (Math.sqrt(s[i] / (1 - two ** t)) + EPS));
    };
  };
  const rule = set => set.betas ? adam(set) : set.alpha ? scaled(set)
    : set.momentum ? velocity(set) : g => g;

  const near = share => Math.min(Math.max(share, -20), 21);
  const place = ({box, x, y, log}, [u, v]) => {
    const level = z => log ? Math.log10(Math.max(z, 1e-300)) : z;
    const [low, high] = y.map(level);
    const across = near((u - x[0]) / (x[1] - x[0]));
    const up = near((level(v) - low) / (high - low));
    return [box[0] + box[2] * across, box[1] + box[3] * (1 - up)];
  };
  const line = (canvas, values) => "M" + values.map(value =>
    place(canvas, value).map(p => p.toFixed(1)).join(",")).join("L");

  const begin = root => {
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const [choice, play, count, factor, says] =
      ["choice", "play", "count", "factor", "says"].map(part);
    const names = Object.keys(data.racers);
    const rings = root.querySelectorAll(".bp-stills .bp-ring");
    let now = 0, playing = false, since = 0;

    const loss = ({terms}, [a, b]) =>
      terms.reduce((sum, [i, j, c]) => sum + c * a ** i * b ** j, 0);
    const gradient = ({terms}, [a, b]) => {
      let u = 0, v = 0;
      for (const [i, j, c] of terms) {
        if (i) u += c * i * a ** (i - 1) * b ** j;
        if (j) v += c * j * a ** i * b ** (j - 1);
      }
      return [u, v];
    };
    const walk = (ground, name, start) => {
      const follow = rule(data.racers[name]);
      const lr = ground.rates[name] * 2 ** Number(factor.value);
      const path = [start];
      let away = false;
      for (let t = 1; t <= data.steps; t++) {
        const [a, b] = path[t - 1];
        const [u, v] = away ? [0, 0] : follow(gradient(ground, [a, b]), t);
        const next = [a - lr * u, b - lr * v];
        away = away || !next.every(z => Math.abs(z) < data.far);
        path.push(away ? [a, b] : next);
      }
      return {path, away};
    };

    const grounds = [...root.querySelectorAll(".bp-ground")].map((box, k) => {
      const ground = data.grounds[k];
      const all = name => [...box.querySelectorAll(`.bp-${name}`)];
      const ring = box.querySelector(".bp-ring");
      const small = rings[k].ownerSVGElement.viewBox.baseVal;
      const [left, top, width, height] = ground.surface.box;
      const sx = width / small.width, sy = height / small.height;
      ring.setAttribute("d", rings[k].getAttribute("d"));
      ring.setAttribute("transform",
        `translate(${left - sx * small.x},${top - sy * small.y})`
        + `scale(${sx},${sy})`);
      const ends = all("end").slice(-names.length);
      return {...ground, box, plot: all("plot")[0], handle: all("start")[0],
        lines: all("walk"), ends, falls: all("falls"), at: [...ground.start]};
    });

    const draw = () => {
      const ground = grounds[now], steps = Number(count.value);
      root.walks = {};
      const order = names.map((name, i) => {
        const {path, away} = walk(ground, name, ground.at);
        const shown = path.slice(0, steps + 1);
        root.walks[name] = path;
        ground.lines[i].setAttribute("d", line(ground.surface, shown));
        ground.ends[i].setAttribute("d",
          line(ground.surface, shown.slice(-1)) + "h0");
        const falls = shown.map((p, k) =>
          [k, loss(ground, p) - ground.least]);
        ground.falls[i].setAttribute("d", line(ground.curve, falls));
        return [name, falls[steps][1], away];
      });
      const [x, y] = place(ground.surface, ground.at);
      const [width, height] = ground.surface.size;
      ground.handle.style.left = `${100 * x / width}%`;
      ground.handle.style.top = `${100 * y / height}%`;
      const [a, b] = ground.at.map(v => v.toFixed(2));
      ground.handle.setAttribute("aria-label",
        `Start at a ${a}, b ${b}; arrow keys move it`);
      const times = `× ${Number((2 ** Number(factor.value)).toPrecision(2))}`;
      factor.nextElementSibling.value = times;
      factor.setAttribute("aria-valuetext", times);
      count.nextElementSibling.value = steps;
      order.sort((one, two) => one[2] - two[2] || one[1] - two[1]);
      says.textContent = `After ${steps} steps, loss above the lowest: `
        + order.map(([name, above, away]) => away ? `${name} flew off`
          : `${name} ${above < 1e-12 ? "0" : above.toPrecision(2)}`)
          .join(", ") + ".";
    };
    const choose = k => {
      now = k;
      grounds.forEach(({box}, i) => { box.hidden = i !== k; });
      draw();
    };
    const stop = () => {
      playing = false;
      play.textContent = "Play";
      says.setAttribute("aria-live", "polite");
    };
    const tick = time => {
      if (!playing) return;
      const steps = Math.floor((time - since) / 60);
      if (steps > 0) {
        since += steps * 60;
        count.value = Math.min(Number(count.value) + steps, data.steps);
        draw();
      }
      if (Number(count.value) === data.steps) stop();
      else requestAnimationFrame(tick);
    };
    play.addEventListener("click", () => {
      if (playing || calm.matches) { stop(); return; }
      playing = true;
      play.textContent = "Pause";
      says.setAttribute("aria-live", "off");
      if (Number(count.value) === data.steps) count.value = 0;
      since = performance.now();
      requestAnimationFrame(tick);
    });
    calm.addEventListener("change", stop);
    choice.addEventListener("change", () => {
      stop();
      choose(Number(choice.value));
    });
    // A screen reader hears where a move has ended, not each pixel of it.
    const quiet = () => says.setAttribute("aria-live", "off");
    const settle = () => {
      says.setAttribute("aria-live", "polite");
      draw();
    };
    count.addEventListener("input", () => { stop(); quiet(); draw(); });
    factor.addEventListener("input", () => { quiet(); draw(); });
    count.addEventListener("change", settle);
    factor.addEventListener("change", settle);

    for (const ground of grounds) {
      const {handle, plot, surface} = ground;
      const ends = [surface.x, surface.y];
      const moveTo = values => {
        ground.at = values.map((value, i) =>
          Math.min(Math.max(value, ends[i][0]), ends[i][1]));
        draw();
      };
      const moveToPointer = event => {
        const area = plot.querySelector("svg").getBoundingClientRect();
        const {box, size, x, y} = surface;
        const px = (event.clientX - area.left) / area.width * size[0];
        const py = (event.clientY - area.top) / area.height * size[1];
        moveTo([
          x[0] + (px - box[0]) / box[2] * (x[1] - x[0]),
          y[1] - (py - box[1]) / box[3] * (y[1] - y[0]),
        ]);
      };
      plot.addEventListener("click", moveToPointer);
      handle.addEventListener("pointerdown", event => {
        handle.setPointerCapture(event.pointerId);
        handle.focus();
        quiet();
        event.preventDefault();
      });
      handle.addEventListener("lostpointercapture", settle);
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
        moveTo(way ? ground.at.map((v, i) => v + way[i]) : ground.start);
      });
    }
    choose(0);
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-race:not([data-ready])");
  for (const root of found) begin(root);
})();
