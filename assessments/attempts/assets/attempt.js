// Taking a quiz with a weak line. Every answer goes into a queue on this device first and leaves the queue only when the
// server has said that it has it. All questions are fetched at the start, so that one can go on without a line.

const RETRY_AFTER = 5000;
const TYPING_PAUSE = 700;
const DATABASE = "wegmarke-answers";

const form = document.querySelector("[data-quiz]");
const summary = document.querySelector("[data-quiz-summary]");
const place = form || summary;

if (place) {
  const queue = await openQueue();
  if (form) takeQuiz(form, queue);
  else waitForAnswers(summary, queue);
}

// --- the queue -----------------------------------------------------------------------------------------------------

async function openQueue() {
  const memory = new Map();
  let database = null;
  try {
    database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: "url" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const entry of await run(database, "readonly", (store) => store.getAll())) memory.set(entry.url, entry);
  } catch {
    database = null; // private windows may refuse; the page then keeps the answers as long as it is open
  }
  return {
    entries: (attempt) => [...memory.values()].filter((entry) => entry.attempt === attempt).sort((a, b) => a.counter - b.counter),
    async put(entry) {
      memory.set(entry.url, entry);
      if (database) await run(database, "readwrite", (store) => store.put(entry)).catch(() => {});
    },
    async remove(entry) {
      if (memory.get(entry.url)?.counter !== entry.counter) return; // something newer has come in meanwhile
      memory.delete(entry.url);
      if (database) await run(database, "readwrite", (store) => store.delete(entry.url)).catch(() => {});
    },
  };
}

