"use strict";

// One picture at a time: choose, drop or paste it; a newer one replaces it.
// Texts are set with textContent, never as markup.

const $ = id => document.getElementById(id);
const form = $("form"), drop = $("drop"), file = $("file");
const rest = 90_000;  // ms until the page stops waiting
let about = null;  // what /version says
let running = null;  // the request that is on its way
let shown = null;  // addresses of pictures in memory
let current = null;  // the picture that was answered
let asking = null;  // the last question where it looked, on its way or not

function percent(p) {
  if (p > 0 && p < 0.001) return "below 0.1 %";
  if (p < 1 && p > 0.999) return "above 99.9 %";
  return `${(100 * p).toFixed(1)} %`;
}

function megabytes(size) {
  return `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`;
}

function say(text) {  // for those who listen instead of looking
  $("news").textContent = text;
}

function only(part) {  // show one of result, error, busy
  for (const id of ["result", "error", "busy"]) $(id).hidden = id !== part;
  drop.classList.toggle("small", part === "result");
}

function fail(sentence) {
  forget();
  $("error").textContent = sentence;
  only("error");
  say(sentence);
}

function forget() {
  for (const url of shown ?? []) URL.revokeObjectURL(url);
  shown = null;
  $("photo").removeAttribute("src");
  $("heat").removeAttribute("src");
  asking?.abort();
  asking = null;
  for (const id of ["heat", "why", "look", "whynot"]) $(id).hidden = true;
  $("toggle").checked = true;
}

function bar({label, probability}, first) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  const number = document.createElement("span");
  const track = document.createElement("div");
  const fill = document.createElement("div");
  row.classList.toggle("first", first);
  name.className = "label";
  name.textContent = label;
  number.className = "number";
  number.textContent = percent(probability);
  track.className = "track";
  track.setAttribute("aria-hidden", "true");
  fill.className = "fill";
  fill.style.width = `${100 * probability}%`;
  track.append(fill);
  row.append(name, number, track);
  return row;
}

function show(answer, picture) {
  forget();
  current = picture;
  shown = [URL.createObjectURL(picture)];
  $("photo").src = shown[0];
  $("name").textContent = picture.name ?? "";
  const [best] = answer.probabilities;
  const sure = answer.label !== null;
  $("says").textContent = sure ? answer.label : "Not sure";
  $("sure").textContent = sure
    ? `The model gives it ${percent(answer.probability)}.`
    : `The likeliest class is ${best.label} with ${percent(best.probability)}`
      + ", too little for an answer.";
  $("bars").replaceChildren(
    ...answer.probabilities.map((row, i) => bar(row, sure && i === 0)));
  $("took").textContent = `Looked at in ${Math.round(answer.ms)} ms.`;
  $("which").replaceChildren(
    ...answer.probabilities.map(({label}) => new Option(label, label)));
  $("why").hidden = !about?.explain;
  only("result");
  $("result").scrollIntoView({block: "nearest"});
  say(`${$("says").textContent}. ${$("sure").textContent}`);
}

async function ask(address, picture, signal) {
  const body = new FormData();
  body.append("photo", picture, "photo");  // its name stays here
  const answer = await fetch(address, {method: "POST", body, signal});
  if (answer.ok) return answer;
  let sentence = `The server answered with status ${answer.status}.`;
  try {
    sentence = (await answer.json()).error ?? sentence;
  } catch { /* no JSON: a proxy spoke */ }
  throw new Error(sentence);
}

