// Taking a quiz with a weak line. Every answer goes into a queue on this device first and leaves the queue only when the
// server has said that it has it. All questions are fetched at the start, so that one can go on without a line.

const RETRY_AFTER = 5000;
const TYPING_PAUSE = 700;
const LONGEST_WAIT = 4000; // who types without a pause is saved that often
const GRACE = 20; // seconds that the server still takes what was on its way
const DATABASE = "wegmarke-answers";
const CONTROLS = "input[name], select[name], textarea[name]"; // what is answered with; the buttons have names too
const CLOSED = ["submitted", "time_over", "voided"]; // why an attempt takes no answers (AttemptReason); it can be reopened

const form = document.querySelector("[data-quiz]");
const summary = document.querySelector("[data-quiz-summary]");
const lost = document.querySelector("[data-quiz-lost]");
const status = document.querySelector("[data-save-state]");

if (form || summary || lost) {
  const queue = await openQueue();
  if (form) takeQuiz(form, queue);
  else if (summary) waitForAnswers(summary, queue);
  else showLost(lost, queue);
}

// --- the queue -----------------------------------------------------------------------------------------------------

async function openQueue() {
  const memory = new Map();
  const fleeting = new Set(); // what only this page holds
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
  const all = (attempt) => [...memory.values()].filter((entry) => entry.attempt === attempt).sort((a, b) => a.counter - b.counter);
  // Sets a mark at an answer, unless another tab has put something newer there or has seen it arrive.
  const mark = async (entry, late) => {
    const marked = { ...entry, late };
    memory.set(entry.url, marked);
    if (!database) return;
    await run(database, "readwrite", (answers) => {
      const found = answers.get(entry.url);
      found.onsuccess = () => {
        const there = found.result;
        if (there ? there.counter <= entry.counter : fleeting.has(entry.url)) answers.put(marked);
        else if (memory.get(entry.url) === marked && there) memory.set(entry.url, there);
        else if (memory.get(entry.url) === marked) memory.delete(entry.url);
      };
      return found;
    }).then(() => fleeting.delete(entry.url), () => {});
  };
  return {
    all,
    // What is to be sent. An answer that came after the attempt was closed stays on the device, but is not sent.
    entries: (attempt) => all(attempt).filter((entry) => !entry.late),
    has: (url) => memory.has(url) && !memory.get(url).late,
    isKept: () => fleeting.size === 0,
    async put(entry) {
      memory.set(entry.url, entry);
      fleeting.add(entry.url);
      if (!database) return;
      await run(database, "readwrite", (answers) => answers.put(entry)).then(() => fleeting.delete(entry.url), () => {});
    },
    async setAside(entry) {
      if (memory.get(entry.url)?.counter === entry.counter) await mark(entry, true);
    },
    // The attempt is open again: what came too late is sent after all.
    async takeUp(attempt) {
      const taken = all(attempt).filter((entry) => entry.late);
      await Promise.all(taken.map((entry) => mark(entry, false)));
      return taken;
    },
    async remove(entry) {
      if (memory.get(entry.url)?.counter !== entry.counter) return; // something newer has come in meanwhile
      memory.delete(entry.url);
      fleeting.delete(entry.url);
      if (!database) return;
      await run(database, "readwrite", (answers) => {
        const found = answers.get(entry.url);
        // Another tab may have put something newer there.
        found.onsuccess = () => { if (found.result?.counter === entry.counter) answers.delete(entry.url); };
        return found;
      }).catch(() => {});
    },
    // Other tabs put answers there as well.
    async reload() {
      const stored = database && await run(database, "readonly", (answers) => answers.getAll()).catch(() => null);
      if (!stored) return;
      const there = new Set(stored.map((entry) => entry.url));
      for (const url of [...memory.keys()]) if (!there.has(url) && !fleeting.has(url)) memory.delete(url);
      for (const entry of stored) if ((memory.get(entry.url)?.counter ?? -1) <= entry.counter) memory.set(entry.url, entry);
    },
  };
}

function run(database, mode, action) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("answers", mode);
    const request = action(transaction.objectStore("answers"));
    transaction.oncomplete = () => resolve(request.result); // a request alone that went well can still be undone
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
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

