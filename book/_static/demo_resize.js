/* A photo as the network wants it: the rule of Python's side, written out.

   `data/images.py` squeezes a photo to a square with Pillow's bicubic filter.
   A canvas has a filter of its own that browsers may choose, so here is
   Pillow's, in whole numbers as there: rows first, then columns, bytes after
   each pass. A test holds the two against each other. */

const BITS = 22; // a weight is a multiple of 2 ** -22
const STRIP = 256; // rows that are decoded at once: small enough for a phone

const cubic = (x) => {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
};

/** First input pixel and whole-number weights of each output pixel. */
export const weights = (from, to) => {
  const scale = from / to;
  const wide = Math.max(scale, 1);
  const rows = [];
  for (let i = 0; i < to; i += 1) {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - 2 * wide + 0.5));
    const end = Math.min(from, Math.trunc(center + 2 * wide + 0.5));
    const raw = [];
    for (let k = start; k < end; k += 1) {
      raw.push(cubic((k - center + 0.5) * (1 / wide)));
    }
    const sum = raw.reduce((total, value) => total + value, 0);
    const whole = raw.map((value) => {
      const share = (value / sum) * 2 ** BITS;
      return Math.trunc(share + (share < 0 ? -0.5 : 0.5));
    });
    rows.push({ start, whole: Int32Array.from(whole) });
  }
  return rows;
};

const clip = (sum) => Math.min(255, Math.max(0, sum >> BITS));

/** Resize along rows: `height` rows of `from` pixels with `step` channels. */
const across = (pixels, from, height, channels, step, rows, to) => {
  const out = new Uint8Array(height * to * channels);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < to; x += 1) {
      const { start, whole } = rows[x];
      for (let c = 0; c < channels; c += 1) {
        let sum = 2 ** (BITS - 1);
        let place = (y * from + start) * step + c;
        for (let k = 0; k < whole.length; k += 1) {
          sum += pixels[place] * whole[k];
          place += step;
        }
        out[(y * to + x) * channels + c] = clip(sum);
      }
    }
  }
  return out;
};

/** Resize along columns: rows of `width * channels` bytes. */
const down = (pixels, from, line, to) => {
  if (from === to) return pixels;
  const out = new Uint8Array(to * line);
  weights(from, to).forEach(({ start, whole }, y) => {
    for (let x = 0; x < line; x += 1) {
      let sum = 2 ** (BITS - 1);
      for (let k = 0; k < whole.length; k += 1) {
        sum += pixels[(start + k) * line + x] * whole[k];
      }
      out[y * line + x] = clip(sum);
    }
  });
  return out;
};

/** Resize bytes of shape (height, width, channels) to (rows, columns, ...). */
export const resize = (pixels, height, width, channels, rows, columns) => {
  let wide = Uint8Array.from(pixels);
  if (width !== columns) {
    const table = weights(width, columns);
    wide = across(pixels, width, height, channels, channels, table, columns);
  }
  return down(wide, height, columns * channels, rows);
};

/** Red, green, blue to gray, as Pillow rounds it; four bytes a pixel. */
const toGray = (data) => {
  for (let i = 0; i < data.length; i += 4) {
    const sum = 19595 * data[i] + 38470 * data[i + 1] + 7471 * data[i + 2];
    data[i] = (sum + 32768) >> 16;
  }
};

/** A decoded photo to bytes of shape (size, size, channels).

    The photo is read in strips. Transparency is dropped; a fully transparent
    pixel has no color in a browser and counts as black. */
export const squeeze = (bitmap, size, channels) => {
  const { width, height } = bitmap;
  const table = width === size ? null : weights(width, size);
  const tall = new Uint8Array(height * size * channels);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.min(STRIP, height);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += STRIP) {
    const rows = Math.min(STRIP, height - top);
    brush.clearRect(0, 0, width, canvas.height);
    brush.drawImage(bitmap, 0, -top);
    const { data } = brush.getImageData(0, 0, width, rows);
    if (channels === 1) toGray(data);
    let strip;
    if (table) {
      strip = across(data, width, rows, channels, 4, table, size);
    } else {
      strip = new Uint8Array(rows * size * channels);
      for (let i = 0; i < strip.length; i += 1) {
        strip[i] = data[Math.floor(i / channels) * 4 + (i % channels)];
      }
    }
    tall.set(strip, top * size * channels);
  }
  return down(tall, height, size * channels, size);
};