async function explain() {  // ask where it looked, lay the answer over it
  asking?.abort();  // a newer question replaces it
  const mine = asking = new AbortController();
  const alarm = setTimeout(() => mine.abort("late"), rest);
  const label = $("which").value;
  const focused = document.activeElement === $("why");
  $("heat").hidden = true;
  $("heat").removeAttribute("src");
  $("whynot").textContent = "Looking once more …";
  $("whynot").hidden = false;
  try {
    const address = `explain?label=${encodeURIComponent(label)}`;
    const heat = await ask(address, current, mine.signal);
    const empty = heat.status === 204;
    const url = empty ? null : URL.createObjectURL(await heat.blob());
    if (mine !== asking) return url && URL.revokeObjectURL(url);
    $("look").hidden = false;
    if (focused) $("toggle").focus();
    $("why").hidden = true;
    $("whynot").hidden = !empty;
    $("whynot").textContent = `Nothing in the picture speaks for ${label}.`;
    if (empty) return say($("whynot").textContent);
    shown.push(url);
    $("heat").src = url;
    $("heat").alt = `Heat map: where the model looked for ${label}`;
    $("heat").hidden = !$("toggle").checked;
    say(`There is a heat map for ${label}`
      + ($("toggle").checked ? " over the picture." : "; it is hidden."));
  } catch (error) {
    if (mine !== asking) return;
    $("whynot").textContent = mine.signal.reason === "late"
      ? "No heat map: the server took too long."
      : error instanceof TypeError
        ? "No heat map: the server does not answer."
        : `No heat map: ${error.message}`;
    say($("whynot").textContent);
  } finally {
    clearTimeout(alarm);
  }
}

async function look(picture) {
  running?.abort();
  if (about && picture.size > about.max_bytes) {
    running = null;  // or its end would hide the sentence
    return fail(`The file has ${megabytes(picture.size)}; this server takes `
      + `at most ${megabytes(about.max_bytes)}. Make the picture smaller.`);
  }
  const mine = running = new AbortController();
  const alarm = setTimeout(() => mine.abort("late"), rest);
  forget();
  $("doing").textContent = "Looking at the picture …";
  only("busy");
  try {
    const answer = await (await ask("predict", picture, mine.signal)).json();
    if (mine !== running) return;
    show(answer, picture);
  } catch (error) {
    if (mine !== running) return;
    if (mine.signal.reason === "late") {
      fail("The server took too long. Try again, or a smaller picture.");
    } else if (mine.signal.aborted) {
      only(null);
      say("Canceled.");
    } else if (error instanceof TypeError) {
      fail("The server does not answer, or hung up. Is it running? Try again.");
    } else {
      fail(error.message);
    }
  } finally {
    clearTimeout(alarm);
  }
}

function take(list) {
  const pictures = [...(list ?? [])];
  if (pictures.length > 1) {
    running?.abort();
    running = null;
    fail(`These are ${pictures.length} files. Show one picture at a time.`);
  } else if (pictures.length === 1) {
    look(pictures[0]);
  }
  return pictures.length > 0;
}

for (const input of [file, $("camera")]) {
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";  // the same picture can be chosen again
  });
}

form.addEventListener("submit", event => event.preventDefault());
$("cancel").addEventListener("click", () => running?.abort());
$("why").addEventListener("click", explain);
$("which").addEventListener("change", explain);
$("toggle").addEventListener("change", () => {
  $("heat").hidden = !$("toggle").checked || !$("heat").hasAttribute("src");
});
$("photo").addEventListener("error", () => {
  if ($("photo").hasAttribute("src")) $("photo").alt = "(no preview)";
});
$("photo").addEventListener("load", () => {
  $("photo").alt = "The picture that you chose";
});

let over = 0;  // the pointer enters and leaves the parts inside as well
addEventListener("dragenter", event => {
  event.preventDefault();
  over += 1;
  drop.classList.add("over");
});
addEventListener("dragleave", () => {
  over -= 1;
  if (over <= 0) drop.classList.remove("over");
});
addEventListener("dragover", event => event.preventDefault());
addEventListener("drop", event => {
  event.preventDefault();
  over = 0;
  drop.classList.remove("over");
  if (!take(event.dataTransfer?.files)) {
    fail("That was no file. Save the picture first, then drop the file.");
  }
});
addEventListener("paste", event => {
  if (take(event.clipboardData?.files)) event.preventDefault();
});

fetch("version").then(answer => answer.json()).then(version => {
  about = version;
  const many = version.classes.length > 12;
  const names = version.classes.slice(0, 12).join(", ");
  $("about").textContent = `The model “${version.model}” knows `
    + `${version.classes.length} classes: ${names}${many ? ", …" : "."}`;
  const kinds = version.formats.join(", ").replace(/, (\w+)$/, " or $1");
  $("rules").textContent = `${kinds}; at most `
    + `${megabytes(version.max_bytes).replace(".0", "")}`;
}).catch(() => { /* the page works without */ });
