// Keys 1 to 4 mark the person in turn and go on to the next; without this the choices are ordinary radio buttons.
const form = document.querySelector(".roll-call");
const lines = [...(form?.querySelectorAll(".roll-line") ?? [])];
const hint = document.querySelector("[data-keys]");
if (hint && lines.length) hint.hidden = false;

function lineInTurn() {
  const focused = document.activeElement?.closest(".roll-line");
  return focused ?? lines.find((line) => !line.querySelector("input[type=radio]:checked")) ?? lines[0];
}

document.addEventListener("keydown", (event) => {
  if (!lines.length || event.ctrlKey || event.metaKey || event.altKey) return;
  // Figures typed into a field are meant for the field.
  if (document.activeElement?.matches("input:not([type=radio]), textarea, select")) return;
  const number = Number.parseInt(event.key, 10);
  if (!(number >= 1 && number <= 4)) return;
  event.preventDefault();
  const line = lineInTurn();
  const radio = line.querySelectorAll("input[type=radio]")[number - 1];
  radio.checked = true;
  const units = line.querySelector("input[type=number]");
  if (radio.value === "partly" && units) {
    units.focus();
    return;
  }
  const next = lines[lines.indexOf(line) + 1];
  const stop = next ? next.querySelector("input[type=radio]:checked") ?? next.querySelector("input[type=radio]") : form.querySelector("button");
  stop?.focus();
});
