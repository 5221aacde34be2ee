// What makes questions easier with JavaScript: the picture of a hotspot can be pressed, steps can be moved by buttons or
// dragged, words are counted. The native controls stay what is sent, so without this everything works as well.

// --- words -----------------------------------------------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const words = event.target.dataset?.words && document.getElementById(event.target.dataset.words);
  if (words) countWords(event.target.value, words);
});

function countWords(text, place) {
  const count = text.split(/\s+/).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;
  const { one, many, least, most, below, above } = place.dataset;
  const said = count === 1 ? one : many.replace("{n}", count.toLocaleString(document.documentElement.lang));
  const limit = least && count < Number(least) ? below : most && count > Number(most) ? above : "";
  place.textContent = limit ? `${said} – ${limit}` : said;
}

// --- the picture -----------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const area = event.target.closest?.("[data-area]");
  const control = area && controlOf(area);
  if (control) { control.click(); control.focus({ preventScroll: true }); }
});
for (const name of ["change", "focusin", "focusout"]) {
  document.addEventListener(name, (event) => {
    const picture = event.target.closest?.("[data-question], .question")?.querySelector("[data-hotspot]");
    if (picture) paintAreas(picture);
  });
}

function controlOf(area) {
  const place = area.closest("[data-question], .question");
  return place?.querySelector(`.answers input[value="${area.dataset.area}"]`);
}

function paintAreas(picture) {
  for (const area of picture.querySelectorAll("[data-area]")) {
    const control = controlOf(area);
    if (!control) continue; // a review, which nobody answers any more
    area.classList.toggle("is-chosen", control.checked);
    area.classList.toggle("is-focused", control === document.activeElement);
  }
}

// A circle's radius is in per cent of the width; SVG counts in per cent of a kind of mean of width and height.
function drawCircles(picture) {
  const image = picture.querySelector("img");
  const draw = () => {
    const { naturalWidth: width, naturalHeight: height } = image;
    if (!width || !height) return;
    const unit = width / Math.sqrt((width ** 2 + height ** 2) / 2);
    for (const circle of picture.querySelectorAll("[data-radius]")) circle.setAttribute("r", `${circle.dataset.radius * unit}%`);
  };
  if (image.complete) draw();
  image.addEventListener("load", draw);
}

// --- putting steps into their order ----------------------------------------------------------------------------------

function makeMovable(list) {
  const rows = () => [...list.children];
  const choice = (row) => row.querySelector("select");
  const said = document.createElement("p");
  said.className = "kern-sr-only";
  said.setAttribute("aria-live", "polite");
  list.after(said);
  sortRows();
  for (const row of rows()) {
    const buttons = document.createElement("span");
    buttons.className = "move-buttons";
    for (const [direction, sign, label] of [[-1, "↑", list.dataset.up], [1, "↓", list.dataset.down]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "move-button";
      button.textContent = sign;
      button.setAttribute("aria-label", label.replace("{text}", row.dataset.stepText));
      button.addEventListener("click", () => { move(row, rows().indexOf(row) + direction); button.focus(); });
      buttons.append(button);
    }
    row.querySelector("dd").append(buttons);
    drag(row);
  }
  list.addEventListener("change", (event) => { if (event.target.matches("select")) sortRows(event.target); });
  paint();

  function move(row, to) {
    const others = rows().filter((one) => one !== row);
    if (to < 0 || to > others.length) return;
    if (to === others.length) others[to - 1].after(row); else others[to].before(row);
    settle(row);
  }

  function settle(row) {
    rows().forEach((one, place) => { choice(one).value = String(place); });
    said.textContent = list.dataset.moved.replace("{text}", row.dataset.stepText).replace("{place}", rows().indexOf(row) + 1);
    choice(row).dispatchEvent(new Event("change", { bubbles: true }));
    paint();
  }

  // The rows follow the chosen places as soon as every place is taken once; before that nothing jumps about.
  function sortRows(focused) {
    const places = new Set(rows().map((row) => choice(row).value));
    if (places.has("") || places.size !== rows().length) return;
    const sorted = rows().sort((a, b) => Number(choice(a).value) - Number(choice(b).value));
    if (sorted.every((row, place) => row === list.children[place])) return;
    list.append(...sorted);
    focused?.focus();
    paint();
  }

  function paint() {
    rows().forEach((row, place) => {
      const [up, down] = row.querySelectorAll(".move-button");
      up?.setAttribute("aria-disabled", String(place === 0));
      down?.setAttribute("aria-disabled", String(place === rows().length - 1));
    });
  }

  function drag(row) {
    const handle = row.querySelector("dt");
    handle.classList.add("is-handle");
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const before = rows().indexOf(row);
      const follow = (moved) => {
        row.classList.add("is-dragged");
        const over = rows().find((one) => one !== row && inside(one, moved.clientY));
        if (!over) return;
        if (rows().indexOf(over) > rows().indexOf(row)) over.after(row); else over.before(row);
      };
      const drop = () => {
        for (const [name, listener] of [["pointermove", follow], ["pointerup", drop], ["pointercancel", drop]]) removeEventListener(name, listener);
        row.classList.remove("is-dragged");
        if (rows().indexOf(row) !== before) settle(row);
      };
      for (const [name, listener] of [["pointermove", follow], ["pointerup", drop], ["pointercancel", drop]]) addEventListener(name, listener);
    });
  }

  function inside(row, y) {
    const box = row.getBoundingClientRect();
    return y > box.top && y < box.bottom;
  }
}

// --- questions that are there, and those that come later ---------------------------------------------------------------

function prepare(place) {
  for (const picture of place.querySelectorAll("[data-hotspot]")) { drawCircles(picture); paintAreas(picture); }
  for (const list of place.querySelectorAll("[data-ordering]")) makeMovable(list);
  for (const area of place.querySelectorAll("[data-words]")) countWords(area.value, place.querySelector(`#${area.dataset.words}`));
}

document.addEventListener("question-made", (event) => prepare(event.detail));
prepare(document);
document.documentElement.dataset.questions = "ready";