// The token that the server asks for. Signing in again, in another tab, makes this page's void; the page fetched anew has
// the one that counts then, and every form of this page gets it too.
function pageToken(forms) {
  let value = document.querySelector("[name=csrf_token]").value;
  return {
    get: () => value,
    async renew() {
      try {
        const response = await fetch(location.href, { redirect: "error" });
        const page = response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
        if (!page?.querySelector("[data-quiz], [data-quiz-summary]")) return;
        value = page.querySelector("[name=csrf_token]").value;
        for (const form of forms()) for (const field of form.querySelectorAll("[name=csrf_token]")) field.value = value;
      } catch { /* still signed out, or without a line: the next try asks again */ }
    },
  };
}

// --- sending -------------------------------------------------------------------------------------------------------

function sizeOf(entry) {
  return entry.fields.reduce((sum, [, value]) => sum + (value instanceof File ? value.size : value.length), 0);
}

function holdsFile(entry) {
  return entry.fields.some(([, value]) => value instanceof File);
}

// Returns the state "saved", "refused", "closed", "signed-out", "trouble" or "offline", with what the server said.
async function send(entry, token) {
  const body = holdsFile(entry) ? new FormData() : new URLSearchParams();
  for (const [name, value] of entry.fields) body.append(name, value);
  body.set("csrf_token", token);
  body.set("device", device());
  body.set("counter", entry.counter);
  let response;
  try {
    // A line that carries ten kilobytes a second is slow, not gone.
    const patience = 15000 + sizeOf(entry) / 10;
    response = await fetch(entry.url, {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(patience),
    });
  } catch {
    return { state: "offline" };
  }
  if (response.type === "opaqueredirect" || [400, 401, 403].includes(response.status)) return { state: "signed-out" };
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer ? { state: "saved", answer } : { state: "offline" };
  const message = answer?.message ?? answer?.error?.message;
  // Only the product itself can say that an answer will never be taken; what stands between may say anything for a while.
  const ours = Boolean(answer?.error?.code);
  if (response.status === 422 && (ours || answer?.saved === false)) return { state: "refused", message };
  if (response.status === 413 && ours) return { state: "refused", message };
  if (response.status === 409 && ours) return { state: CLOSED.includes(answer.error.code) ? "closed" : "refused", message };
  if (response.status === 404 && ours) return { state: "signed-out" }; // somebody else signed in here: the attempt is not theirs
  return { state: "trouble" };
}

// Sends what waits, in its order; files in a lane of their own, so that no answer waits behind ten megabytes.
function sender(queue, attempt, token, tell) {
  const lanes = [lane((entry) => !holdsFile(entry)), lane(holdsFile)];
  const start = () => Promise.all(lanes.map((one) => one.start())).then((done) => done.every(Boolean));
  addEventListener("online", start);
  return start;

  function lane(mine) {
    let running = null;
    let timer = null;
    async function flush() {
      clearTimeout(timer);
      let good = true;
      for (;;) {
        const entry = queue.entries(attempt).find(mine);
        if (!entry) {
          if (good && !queue.entries(attempt).length) tell({ state: "saved" });
          return good;
        }
        tell({ state: "saving" });
        const sent = await send(entry, token.get());
        if (["saved", "refused", "closed"].includes(sent.state)) {
          await (sent.state === "closed" ? queue.setAside(entry) : queue.remove(entry));
          if (sent.state !== "saved") good = false;
          tell({ ...sent, state: sent.state === "saved" ? "arrived" : sent.state, entry });
        } else {
          tell({ ...sent, entry });
          if (sent.state === "signed-out") await token.renew();
          timer = setTimeout(one.start, RETRY_AFTER);
          return false;
        }
      }
    }
    const one = { start: () => (running ??= flush().finally(() => { running = null; })) };
    return one;
  }
}

// --- the questions ---------------------------------------------------------------------------------------------------

