// Brings figures of `animate` to life: buttons, slider, keys. Frames are
// paths that Python has drawn; this only exchanges them.
(() => {
  "use strict";
  const SPEEDS = [0.5, 1, 2, 4];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  const begin = root => {
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const moving = [...root.querySelectorAll(".bp-live .bp-moves")];
    const slider = part("slider").querySelector("input");
    const says = part("says");
    const play = part("play");
    const speed = part("speed");
    const last = data.says.length - 1;
    let now = 0, playing = false, pace = 1, since = 0;

    const listen = () => {
      const quiet = playing || document.activeElement === slider;
      says.setAttribute("aria-live", quiet ? "off" : "polite");
    };
    const show = frame => {
      now = Math.min(Math.max(frame, 0), last);
      data.layers.forEach((layer, i) => {
        if (layer.frames) {
          moving[i].setAttribute("d", layer.frames[now]);
          return;
        }
        const trail = layer.trail.slice(0, now + 1);
        moving[i].setAttribute("d", `M${trail.join("L")}`);
        moving[i].nextElementSibling.setAttribute("d", `M${trail[now]}h0`);
      });
      listen();
      says.textContent = data.says[now];
      slider.value = now;
      slider.setAttribute("aria-valuetext", data.says[now]);
      root.dataset.frame = now;
    };
    const tick = time => {
      if (!playing) return;
      const length = data.ms / SPEEDS[pace];
      const steps = Math.floor((time - since) / length);
      if (steps > 0) {
        since += steps * length;
        show(now + steps);
      }
      if (now === last) stop();
      else requestAnimationFrame(tick);
    };
    const stop = () => {
      playing = false;
      play.textContent = "Play";
      listen();
    };
    const go = () => {
      if (calm.matches) return;
      playing = true;
      play.textContent = "Pause";
      if (now === last) show(0);
      since = performance.now();
      listen();
      requestAnimationFrame(tick);
    };
    const toggle = () => playing ? stop() : go();
    const jump = frame => { stop(); show(frame); };

    play.addEventListener("click", toggle);
    part("back").addEventListener("click", () => jump(now - 1));
    part("next").addEventListener("click", () => jump(now + 1));
    slider.addEventListener("input", () => jump(Number(slider.value)));
    slider.addEventListener("focus", listen);
    slider.addEventListener("blur", listen);
    speed.addEventListener("click", () => {
      pace = (pace + 1) % SPEEDS.length;
      speed.textContent = `${SPEEDS[pace]}×`;
      speed.setAttribute("aria-label", `Speed: ${SPEEDS[pace]} times`);
      since = performance.now();
    });
    root.querySelector(".bp-live").addEventListener("keydown", event => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const onSlider = event.target === slider;
      const act = {
        ArrowLeft: () => jump(now - 1),
        ArrowDown: () => jump(now - 1),
        ArrowRight: () => jump(now + 1),
        ArrowUp: () => jump(now + 1),
        PageDown: () => jump(now - 10),
        PageUp: () => jump(now + 10),
        Home: () => jump(0),
        End: () => jump(last),
        " ": onSlider ? toggle : null,
      }[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
    calm.addEventListener("change", stop);
    if ("IntersectionObserver" in window)
      new IntersectionObserver(([seen]) => {
        if (!seen.isIntersecting && playing) stop();
      }).observe(root);
    show(data.begin);
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-animation:not([data-ready])");
  for (const root of found) begin(root);
})();
