/* Pieces that both demos show: elements, bars with numbers, sentences. */

/** Make an element: `make("p", { className: "note" }, "text", child)`. */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children);
  return element;
};

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

export const sorted = (classes) =>
  [...classes].sort((a, b) => b.probability - a.probability);

/** One row a class: its name, a bar, the number. Rows stay in their order. */
export class Bars {
  constructor(names, label) {
    this.element = make("ul", {
      className: "demo-bars",
      "aria-label": label,
    });
    this.rows = names.map((name) => {
      const bar = make("span", { className: "demo-bar" });
      const number = make("span", { className: "demo-number" }, "–");
      const row = make(
        "li",
        {},
        make("span", { className: "demo-name" }, name),
        make("span", { className: "demo-track", "aria-hidden": "true" }, bar),
        number,
      );
      this.element.append(row);
      return { name, row, bar, number };
    });
  }

  /** Show probabilities; with `order`, the likeliest stands first. */
  show(classes, { order = false } = {}) {
    const known = new Map(classes.map((one) => [one.name, one.probability]));
    const best = sorted(classes)[0].name;
    for (const { name, row, bar, number } of this.rows) {
      const share = known.get(name);
      bar.style.width = `${100 * share}%`;
      number.textContent = percent(share);
      row.dataset.probability = String(share);
      row.classList.toggle("demo-best", name === best);
    }
    if (order) {
      const rows = [...this.rows];
      rows.sort((a, b) => known.get(b.name) - known.get(a.name));
      this.element.append(...rows.map(({ row }) => row));
    }
  }

  clear() {
    for (const { row, bar, number } of this.rows) {
      bar.style.width = "0";
      number.textContent = "–";
      row.classList.remove("demo-best");
      delete row.dataset.probability;
    }
  }
}

/** The answer in words; below the threshold the model does not answer. */
export const sentence = (classes, threshold) => {
  const [best] = sorted(classes);
  const share = percent(best.probability);
  if (threshold !== null && best.probability < threshold) {
    return (
      `Not sure. The likeliest is ${best.name} with ${share}, and this ` +
      `model gives an answer from ${percent(threshold)} on.`
    );
  }
  return `${best.name}, ${share}.`;
};

/** How far the page is from Python, for an example that Python saw too. */
export const beside = (classes, python) => {
  const apart = classes.map(({ name, probability }) =>
    Math.abs(probability - python[name]),
  );
  const [best] = Object.entries(python).sort((a, b) => b[1] - a[1]);
  const most = 100 * Math.max(...apart);
  const words =
    most < 0.001 ? "less than 0.001" : `at most ${most.toFixed(3)}`;
  return (
    `Python gave ${best[0]}, ${percent(best[1])}, when the book was built; ` +
    `the two differ by ${words} points.`
  );
};
