/* A drawing as MNIST frames its digits: `vision/digit_frame.py`, in the page.

   The ink is cut out, scaled until its longer side has 20 pixels, and put
   into 28 by 28 so that its center of mass is in the middle. */

import { resize } from "./demo_resize.js";

export const SIDE = 28;
const BOX = 20;
const INK = 32; // fainter than this is no ink when the digit is cut out

const bounds = (ink, height, width) => {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (ink[y * width + x] >= INK) {
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
  }
  return bottom < 0 ? null : { top, left, bottom, right };
};

/** Say where a stretch of `length` pixels with this center of mass begins. */
const begin = (center, length) => {
  const start = Math.floor(SIDE / 2 - center + 0.5);
  return Math.min(SIDE - length, Math.max(0, start));
};

/** Bytes of a drawing (0 paper, 255 ink) to 28 by 28; null without ink. */
export const frameDigit = (ink, height, width) => {
  const box = bounds(ink, height, width);
  if (!box) return null;
  const high = box.bottom - box.top + 1;
  const wide = box.right - box.left + 1;
  const cut = new Uint8Array(high * wide);
  for (let y = 0; y < high; y += 1) {
    const from = (box.top + y) * width + box.left;
    cut.set(ink.slice(from, from + wide), y * wide);
  }
  const longer = Math.max(high, wide);
  const rows = Math.max(1, Math.floor((BOX * high) / longer + 0.5));
  const columns = Math.max(1, Math.floor((BOX * wide) / longer + 0.5));
  const small = resize(cut, high, wide, 1, rows, columns);
  let [mass, down, right] = [0, 0, 0];
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const value = small[y * columns + x];
      mass += value;
      down += value * (y + 0.5);
      right += value * (x + 0.5);
    }
  }
  if (mass === 0) return null;
  const top = begin(down / mass, rows);
  const left = begin(right / mass, columns);
  const framed = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < rows; y += 1) {
    const row = small.slice(y * columns, (y + 1) * columns);
    framed.set(row, (top + y) * SIDE + left);
  }
  return framed;
};

/** The whole sheet scaled to 28 by 28, wherever the digit is on it. */
export const plainDigit = (ink, height, width) =>
  resize(ink, height, width, 1, SIDE, SIDE);
