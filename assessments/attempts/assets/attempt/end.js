// When the time is over: the controls are locked, the person reads what is saved and what waits, and the page is left once
// the server has closed the attempt. Without a line it stays: what is only on this device is still sent from here.

import { isFlag } from "./queue.js";
import { RETRY_AFTER, ask } from "./sending.js";

export function endOf({ first, queue, attempt, questions, answered, say, keepAll, flush, setClock, goOn }) {
  let over = false;
  let leaving = false;
  let timer = null;
  let settling = null;
  addEventListener("online", settle);
  const end = { isOver: () => over, isLeaving: () => leaving, reached, moved, lock, paint, leave };
  return end;

  function reached() {
    if (over || leaving) return;
    const kept = keepAll(); // what was being typed was given in time
    over = true;
    lock();
    paint();
    kept.then(settle);
  }

  // Somebody gave more time.
  function moved() {
    if (!over || leaving) return;
    over = false;
    clearTimeout(timer);
    lock();
    goOn();
  }

  function lock() {
    for (const { form, place } of questions.values()) {
      place.querySelector("fieldset.question").disabled = over;
      for (const button of form.querySelectorAll("[name=check], [name=flag], [name=unflag], [data-choose]")) button.disabled = over;
    }
  }

  function paint() {
    const { over: said, overSaved, overWaiting, overClosing } = first.dataset;
    const waiting = new Set(queue.entries(attempt).filter((entry) => !isFlag(entry)).map((entry) => entry.number));
    const saved = [...answered].filter((number) => !waiting.has(number));
    const list = (numbers) => new Intl.ListFormat(document.documentElement.lang).format([...numbers].sort((a, b) => a - b).map(String));
    say([
      said,
      saved.length && overSaved.replace("{numbers}", list(saved)),
      waiting.size && overWaiting.replace("{numbers}", list(waiting)),
      overClosing,
    ].filter(Boolean).join(" "), waiting.size ? "offline" : "over");
  }

  function settle() {
    if (over && !leaving) settling ??= send().finally(() => { settling = null; });
  }

  async function send() {
    clearTimeout(timer);
    const sent = await flush();
    if (!queue.entries(attempt).length) {
      const { state, answer } = await ask(first.dataset.standing);
      if (state === "closed" || state === "signed-out") return leave();
      if (state === "done") setClock(answer.seconds_left);
      if (state === "done" && answer.seconds_left !== 0) return moved();
      if (sent) paint();
    }
    timer = setTimeout(settle, RETRY_AFTER);
  }

  // Only when the server has just answered: this page cannot be had back without it.
  function leave() {
    if (leaving) return;
    leaving = true;
    location.assign(`/attempts/${attempt}/result`);
  }
}
