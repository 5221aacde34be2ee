// Keys 1 to 4 mark the person in turn and go on to the next; without this the choices are ordinary radio buttons.
// A key means the same on every page, also where nobody can be there partly.
const KEYS = { 1: "present", 2: "partly", 3: "excused", 4: "absent" };
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
  const line = lineInTurn();
  const radio = KEYS[event.key] && line.querySelector(`input[type=radio][value=${KEYS[event.key]}]`);
  if (!radio) return;
  event.preventDefault();
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
