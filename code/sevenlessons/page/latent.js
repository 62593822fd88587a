// Runs a generator in the page: the same arithmetic as run_layers in
// page/generator_export.py, on the noise that the sliders say.
(() => {
  "use strict";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Weights from eight bits: a step for each output, then whole numbers.
  const weights = layer => {
    const raw = atob(layer.bytes), each = raw.length / layer.size[0];
    return Float32Array.from(raw, (letter, k) => {
      const whole = letter.charCodeAt(0);
      return (whole > 127 ? whole - 256 : whole)
        * layer.step[Math.floor(k / each)];
    });
  };

  // A picture is {data, shape: [channels, height, width]}; noise has [Z].
  const each = change => ({data, shape}) =>
    ({data: data.map(change), shape});
  const runs = {
    relu: () => each(v => Math.max(v, 0)),
    tanh: () => each(Math.tanh),
    sigmoid: () => each(v => 1 / (1 + Math.exp(-v))),
    leaky: ({slope}) => each(v => v > 0 ? v : slope * v),
    shape: ({shape}) => ({data}) => ({data, shape}),
    scale: ({by, plus}) => ({data, shape}) => {
      const area = data.length / by.length;
      return {shape, data: data.map((v, k) => {
        const channel = Math.floor(k / area);
        return by[channel] * v + plus[channel];
      })};
    },
    linear: layer => {
      const [outputs, inputs] = layer.size, weight = weights(layer);
      return ({data}) => {
        const made = Float32Array.from(layer.bias);
        for (let o = 0; o < outputs; o++)
          for (let i = 0; i < inputs; i++)
            made[o] += weight[o * inputs + i] * data[i];
        return {data: made, shape: [outputs]};
      };
    },
    double: () => ({data, shape: [channels, height, width]}) => {
      const shape = [channels, 2 * height, 2 * width];
      const made = new Float32Array(4 * data.length);
      for (let k = 0; k < made.length; k++) {
        const x = k % shape[2], row = Math.floor(k / shape[2]);
        const y = row % shape[1], c = Math.floor(row / shape[1]);
        made[k] = data[(c * height + (y >> 1)) * width + (x >> 1)];
      }
      return {data: made, shape};
    },
    convolve: layer => {
      const [outputs, inputs, side] = layer.size, weight = weights(layer);
      const {stride, padding, bias} = layer;
      return ({data, shape: [, height, width]}) => {
        const fits = size => Math.floor((size + 2 * padding - side) / stride)
          + 1;
        const [rows, columns] = [fits(height), fits(width)];
        const made = new Float32Array(outputs * rows * columns);
        for (let o = 0, at = 0; o < outputs; o++)
          for (let i = 0; i < rows; i++)
            for (let j = 0; j < columns; j++, at++) {
              let sum = bias[o];
              for (let c = 0; c < inputs; c++)
                for (let k = 0; k < side; k++) {
                  const y = stride * i + k - padding;
                  if (y < 0 || y >= height) continue;
                  for (let m = 0; m < side; m++) {
                    const x = stride * j + m - padding;
                    if (x < 0 || x >= width) continue;
                    sum += data[(c * height + y) * width + x]
                      * weight[((o * inputs + c) * side + k) * side + m];
                  }
                }
              made[at] = sum;
            }
        return {data: made, shape: [outputs, rows, columns]};
      };
    },
    grow: layer => {
      const [outputs, inputs, side] = layer.size, weight = weights(layer);
      const {stride, padding, bias} = layer;
      return ({data, shape: [, height, width]}) => {
        const rows = stride * (height - 1) + side - 2 * padding;
        const columns = stride * (width - 1) + side - 2 * padding;
        const made = new Float32Array(outputs * rows * columns);
        for (let o = 0; o < outputs; o++) {
          made.fill(bias[o], o * rows * columns, (o + 1) * rows * columns);
          for (let c = 0; c < inputs; c++)
            for (let i = 0; i < height; i++)
              for (let j = 0; j < width; j++) {
                const value = data[(c * height + i) * width + j];
                if (value === 0) continue;
                for (let k = 0; k < side; k++) {
                  const y = stride * i + k - padding;
                  if (y < 0 || y >= rows) continue;
                  for (let m = 0; m < side; m++) {
                    const x = stride * j + m - padding;
                    if (x < 0 || x >= columns) continue;
                    made[(o * rows + y) * columns + x] += value
                      * weight[((o * inputs + c) * side + k) * side + m];
                  }
                }
              }
        }
        return {data: made, shape: [outputs, rows, columns]};
      };
    },
  };

  const length = row => Math.hypot(...row);
  // As noise_between in page/latent_slider.py.
  const between = (start, end, share) => {
    const first = length(start), last = length(end);
    const dot = start.reduce((sum, v, k) => sum + v * end[k], 0);
    const angle = Math.acos(Math.min(1, Math.max(-1,
      dot / Math.max(first * last, 1e-12))));
    if (Math.abs(Math.sin(angle)) < 1e-4)
      return start.map((v, k) => v + share * (end[k] - v));
    const left = Math.sin((1 - share) * angle) / Math.sin(angle);
    const right = Math.sin(share * angle) / Math.sin(angle);
    const far = first + share * (last - first);
    return start.map((v, k) =>
      far * (left * v / first + right * end[k] / last));
  };

  const begin = root => {
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const [choice, play, zero, share, says, canvas] =
      ["choice", "play", "zero", "share", "says", "made"].map(part);
    const alongs = [...root.querySelectorAll(".bp-live .bp-along")];
    const layers = data.layers.map(layer => runs[layer.does](layer));
    const context = canvas.getContext("2d");
    const [height, width] = data.size, [black, white] = data.shown;
    const pixels = context.createImageData(width, height);
    let playing = false, since = 0;

    const update = () => {
      const from = Number(choice.value), to = (from + 1) % data.starts.length;
      const way = Number(share.value);
      const noise = between(data.starts[from], data.starts[to], way);
      alongs.forEach((slider, k) => {
        data.directions[k].forEach((step, z) => {
          noise[z] += Number(slider.value) * step;
        });
      });
      const made = layers.reduce((x, run) => run(x),
        {data: Float32Array.from(noise), shape: [noise.length]});
      made.data.forEach((value, k) => {
        const gray = 255 * (value - black) / (white - black);
        pixels.data.set([gray, gray, gray, 255], 4 * k);
      });
      context.putImageData(pixels, 0, 0);
      const percent = `${Math.round(100 * way)} %`;
      share.nextElementSibling.value = percent;
      share.setAttribute("aria-valuetext", percent);
      alongs.forEach(slider => {
        const value = Number(slider.value).toFixed(1).replace("-", "\u2212");
        slider.nextElementSibling.value = value;
        slider.setAttribute("aria-valuetext", value);
      });
      says.textContent = `${way ? `${percent} of the way from` : "At"} start `
        + `${from + 1}${way ? ` to start ${to + 1}` : ""}. The noise has `
        + `length ${length(noise).toFixed(2)}.`;
      root.made = Array.from(made.data);
    };

    const stop = () => {
      playing = false;
      play.textContent = "Walk";
    };
    const tick = time => {
      if (!playing) return;
      if (time - since >= 60) {
        since = time;
        const next = Number(share.value) + 0.05;
        share.value = next;
        if (next > 0.999) {
          choice.value = (Number(choice.value) + 1) % data.starts.length;
          share.value = 0;
        }
        update();
      }
      requestAnimationFrame(tick);
    };
    play.addEventListener("click", () => {
      if (playing || calm.matches) { stop(); return; }
      playing = true;
      play.textContent = "Pause";
      requestAnimationFrame(tick);
    });
    calm.addEventListener("change", stop);
    zero.addEventListener("click", () => {
      stop();
      for (const slider of [share, ...alongs]) slider.value = 0;
      update();
    });
    for (const control of [choice, share, ...alongs])
      control.addEventListener("input", () => { stop(); update(); });
    update();
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-latent:not([data-ready])");
  for (const root of found) begin(root);
})();
