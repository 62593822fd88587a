/* Starts a live demo when its button is pressed; until then nothing of it is
   loaded but this. A script of the old kind, because a page that was opened
   as a file may load no other. */
(() => {
  "use strict";

  const here = document.currentScript.src;

  const say = (demo, text) => {
    demo.querySelector(".demo-status").textContent = text;
  };

  const start = async (demo) => {
    const button = demo.querySelector(".demo-start");
    const total = Number(demo.dataset.bytes);
    let loaded = 0;
    let shown = -1;
    button.disabled = true;
    say(demo, "Loading …");
    const tell = (bytes) => {
      loaded += bytes;
      const tenth = Math.min(10, Math.floor((10 * loaded) / total));
      if (tenth > shown) say(demo, `Loading … ${10 * tenth} %`);
      shown = Math.max(shown, tenth);
    };
    const stage = demo.querySelector(".demo-stage");
    try {
      const { kind } = demo.dataset;
      const [{ loadModel }, { show }] = await Promise.all([
        import(new URL("demo_model.js", here)),
        import(new URL(`demo_${kind}.js`, here)),
      ]);
      const home = new URL(demo.dataset.home, document.baseURI);
      const vendor = new URL(demo.dataset.vendor, document.baseURI);
      const examples = demo.dataset.examples === "yes";
      const model = await loadModel({ home, vendor, examples, tell });
      button.parentElement.hidden = true;
      stage.hidden = false;
      show({ demo, stage, model, home, say: (text) => say(demo, text) });
      demo.dataset.state = "ready";
      stage.querySelector("button, input, canvas")?.focus({
        preventScroll: true,
      });
    } catch (error) {
      stage.replaceChildren();
      stage.hidden = true;
      button.parentElement.hidden = false;
      button.disabled = false;
      demo.dataset.state = "failed";
      say(demo, `The demo did not start: ${error.message}`);
    }
  };

  for (const demo of document.querySelectorAll(".demo")) {
    if (window.location.protocol === "file:") {
      say(
        demo,
        "This page was opened as a file, and a browser runs no model from " +
          "files. Type make serve in the book's folder, or " +
          "python -m http.server in the folder of these pages, and open " +
          "the address that it prints.",
      );
      continue;
    }
    if (typeof WebAssembly !== "object") {
      say(demo, "This browser has no WebAssembly, which the demo needs.");
      continue;
    }
    const button = demo.querySelector(".demo-start");
    button.parentElement.hidden = false;
    button.addEventListener("click", () => start(demo));
  }
})();
