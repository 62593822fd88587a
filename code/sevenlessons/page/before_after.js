// Two pictures on each other; the border between them follows the slider.
(() => {
  "use strict";
  const begin = root => {
    const {names} = JSON.parse(root.querySelector(".bp-data").textContent);
    const stage = root.querySelector(".ba-stage");
    const border = root.querySelector(".ba-border");
    const choices = ["left", "right"].map(side =>
      root.querySelector(`select.ba-${side}`));
    const sources = [...root.querySelectorAll(".ba-still img")];
    // The pictures are stored once, in the stills.
    const [under, over] = ["right", "left"].map(side => {
      const picture = sources[0].cloneNode();
      picture.className = `ba-${side}-picture`;
      picture.alt = "";
      picture.draggable = false;
      stage.append(picture);
      return picture;
    });
    const line = document.createElement("span");
    line.className = "ba-line";
    stage.append(line);

    const update = () => {
      const [left, right] = choices.map(choice => Number(choice.value));
      over.src = sources[left].src;
      under.src = sources[right].src;
      const share = Number(border.value);
      over.style.clipPath = `inset(0 ${100 - share}% 0 0)`;
      line.style.left = `${share}%`;
      border.setAttribute("aria-valuetext",
        `${share} percent ${names[left]}, ${100 - share} percent `
        + names[right]);
      root.now = {left: names[left], right: names[right], share};
    };
    const follow = event => {
      const box = stage.getBoundingClientRect();
      const share = 100 * (event.clientX - box.left) / box.width;
      border.value = Math.round(Math.min(Math.max(share, 0), 100));
      update();
    };
    stage.addEventListener("pointerdown", event => {
      stage.setPointerCapture(event.pointerId);
      follow(event);
    });
    stage.addEventListener("pointermove", event => {
      if (stage.hasPointerCapture(event.pointerId)) follow(event);
    });
    border.addEventListener("input", update);
    for (const choice of choices) choice.addEventListener("input", update);
    update();
    root.dataset.ready = "";
  };
  const found = document.querySelectorAll(
    ".bp-before-after:not([data-ready])");
  for (const root of found) begin(root);
})();
