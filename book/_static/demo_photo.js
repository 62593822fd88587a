/* The photo demo: an example, a file, the clipboard or the camera. */

import { Bars, beside, make, sentence } from "./demo_parts.js";
import { squeeze } from "./demo_resize.js";

const MAX_BYTES = 40e6;
const MAX_PIXELS = 64e6; // as `data/images.py`

/** Decode as Python does: upright by EXIF, no colors changed. */
const decode = async (blob) => {
  if (blob.size > MAX_BYTES) {
    throw new Error("This file is larger than 40 MB. Take a smaller photo.");
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob, {
      colorSpaceConversion: "none",
      imageOrientation: "from-image",
    });
  } catch {
    throw new Error(
      "This is no picture that this browser can read. " +
        "Try a PNG, JPEG or WebP file.",
    );
  }
  if (bitmap.width * bitmap.height > MAX_PIXELS) {
    throw new Error("This photo has more than 64 million pixels.");
  }
  return bitmap;
};

const fetched = async (address) => {
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    throw new Error("The photo could not be loaded. Is the network on?");
  }
  if (!answer.ok) {
    throw new Error(`The photo is not there (answer ${answer.status}).`);
  }
  return answer.blob();
};

/** Show the square that the network gets. */
const draw = (canvas, pixels, size, channels) => {
  canvas.width = size;
  canvas.height = size;
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(size, size);
  for (let i = 0; i < size * size; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      image.data[4 * i + c] = pixels[i * channels + (c % channels)];
    }
    image.data[4 * i + 3] = 255;
  }
  brush.putImageData(image, 0, 0);
};

const credit = (example) => {
  const { credit: words, link } = example;
  if (!words) return "";
  return link ? make("a", { href: link }, words) : words;
};

export const show = ({ demo, stage, model, home, say }) => {
  const { size, channels } = model.settings.input;
  const { classes, threshold } = model.settings;
  const bars = new Bars(classes, "Probability of each class");
  const seen = make("canvas", {
    className: "demo-seen",
    role: "img",
    "aria-label": "Your photo, as the network sees it: none yet",
  });
  const python = make("p", { className: "demo-python" });
  let turn = 0; // of two photos chosen quickly, the later one stays

  /** Take a photo, or the promise of one. */
  const classify = async (photo, words, expected) => {
    turn += 1;
    const mine = turn;
    say("Looking at the photo …");
    try {
      const bitmap = await decode(await photo);
      const pixels = squeeze(bitmap, size, channels);
      bitmap.close();
      const { classes: found, ms } = await model.predict(pixels);
      if (mine !== turn) return;
      draw(seen, pixels, size, channels);
      const label = `${words}, squeezed to ${size} by ${size} pixels`;
      seen.setAttribute("aria-label", label);
      bars.show(found, { order: true });
      python.textContent = expected ? beside(found, expected) : "";
      demo.dataset.ms = ms.toFixed(1);
      say(`${sentence(found, threshold)} ${ms.toFixed(0)} ms in this page.`);
    } catch (error) {
      if (mine === turn) say(error.message);
    }
  };

  const file = make("input", { type: "file", accept: "image/*" });
  const camera = make("input", { type: "file", accept: "image/*" });
  camera.setAttribute("capture", "environment");
  const inputs = [
    [file, "Choose a photo"],
    [camera, "Take a photo"],
  ].map(([input, words]) => {
    input.className = "demo-file";
    input.addEventListener("change", () => {
      if (input.files[0]) classify(input.files[0], "Your photo");
      input.value = ""; // so that the same file can be chosen again
    });
    return make("label", { className: "demo-choose" }, words, input);
  });
  inputs[1].classList.add("demo-camera");
  const zone = make(
    "div",
    { className: "demo-zone" },
    make("p", {}, "Drop a photo here, paste one, or"),
    ...inputs,
  );
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("demo-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("demo-over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    if (dropped) classify(dropped, "Your photo");
    else say("That was no file. Save the photo first, then drop it.");
  });
  document.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files].find((one) =>
      one.type.startsWith("image/"),
    );
    if (pasted) classify(pasted, "Your photo");
  });

  const examples = model.examples.map((example) => {
    const address = new URL(`examples/${example.file}`, home).href;
    const picture = make("img", { src: address, alt: example.alt });
    const button = make("button", { type: "button" }, picture);
    button.className = "demo-example";
    button.addEventListener("click", () =>
      classify(fetched(address), example.alt, example.probabilities),
    );
    return make(
      "figure",
      {},
      button,
      make("figcaption", {}, credit(example)),
    );
  });
  const row = make("div", { className: "demo-examples" }, ...examples);
  const result = make(
    "div",
    { className: "demo-result" },
    seen,
    make("div", {}, bars.element, python),
  );
  stage.append(...(examples.length ? [row] : []), zone, result);
  say("Ready. Choose one of the photos, or bring your own.");
};
