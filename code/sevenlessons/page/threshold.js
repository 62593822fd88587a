// Counts answers anew wherever the reader puts the threshold. The same
// arithmetic as row_f_beta in training/label_thresholds.py.
(() => {
  "use strict";
  const begin = root => {
    const part = name => root.querySelector(`.bp-live .bp-${name}`);
    const data = JSON.parse(root.querySelector(".bp-data").textContent);
    const cut = part("cut"), beta = part("beta");
    const cells = [...root.querySelectorAll(".bp-counts tbody tr")]
      .map(row => [...row.querySelectorAll("td")]);
    const photos = data.p.length, labels = data.names.length;

    const scores = (level, weight) => {
      let score = 0, right = 0;
      for (let i = 0; i < photos; i++) {
        let yes = 0, there = 0, both = 0;
        for (let k = 0; k < labels; k++) {
          const answer = data.p[i][k] > level, truth = data.y[i][k] === 1;
          yes += answer;
          there += truth;
          both += answer && truth;
          right += answer === truth;
        }
        const total = weight * there + yes;
        score += total === 0 ? 1 : (1 + weight) * both / total;
      }
      return [score / photos, right / (photos * labels)];
    };
    const place = (x, y) => {
      const [left, top, width, height] = data.canvas.box;
      return `${(left + width * x).toFixed(1)},`
        + `${(top + height * (1 - y)).toFixed(1)}`;
    };
    const draw = name => values => part(name).setAttribute("d",
      `M${values.map(([x, y]) => place(x, y)).join("L")}`);
    let drawnFor = null;
    const curves = weight => {
      if (drawnFor === weight) return;
      drawnFor = weight;
      const cuts = Array.from({length: 99}, (_, k) => k + 1);
      const found = cuts.map(c => scores(100 * c, weight));
      draw("score")(cuts.map((c, k) => [c / 100, found[k][0]]));
      draw("share")(cuts.map((c, k) => [c / 100, found[k][1]]));
    };

    const update = () => {
      const at = Number(cut.value), level = Math.round(10000 * at);
      const weight = Number(beta.value) ** 2;
      curves(weight);
      draw("here")([[at, 0], [at, 1]]);
      let labelsThere = 0, found = 0, alarms = 0;
      for (let k = 0; k < labels; k++) {
        let there = 0, both = 0, yes = 0;
        for (let i = 0; i < photos; i++) {
          const answer = data.p[i][k] > level, truth = data.y[i][k] === 1;
          there += truth;
          yes += answer;
          both += answer && truth;
        }
        [both, there - both, yes - both].forEach((count, j) => {
          cells[k][j].textContent = count;
        });
        labelsThere += there;
        found += both;
        alarms += yes - both;
      }
      const [score, share] = scores(level, weight);
      cut.nextElementSibling.value = at.toFixed(2);
      beta.nextElementSibling.value = Number(beta.value).toFixed(1);
      const short = `F-beta ${score.toFixed(3)}, accuracy`
        + ` ${share.toFixed(3)}`;
      cut.setAttribute("aria-valuetext", `${at.toFixed(2)}: ${short}`);
      beta.setAttribute("aria-valuetext", `${beta.value}: ${short}`);
      part("says").textContent = `Threshold ${at.toFixed(2)}: mean ${short}.`
        + ` Of ${labelsThere} labels ${found} are found, with ${alarms} false`
        + ` alarm${alarms === 1 ? "" : "s"}.`;
      root.scores = [score, share, found, alarms];
    };

    cut.addEventListener("input", update);
    beta.addEventListener("input", update);
    update();
    root.dataset.ready = "";
  };

  const found = document.querySelectorAll(".bp-threshold:not([data-ready])");
  for (const root of found) begin(root);
})();