function run(database, mode, action) {
  return new Promise((resolve, reject) => {
    const request = action(database.transaction("answers", mode).objectStore("answers"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function device() {
  return remembered("wegmarke-device", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  });
}

function nextCounter() {
  const next = Number(remembered("wegmarke-counter", () => "0")) + 1;
  try { localStorage.setItem("wegmarke-counter", String(next)); } catch { remembered.memory["wegmarke-counter"] = String(next); }
  return next;
}

function remembered(key, make) {
  remembered.memory ??= {};
  try {
    const value = localStorage.getItem(key) ?? make();
    localStorage.setItem(key, value);
    return value;
  } catch {
    return (remembered.memory[key] ??= make());
  }
}

// --- sending -------------------------------------------------------------------------------------------------------

// Returns "saved", "offline", "signed-out" or "closed".
async function send(entry, token) {
  const body = new URLSearchParams(entry.fields);
  body.set("csrf_token", token);
  body.set("device", device());
  body.set("counter", entry.counter);
  let response;
  try {
    response = await fetch(entry.url, {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000),
    });
  } catch {
    return { state: "offline" };
  }
  if (response.ok) return { state: "saved", answer: await response.json() };
  if (response.status === 409) return { state: "closed" };
  if (response.type === "opaqueredirect" || [400, 401, 403].includes(response.status)) return { state: "signed-out" };
  return { state: "offline" };
}

function sender(queue, attempt, token, show) {
  let running = null;
  let timer = null;
  async function flush() {
    clearTimeout(timer);
    for (;;) {
      const entry = queue.entries(attempt)[0];
      if (!entry) { show("saved"); return true; }
      show("saving");
      const { state, answer } = await send(entry, token());
      if (state === "saved" || state === "closed") {
        await queue.remove(entry);
        if (state === "closed") { show("closed"); return false; }
        show("answered", answer);
      } else {
        show(state);
        timer = setTimeout(start, RETRY_AFTER);
        return false;
      }
    }
  }
  function start() {
    running ??= flush().finally(() => { running = null; });
    return running;
  }
  addEventListener("online", start);
  return start;
}

// --- the page of a question ----------------------------------------------------------------------------------------

function takeQuiz(first, queue) {
  const attempt = first.dataset.attempt;
  const forms = new Map([[Number(first.dataset.number), first]]);
  let current = first;
  let dirty = null;
  const answered = new Set();
  collectAnswered(first);

  const token = () => first.querySelector("[name=csrf_token]").value;
  const flush = sender(queue, attempt, token, (state, answer) => {
    if (state === "answered") {
      answered.clear();
      answer.answered.forEach((number) => answered.add(number));
      paintSteps();
      return;
    }
    if (state === "saved" && dirty) return; // something newer is being typed
    const words = { saved: first.dataset.saved, saving: first.dataset.saving, offline: first.dataset.unsaved,
                    "signed-out": first.dataset.signedOut, closed: first.dataset.closed };
    say(words[state], state);
  });

  if (queue.entries(attempt).length) {
    // Answers from before the browser was closed: send them, then show the page as it stands.
    flush().then((done) => done && location.reload());
  }
  prepare(first);
  fetchOthers();

  function prepare(one) {
    one.addEventListener("input", () => note(one, TYPING_PAUSE));
    one.addEventListener("change", () => note(one, 0));
    one.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name !== "go") { // flagging and checking go the ordinary way, which needs a line
        if (!navigator.onLine) { event.preventDefault(); say(first.dataset.unsaved, "unsaved"); }
        return;
      }
      const number = { next: Number(one.dataset.number) + 1, summary: 0 }[button.value] ?? Number(button.value);
      event.preventDefault();
      go(one, number);
    });
  }

  function note(one, pause) {
    clearTimeout(dirty);
    say(first.dataset.saving, "saving"); // at once: an answer just changed must not stand beside "Saved"
    dirty = setTimeout(() => keep(one), pause);
  }

  async function keep(one) {
    clearTimeout(dirty);
    dirty = null;
    const fields = [...new FormData(one)].filter(([name]) => name.startsWith("answer"));
    await queue.put({ url: one.dataset.save, attempt, counter: nextCounter(), fields });
    const number = Number(one.dataset.number);
    if (fields.some(([, value]) => value !== "")) answered.add(number); else answered.delete(number);
    paintSteps();
    await flush();
  }

  async function go(from, number) {
    if (dirty) await Promise.race([keep(from), new Promise((resolve) => setTimeout(resolve, 300))]);
    if (number === 0) {
      if (await flush()) location.assign(`/attempts/${attempt}/summary`);
      return;
    }
    const next = forms.get(number);
    if (!next) { location.assign(`/attempts/${attempt}/questions/${number}`); return; }
    show(next, true);
  }

  function show(next, push) {
    const state = current.querySelector("[data-save-state]");
    current.replaceWith(next);
    const heading = document.querySelector("h1.quiz-count");
    heading.textContent = next.dataset.heading;
    document.title = next.dataset.title;
    const nextState = next.querySelector("[data-save-state]");
    nextState.textContent = state.textContent;
    nextState.dataset.state = state.dataset.state ?? "";
    current = next;
    paintSteps();
    if (push) history.pushState({ number: Number(next.dataset.number) }, "", `/attempts/${attempt}/questions/${next.dataset.number}`);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  addEventListener("popstate", (event) => {
    const next = forms.get(event.state?.number ?? Number(first.dataset.number));
    if (next && next !== current) show(next, false);
  });

  async function fetchOthers() {
    first.dataset.heading = document.querySelector("h1.quiz-count").textContent;
    first.dataset.title = document.title;
    for (const step of first.querySelectorAll("[data-step]")) {
      const number = Number(step.dataset.step);
      if (forms.has(number)) continue;
      try {
        const response = await fetch(`/attempts/${attempt}/questions/${number}`, { redirect: "error" });
        if (!response.ok) continue;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const other = document.adoptNode(page.querySelector("[data-quiz]"));
        other.dataset.heading = page.querySelector("h1.quiz-count").textContent;
        other.dataset.title = page.title;
        forms.set(number, other);
        prepare(other);
      } catch { /* the question is then opened the ordinary way */ }
    }
    first.dataset.loaded = "all";
  }

  function collectAnswered(one) {
    for (const step of one.querySelectorAll(".quiz-step.is-answered")) answered.add(Number(step.dataset.step));
  }

  function paintSteps() {
    for (const step of current.querySelectorAll("[data-step]")) {
      const done = answered.has(Number(step.dataset.step));
      step.classList.toggle("is-answered", done);
      const words = step.querySelector("[data-state]");
      if (words) words.textContent = done ? first.dataset.answered : first.dataset.open;
    }
  }

  function say(words, state) {
    const line = current.querySelector("[data-save-state]");
    if (line.textContent !== words) line.textContent = words;
    line.dataset.state = state;
  }

  addEventListener("beforeunload", (event) => {
    if (dirty || queue.entries(attempt).length) event.preventDefault();
  });
  tickClock();
}

// --- the summary ---------------------------------------------------------------------------------------------------

async function waitForAnswers(place, queue) {
  const attempt = place.dataset.attempt;
  if (!queue.entries(attempt).length) return;
  const line = place.querySelector("[data-save-state]");
  line.textContent = place.dataset.unsaved;
  const token = () => document.querySelector("[name=csrf_token]").value;
  const flush = sender(queue, attempt, token, () => {});
  if (await flush()) location.reload();
}

// --- the time that is left: the server's, shown every minute and every second of the last one ------------------------

function tickClock() {
  const line = document.querySelector("[data-due]");
  if (!line) return;
  const due = Date.parse(line.dataset.due);
  setInterval(() => {
    if (Date.now() > due + 25000) location.reload();
  }, 5000);
}
