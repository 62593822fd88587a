/* Loads a model that a page published, and runs it here, in the page. */

const hex = (buffer) =>
  [...new Uint8Array(buffer)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

const got = async (address) => {
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    throw new Error(`${address} could not be loaded. Is the network on?`);
  }
  if (!answer.ok) {
    throw new Error(`${address} is not there (answer ${answer.status}).`);
  }
  return answer;
};

/** Load a file; `tell` hears how many bytes have come. */
const bytesOf = async (address, tell) => {
  const answer = await got(address);
  const reader = answer.body.getReader();
  const pieces = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    total += value.length;
    tell(value.length);
  }
  const whole = new Uint8Array(total);
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
};

/** Refuse a model that is not the one that its bundle.json describes. */
const check = async (model, settings) => {
  const wanted = settings.files?.["model.onnx"];
  if (!wanted) throw new Error("bundle.json does not list model.onnx.");
  let wrong = model.length !== wanted.bytes;
  if (!wrong && window.crypto?.subtle) {
    // only a page from https or from this machine may compute it
    const digest = await window.crypto.subtle.digest("SHA-256", model);
    wrong = hex(digest) !== wanted.sha256;
  }
  if (wrong) {
    throw new Error("The model arrived damaged. Reload the page.");
  }
};

const examplesOf = async (home) => {
  const answer = await got(new URL("examples/examples.json", home));
  return (await answer.json()).examples;
};

/** Return the model below `home`: its settings, its examples, `predict`. */
export const loadModel = async ({ home, vendor, examples, tell }) => {
  const settings = await (await got(new URL("bundle.json", home))).json();
  const [ort, program, model] = await Promise.all([
    import(new URL("ort.wasm.bundle.min.mjs", vendor)),
    bytesOf(new URL("ort-wasm-simd-threaded.wasm", vendor), tell),
    bytesOf(new URL("model.onnx", home), tell),
  ]);
  await check(model, settings);
  ort.env.wasm.numThreads = 1; // more need headers that few hosts send
  ort.env.wasm.wasmBinary = program.buffer;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["wasm"],
  });
  const { size, channels } = settings.input;

  /** Bytes of shape (size, size, channels) to classes, likeliest first. */
  const predict = async (pixels) => {
    const plane = size * size;
    const input = new Float32Array(plane * channels);
    for (let i = 0; i < input.length; i += 1) {
      const [pixel, channel] = [Math.floor(i / channels), i % channels];
      input[channel * plane + pixel] = pixels[i] / 255;
    }
    const shape = [1, channels, size, size];
    const feeds = {
      [session.inputNames[0]]: new ort.Tensor("float32", input, shape),
    };
    const start = performance.now();
    const answer = await session.run(feeds);
    const ms = performance.now() - start;
    const { data } = answer[session.outputNames[0]];
    const classes = settings.classes.map((name, i) => ({
      name,
      probability: data[i],
    }));
    return { classes, ms };
  };

  await predict(new Uint8Array(size * size * channels)); // the first is slow
  return {
    settings,
    predict,
    examples: examples ? await examplesOf(home) : [],
  };
};