function takeQuiz(first, queue) {
  const attempt = first.dataset.attempt;
  const onePage = "onePage" in first.dataset;
  const questions = new Map(); // by number: {number, place, form, timer, since, stamp}
  const answered = new Set();
  let current = first;
  for (const step of first.querySelectorAll(".quiz-step.is-answered")) answered.add(Number(step.dataset.step));

  const clock = tickClock();
  const token = pageToken(() => [document, ...[...questions.values()].map((one) => one.form)]);
  const typing = () => [...questions.values()].some((one) => one.timer);
  const flush = sender(queue, attempt, token, ({ state, answer, message, entry }) => {
    if (state === "arrived") return arrived(entry, answer);
    if (state === "saved" && typing()) return; // something newer is being typed
    if (state === "refused" || state === "closed") note(entry, message ?? first.dataset.closed);
    const words = { refused: message, closed: message ?? first.dataset.closed, "signed-out": first.dataset.signedOut }[state];
    const kept = queue.isKept() || !["offline", "trouble"].includes(state);
    say(words ?? (kept ? first.dataset[state] : first.dataset.keepOpen), state);
  });

  queue.takeUp(attempt);
  if (queue.entries(attempt).length) {
    // Answers from before the browser was closed: send them, then show the page as it stands.
    flush().then((done) => done && location.reload());
  }
  // The server takes answers of this attempt after all: what it was too late for before is sent now.
  const takeUpLate = async () => {
    const taken = await queue.takeUp(attempt);
    for (const entry of taken) {
      const question = questions.get(entry.number);
      if (question && !question.timer) restore(question, entry);
    }
    if (taken.length) await flush();
  };
  adopt(first);
  if (onePage) first.dataset.loaded = "all"; else fetchOthers();
  for (const name of ["focus", "pageshow"]) addEventListener(name, () => lookAround());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepAll(); else lookAround();
  });
  addEventListener("beforeunload", (event) => {
    if (typing() || queue.entries(attempt).length) event.preventDefault();
  });

  // Takes a form and its questions over.
  function adopt(one) {
    for (const place of one.querySelectorAll("[data-question]")) {
      const number = Number(place.dataset.question);
      const question = { number, place, form: one, timer: null, since: null, stamp: Number(place.dataset.stamp) };
      questions.set(number, question);
      const waiting = queue.entries(attempt).find((entry) => entry.url === place.dataset.save);
      if (waiting) restore(question, waiting);
      else if ("unsaved" in place.dataset) saveRestored(question);
    }
    one.addEventListener("input", (event) => changed(event, TYPING_PAUSE));
    one.addEventListener("change", (event) => changed(event, 0));
    one.addEventListener("submit", (event) => pressed(event, one));
  }

  // What waits on this device is newer than what the page came with.
  function restore({ place }, entry) {
    for (const control of place.querySelectorAll(CONTROLS)) {
      const name = control.name.replace(place.dataset.field, "answer");
      const values = entry.fields.filter(([one]) => one === name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
      else if (control.type !== "file") control.value = values[0] ?? "";
      else if (values.length) waitingFile({ place }, values[0]);
    }
  }

  // What the server filled in again after the sign-in had expired is saved at once, and only once.
  function saveRestored(question) {
    question.place.querySelector("[data-note]").textContent = "";
    history.replaceState(history.state, "", location.pathname);
    keep(question, [["restored", "1"]]);
  }

  function questionOf(element) {
    return questions.get(Number(element.closest("[data-question]")?.dataset.question));
  }

  // --- saving

  function changed(event, pause) {
    const question = questionOf(event.target);
    if (!question || !event.target.name || tooLarge(question, event.target)) return;
    // Leaving a field announces what has been kept already; a line that changed then would move the pressed button away.
    if (event.type === "change" && !question.timer && JSON.stringify(fieldsOf(question)) === question.kept) return;
    clearTimeout(question.timer);
    say(first.dataset.saving, "saving"); // at once: an answer just changed must not stand beside "Saved"
    question.since ??= performance.now();
    const left = LONGEST_WAIT - (performance.now() - question.since);
    question.timer = setTimeout(() => keep(question), Math.max(0, Math.min(pause, left)));
  }

  function fieldsOf({ form: own, place }) {
    const { field } = place.dataset;
    return [...new FormData(own)]
      .filter(([name, value]) => (name === field || name.startsWith(`${field}-`)) && (!(value instanceof File) || value.name))
      .map(([name, value]) => [`answer${name.slice(field.length)}`, value]);
  }

  // What was answered as a person reads it, for the case that it never arrives.
  function wordsOf({ place }) {
    const label = (control) => control.labels?.[0]?.textContent.trim() ?? "";
    return [...place.querySelectorAll(CONTROLS)].flatMap((control) => {
      if (["radio", "checkbox"].includes(control.type)) return control.checked ? [label(control)] : [];
      if (control.type === "file") return [...control.files].map((file) => file.name);
      const text = control.tagName === "SELECT" ? control.value && control.selectedOptions[0].textContent.trim() : control.value.trim();
      return text ? [control.tagName === "SELECT" ? `${label(control)}: ${text}` : text] : [];
    });
  }

  async function keep(question, more = []) {
    clearTimeout(question.timer);
    question.timer = question.since = null;
    const fields = fieldsOf(question);
    const file = fields.find(([, value]) => value instanceof File)?.[1];
    const content = file ? null : JSON.stringify(fields);
    if (content && content === question.kept) {
      await flush();
      return;
    }
    question.kept = content;
    await queue.put({ url: question.place.dataset.save, attempt, number: question.number, counter: nextCounter(), fields: [...fields, ...more], at: Date.now(), words: wordsOf(question) });
    if (file) waitingFile(question, file);
    if (fields.some(([, value]) => value !== "")) answered.add(question.number); else answered.delete(question.number);
    paintSteps();
    await flush();
  }

  const keepAll = () => Promise.all([...questions.values()].filter((one) => one.timer).map((one) => keep(one)));

  function arrived(entry, answer) {
    answered.clear();
    answer.answered.forEach((number) => answered.add(number));
    clock.set(answer.seconds_left);
    takeUpLate();
    const mine = questions.get(entry.number);
    const newer = queue.has(entry.url);
    // A repeated answer that another device has overtaken keeps its old stamp, so that the newer answer is fetched below.
    if (mine && !newer && !answer.stale) mine.stamp = answer.stamps[mine.number] ?? 0;
    if (mine && !newer && (holdsFile(entry) || entry.fields.some(([name]) => name === "answer-remove"))) refresh(mine, "");
    compare(answer.stamps);
    paintSteps();
  }

  // --- another device on the same attempt: the later answer stands, and whoever lost sees it

  async function lookAround() {
    try {
      const response = await fetch(first.dataset.standing, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!response.ok) return;
      const answer = await response.json();
      clock.set(answer.seconds_left);
      takeUpLate();
      answered.clear();
      answer.answered.forEach((number) => answered.add(number));
      for (const entry of queue.entries(attempt)) answered.add(entry.number);
      compare(answer.stamps);
      paintSteps();
    } catch { /* without a line there is nothing to compare */ }
  }

  function compare(stamps) {
    for (const [number, stamp] of Object.entries(stamps)) {
      const question = questions.get(Number(number));
      if (!question || stamp <= question.stamp || question.timer || queue.has(question.place.dataset.save)) continue;
      question.stamp = stamp;
      refresh(question, first.dataset.elsewhere).then(() => say(first.dataset.elsewhereSaid.replace("{number}", number), "elsewhere"));
    }
  }

  async function refresh(question, words) {
    const said = () => question.place.querySelector("[data-note]").textContent;
    const before = said();
    const page = await fetchPage(question.place.dataset.at);
    const newer = page?.querySelector(`[data-question="${question.number}"]`);
    if (!newer || question.timer) return;
    if (said() !== before) words = said(); // what was said while the page was on its way is the newer news
    const focused = question.place.contains(document.activeElement) ? document.activeElement.id : null;
    document.adoptNode(newer);
    // A person may be choosing a file right now: the dialogue belongs to this very control.
    const chooser = question.place.querySelector("[type=file]");
    if (chooser) newer.querySelector("[type=file]")?.replaceWith(chooser);
    question.place.replaceChildren(...newer.childNodes);
    question.stamp = Math.max(question.stamp, Number(newer.dataset.stamp));
    question.kept = null;
    question.place.querySelector("[data-note]").textContent = words;
    document.dispatchEvent(new CustomEvent("question-made", { detail: question.place }));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  async function fetchPage(url) {
    try {
      const response = await fetch(url);
      return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    } catch {
      return null; // the question is then opened the ordinary way
    }
  }

  // --- files

  function tooLarge(question, control) {
    const most = Number(question.place.querySelector("[data-most]")?.dataset.most);
    const file = control.type === "file" && control.files[0];
    if (!file || file.size <= most * 1024 * 1024) return false;
    const words = control.closest("[data-too-large]").dataset.tooLarge.replace("{name}", file.name);
    question.place.querySelector("[data-note]").textContent = words;
    say(words, "refused");
    control.value = "";
    return true;
  }

  function waitingFile(question, file) {
    const line = question.place.querySelector("[data-file-now]");
    line.textContent = question.place.querySelector("[data-waiting]").dataset.waiting.replace("{name}", file.name);
    question.place.querySelector("[data-note]").textContent = "";
    question.place.querySelector("[type=file]").value = ""; // it is in the queue; the form must not send it again
  }

  function note(entry, words) {
    const question = questions.get(entry.number);
    if (!question) return;
    question.place.querySelector("[data-note]").textContent = words;
    if (holdsFile(entry)) refresh(question, words);
  }

  // --- going from question to question

  function pressed(event, one) {
    const button = event.submitter;
    if (!button || button.name !== "go") { // flagging and checking go the ordinary way, which needs a line
      if (!navigator.onLine) { event.preventDefault(); say(first.dataset.offline, "offline"); }
      return;
    }
    event.preventDefault();
    if (button.value === "stay") { keepAll().then(flush); return; }
    go({ next: Number(one.dataset.number) + 1, summary: 0 }[button.value] ?? Number(button.value));
  }

  async function go(number) {
    if (typing()) await Promise.race([keepAll(), new Promise((resolve) => setTimeout(resolve, 300))]);
    if (number === 0) {
      if (await flush()) location.assign(`/attempts/${attempt}/summary`);
      return;
    }
    const next = questions.get(number)?.form;
    if (!next && !navigator.onLine) { say(first.dataset.offline, "offline"); return; }
    if (!next) { location.assign(`/attempts/${attempt}/questions/${number}`); return; }
    show(next, true);
  }

  function show(next, push) {
    current.replaceWith(next);
    const heading = document.querySelector("h1.quiz-count");
    heading.textContent = next.dataset.heading;
    document.title = next.dataset.title;
    current = next;
    paintSteps();
    if (push) history.pushState({ number: Number(next.dataset.number) }, "", `/attempts/${attempt}/questions/${next.dataset.number}`);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo({ top: 0 });
    if (status.dataset.state === "elsewhere") say(first.dataset.saved, "saved");
  }

  addEventListener("popstate", (event) => {
    const next = questions.get(event.state?.number ?? Number(first.dataset.number))?.form;
    if (next && next !== current) show(next, false);
  });

  async function fetchOthers() {
    first.dataset.heading ??= document.querySelector("h1.quiz-count").textContent;
    first.dataset.title ??= document.title;
    const steps = first.querySelectorAll("[data-step]");
    for (const step of steps) {
      const number = Number(step.dataset.step);
      if (questions.has(number)) continue;
      const page = await fetchPage(`/attempts/${attempt}/questions/${number}`);
      const fetched = page?.querySelector("[data-quiz]");
      if (!fetched) continue;
      const other = document.adoptNode(fetched);
      other.dataset.heading = page.querySelector("h1.quiz-count").textContent;
      other.dataset.title = page.title;
      adopt(other);
      document.dispatchEvent(new CustomEvent("question-made", { detail: other }));
    }
    if (questions.size === steps.length) first.dataset.loaded = "all";
    else setTimeout(fetchOthers, RETRY_AFTER);
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
    if (words && status.textContent !== words) status.textContent = words;
    status.dataset.state = state;
  }
}

// --- the summary ---------------------------------------------------------------------------------------------------

function waitForAnswers(place, queue) {
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
    say(words[state] ?? place.dataset[state], state);
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
    if (!await mustWait()) form.submit();
  });
  addEventListener("focus", mustWait);
  mustWait();
}

