// Before handing in: nothing is handed in while answers wait on this device.

import { isFlag } from "./queue.js";
import { ask, pageToken, sender } from "./sending.js";

const status = document.querySelector("[data-save-state]");

export function waitForAnswers(place, queue) {
  const attempt = place.dataset.attempt;
  const form = document.querySelector("form[action$='/submit']");
  const say = (words, state) => {
    if (words && status.textContent !== words) status.textContent = words;
    status.dataset.state = state;
  };
  let closed = false;
  const flush = sender(queue, attempt, pageToken(() => [document]), ({ state, message }) => {
    closed ||= state === "closed";
    if (state === "saved") return location.reload(); // all have arrived: show what stands now
    if (state === "arrived" || state === "saving") return;
    const words = { refused: message, closed: message ?? place.dataset.closed, "signed-out": place.dataset.signedOut };
    const flagsOnly = ["offline", "trouble"].includes(state) && queue.entries(attempt).every(isFlag);
    say(words[state] ?? place.dataset[flagsOnly ? "flagWaits" : state], state);
  });
  // Another tab may have put answers into the queue since this page was opened.
  const mustWait = async () => {
    await queue.reload();
    if (!closed) await queue.takeUp(attempt); // there is this page only while the attempt is open, perhaps again
    if (!queue.entries(attempt).length) return false;
    say(place.dataset.unsaved, "saving");
    flush();
    return true;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await mustWait()) return;
    // Without a line the browser would show a page of its own instead of this one.
    if ((await ask(place.dataset.standing)).state === "offline") say(place.dataset.needsLine, "offline"); else form.submit();
  });
  addEventListener("focus", mustWait);
  mustWait();
  const earlier = queue.allEarlier(attempt).map((entry) => String(entry.number));
  if (earlier.length && !queue.entries(attempt).length) {
    say(place.dataset.earlierSaid.replace("{numbers}", new Intl.ListFormat(document.documentElement.lang).format(earlier)), "elsewhere");
  }
}
