// Beside the result: what never arrived, and what may not have.

import { isFlag } from "./queue.js";
import { pageToken, send } from "./sending.js";

export async function showLost(template, queue) {
  const { attempt, at, undated, forgotten } = template.dataset;
  const unknown = [];
  for (const entry of queue.allEarlier(attempt)) await queue.remove(entry); // the log has them, and nobody can choose any more
  for (const entry of queue.entries(attempt).filter(isFlag)) await queue.remove(entry); // nobody comes back to a question
  // The answer to the last try may have been lost, not the answer of the person: only the server knows. What it has called
  // too late is not asked again.
  for (const entry of queue.entries(attempt)) {
    const { state } = await send(entry, pageToken(() => []).get());
    if (state === "saved") await queue.remove(entry);
    else if (["closed", "refused"].includes(state)) await queue.setAside(entry);
    else unknown.push(entry);
  }
  const asked = new Set(unknown.map((entry) => entry.url));
  const never = queue.all(attempt).filter((entry) => !asked.has(entry.url));
  if (unknown.length) {
    show(document.querySelector("[data-quiz-unknown]"), unknown);
    addEventListener("online", () => location.reload());
  }
  if (!never.length) return;
  const section = show(template, never);
  section.querySelector("[data-lost-forget]").addEventListener("click", async () => {
    for (const entry of never) await queue.remove(entry);
    const line = document.createElement("p");
    line.role = "status";
    line.tabIndex = -1;
    line.textContent = forgotten;
    section.replaceChildren(line);
    line.focus();
  });

  function show(from, entries) {
    const made = from.content.cloneNode(true).firstElementChild;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    made.querySelector("[data-lost-list]").append(...entries.sort((a, b) => a.number - b.number).map((entry) => {
      const line = document.createElement("li");
      const words = entry.at ? at.replace("{at}", format.format(entry.at)) : undated;
      line.textContent = words.replace("{number}", entry.number);
      for (const answer of entry.words ?? []) {
        const said = document.createElement("p");
        said.className = "written";
        said.textContent = answer;
        line.append(said);
      }
      return line;
    }));
    from.after(made);
    return made;
  }
}