// --- the result: what never arrived, and what may not have -----------------------------------------------------------------

async function showLost(template, queue) {
  const { attempt, at, undated, forgotten } = template.dataset;
  const unknown = [];
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

// --- the time that is left: counted on from what the server said last, whatever this device's clock shows ----------------

function tickClock() {
  const line = document.querySelector("[data-seconds-left]");
  const said = document.querySelector("[data-time-said]");
  if (!line) return { set() {} };
  let left = Number(line.dataset.secondsLeft);
  let from = performance.now();
  let before = left;
  const words = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const { hours, minutes: many, minute, seconds: few, over } = line.dataset;
    if (minutes >= 120) return hours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
    if (minutes >= 2) return many.replace("{m}", minutes);
    if (minutes === 1) return minute;
    return seconds > 0 ? few.replace("{s}", seconds) : over;
  };
  setInterval(() => {
    const now = Math.ceil(left - (performance.now() - from) / 1000);
    const text = words(Math.max(0, now));
    if (line.textContent !== text) line.textContent = text;
    for (const threshold of [600, 300, 60, 0]) if (before > threshold && now <= threshold) said.textContent = text;
    before = now;
    if (now < -GRACE - 5) location.reload();
  }, 1000);
  return { set(seconds) { if (typeof seconds === "number") { left = seconds; from = performance.now(); before = Math.max(before, seconds); } } };
}
