// What the chosen levels come to, before they are saved. The server decides; this says beforehand what it will say.
const form = document.querySelector("[data-grading]");
const place = form?.querySelector("[data-outcome]");

function outcome() {
  const criteria = [...form.querySelectorAll(".criterion")];
  const chosen = criteria.map((one) => one.querySelector("input:checked")).map((input) => (input ? Number(input.value) : null));
  const given = chosen.reduce((sum, points) => sum + (points ?? 0), 0);
  const { soFar, sum, passed, missing, few, low } = form.dataset;
  if (chosen.every((points) => points === null)) return "";
  if (chosen.includes(null)) return `${soFar.replace("{given}", given)}.`;
  const titles = criteria.filter((_one, at) => chosen[at] < Number(form.dataset.least)).map((one) => one.querySelector("legend").textContent.trim());
  const reasons = [];
  if (given < Number(form.dataset.pass)) reasons.push(few.replace("{given}", given));
  if (titles.length) reasons.push(low.replace("{criteria}", titles.join(", ")));
  return [`${sum.replace("{given}", given)}, ${reasons.length ? missing : passed}.`, ...reasons].join(" ");
}

if (place) {
  const show = () => { place.textContent = outcome(); };
  form.addEventListener("change", show);
  show();
}
