// The questions: what is answered goes into the queue, and the page goes on without asking the server.

import { tickClock } from "./clock.js";
import { offerEarlier } from "./earlier.js";
import { endOf } from "./end.js";
import { flagEntry, flagUrl, isFlag, moment, nextCounter } from "./queue.js";
import { RETRY_AFTER, ask, holdsFile, pageToken, sender } from "./sending.js";

const TYPING_PAUSE = 700;
const LONGEST_WAIT = 4000; // who types without a pause is saved that often
const LOOK_EVERY = 20_000;
const LOOKED_AT = 600_000; // so long after the last touch somebody is taken to be there
const CONTROLS = "input[name], select[name], textarea[name]"; // what is answered with; the buttons have names too

const status = document.querySelector("[data-save-state]");

export function takeQuiz(first, queue) {
  const attempt = first.dataset.attempt;
  const onePage = "onePage" in first.dataset;
  const questions = new Map(); // by number: {number, place, form, timer, since, stamp}
  const [answered, flagged] = ["is-answered", "is-flagged"].map(
    (state) => new Set([...first.querySelectorAll(`.quiz-step.${state}`)].map((step) => Number(step.dataset.step))));
  let current = first;
  let again = null;

  const end = endOf({ first, queue, attempt, questions, answered, say, keepAll: () => keepAll(), flush: () => flush(), setClock: (left) => clock.set(left), goOn });
  const clock = tickClock(end);
  const token = pageToken(() => [document, ...[...questions.values()].map((one) => one.form)]);
  const typing = () => [...questions.values()].some((one) => one.timer);
  const flush = sender(queue, attempt, token, ({ state, answer, message, entry }) => {
    if (state === "arrived") return arrived(entry, answer);
    if (state === "saved" && typing()) return; // something newer is being typed
    if (state === "refused" && holdsFile(entry)) return refuseFile(entry, message);
    if (state === "refused" || state === "closed") note(entry, message ?? first.dataset.closed);
    if (state === "closed" && isFlag(entry) && !queue.entries(attempt).length) return end.leave();
    if (end.isOver() && !["refused", "closed", "signed-out"].includes(state)) return end.paint();
    // What was wanted and needs a line is said until something else happens than that it still fails.
    if (status.dataset.state === "needs-line" && ["saving", "offline"].includes(state)) return;
    const words = { refused: message, closed: message ?? first.dataset.closed, "signed-out": first.dataset.signedOut }[state];
    const kept = queue.isKept() || !["offline", "trouble"].includes(state);
    const flagsOnly = ["offline", "trouble"].includes(state) && queue.entries(attempt).every(isFlag);
    say(words ?? (kept ? first.dataset[flagsOnly ? "flagWaits" : state] : first.dataset.keepOpen), state);
  });

  queue.takeUp(attempt);
  if (queue.entries(attempt).length) {
    // Answers from before the browser was closed: send them, then show the page as it stands.
    flush().then((done) => done && location.reload());
  } else if (queue.allEarlier(attempt).length) {
    sayNumbers(first.dataset.earlierSaid, queue.allEarlier(attempt), "elsewhere");
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
  // Who has this page before them while they answer on another device sees that as well; one that is left alone asks no more.
  let touched = Date.now();
  for (const name of ["keydown", "pointerdown"]) addEventListener(name, () => { touched = Date.now(); }, true);
  setInterval(() => {
    if (document.visibilityState === "visible" && Date.now() - touched < LOOKED_AT) lookAround();
  }, LOOK_EVERY);
  addEventListener("beforeunload", (event) => {
    if (!end.isLeaving() && (typing() || queue.entries(attempt).length)) event.preventDefault();
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
      showWaitingFlag(question);
      showEarlier(question);
    }
    if (end.isOver()) end.lock();
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
    if (!question || !event.target.name || end.isOver() || tooLarge(question, event.target)) return;
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
    await put(question, [...fields, ...more], wordsOf(question));
    if (file) waitingFile(question, file);
    if (fields.some(([, value]) => value !== "")) answered.add(question.number); else answered.delete(question.number);
    paintSteps();
    await flush();
  }

  function put(question, fields, words) {
    const { number, stamp, place } = question;
    return queue.put({ url: place.dataset.save, attempt, number, counter: nextCounter(), fields, words, upon: stamp, ...moment() });
  }

  const keepAll = () => Promise.all([...questions.values()].filter((one) => one.timer).map((one) => keep(one)));

  function arrived(entry, answer) {
    answered.clear();
    answer.answered.forEach((number) => answered.add(number));
    clock.set(answer.seconds_left);
    takeUpLate();
    const mine = isFlag(entry) ? null : questions.get(entry.number);
    const newer = queue.has(entry.url);
    // An answer that another device has overtaken keeps its old stamp, so that the newer answer is fetched below.
    if (mine && !newer && !answer.stale) mine.stamp = answer.stamps[mine.number] ?? 0;
    if (mine && !newer && (holdsFile(entry) || entry.fields.some(([name]) => name === "answer-remove"))) refresh(mine, "");
    compare(answer.stamps);
    paintSteps();
  }

  // --- another device on the same attempt: the later answer stands, and whoever lost sees it

  async function lookAround() {
    const { state, answer } = await ask(first.dataset.standing);
    if (state !== "done") { // without a line there is nothing to compare
      if (state === "closed" && !typing() && !queue.entries(attempt).length) end.leave(); // handed in elsewhere, perhaps
      else if (status.dataset.state === "needs-line") needLine();
      return;
    }
    clock.set(answer.seconds_left);
    takeUpLate();
    answered.clear();
    answer.answered.forEach((number) => answered.add(number));
    for (const entry of queue.entries(attempt)) if (!isFlag(entry)) answered.add(entry.number);
    compare(answer.stamps);
    paintSteps();
    if (queue.entries(attempt).length) {
      if (status.dataset.state === "needs-line") say(first.dataset.saving, "saving"); // there is a line again
      flush();
    } else if (["needs-line", "signed-out"].includes(status.dataset.state)) say(first.dataset.saved, "saved");
  }

  function compare(stamps) {
    for (const [number, stamp] of Object.entries(stamps)) {
      const question = questions.get(Number(number));
      if (!question || stamp <= question.stamp || question.fetched || question.timer || queue.has(question.place.dataset.save)) continue;
      question.fetched = refresh(question, first.dataset.elsewhere).then((shown) => {
        question.fetched = null;
        if (shown) say(first.dataset.elsewhereSaid.replace("{number}", number), "elsewhere");
      });
    }
  }

  // What was answered here before the later answer that stands: the person has both, and chooses.
  function showEarlier(question) {
    const url = question.place.dataset.save;
    const entry = queue.earlier(url);
    if (!entry || queue.has(url)) return;
    if (JSON.stringify(fieldsOf(question)) === JSON.stringify(entry.fields)) { queue.remove(entry); return; }
    offerEarlier(question.place, entry, async (use) => {
      await queue.remove(entry);
      question.place.querySelector("[data-note]").textContent = "";
      if (use) {
        clearTimeout(question.timer);
        question.timer = question.since = question.kept = null;
        await put(question, entry.fields, entry.words);
        restore(question, entry);
        answered.add(question.number);
        document.dispatchEvent(new CustomEvent("question-made", { detail: question.place }));
        await flush();
      }
    });
  }

  async function refresh(question, words) {
    const said = () => question.place.querySelector("[data-note]").textContent;
    const before = said();
    const page = await fetchPage(question.place.dataset.at);
    const newer = page?.querySelector(`[data-question="${question.number}"]`);
    if (!newer || question.timer) return false; // what is written now goes before; it is looked at again afterwards
    if (said() !== before) words = said(); // what was said while the page was on its way is the newer news
    const focused = question.place.contains(document.activeElement) ? document.activeElement.id : null;
    document.adoptNode(newer);
    // A person may be choosing a file right now: the dialogue belongs to this very control.
    const chooser = question.place.querySelector("[type=file]");
    if (chooser) newer.querySelector("[type=file]")?.replaceWith(chooser);
    question.place.replaceChildren(...newer.childNodes);
    question.stamp = Math.max(question.stamp, Number(newer.dataset.stamp));
    const taken = page.querySelector(`[data-step="${question.number}"]`).classList.contains("is-answered");
    if (taken) answered.add(question.number); else answered.delete(question.number);
    paintSteps();
    question.kept = null;
    question.place.querySelector("[data-note]").textContent = words;
    showEarlier(question);
    showWaitingFlag(question);
    document.dispatchEvent(new CustomEvent("question-made", { detail: question.place }));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (end.isOver()) end.lock();
    return true;
  }

  async function fetchPage(url) {
    try {
      const response = await fetch(url);
      return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    } catch {
      return null;
    }
  }

  // --- files

  function tooLarge(question, control) {
    const most = Number(question.place.querySelector("[data-most]")?.dataset.most);
    const file = control.type === "file" && control.files[0];
    if (!file || file.size <= most * 1024 * 1024) return false;
    const words = control.closest("[data-too-large]").dataset.tooLarge.replace("{name}", file.name);
    sayAtFile(question, words);
    say(first.dataset.notSaved, "refused");
    control.value = "";
    return true;
  }

  // The server has not taken a file: the question shows what it has, and why at the field.
  async function refuseFile(entry, words) {
    say(first.dataset.notSaved, "refused");
    const question = questions.get(entry.number);
    if (!question) return;
    await refresh(question, "");
    if (!queue.has(entry.url)) sayAtFile(question, words); // otherwise another file has been chosen meanwhile
  }

  function sayAtFile({ place }, words) {
    const line = place.querySelector("[data-file-error]");
    line.querySelector(".kern-body").textContent = words;
    line.hidden = !words;
    place.querySelector("[type=file]").ariaInvalid = words ? "true" : null;
  }

  function waitingFile(question, file) {
    sayAtFile(question, "");
    const line = question.place.querySelector("[data-file-now]");
    line.textContent = question.place.querySelector("[data-waiting]").dataset.waiting.replace("{name}", file.name);
    question.place.querySelector("[data-note]").textContent = "";
    question.place.querySelector("[type=file]").value = ""; // it is in the queue; the form must not send it again
  }

  function note(entry, words) {
    const question = questions.get(entry.number);
    if (!question) return;
    if (isFlag(entry)) {
      if (!queue.has(entry.url)) paintFlag(question, !entry.flag);
      return;
    }
    question.place.querySelector("[data-note]").textContent = words;
    if (holdsFile(entry)) refresh(question, words);
  }

  // --- going from question to question

  function pressed(event, one) {
    event.preventDefault(); // nothing leaves the page before the server has answered: the loaded attempt would be lost
    const button = event.submitter;
    if (!button) return;
    if (button.name !== "go") press(button);
    else if (button.value === "stay") keepAll().then(flush);
    else go({ next: Number(one.dataset.number) + 1, summary: 0 }[button.value] ?? Number(button.value));
  }

  async function go(number) {
    if (typing()) await Promise.race([keepAll(), new Promise((resolve) => setTimeout(resolve, 300))]);
    if (number === 0) {
      if (await allSent()) await leaveFor(`/attempts/${attempt}/summary`);
      return;
    }
    const next = questions.get(number)?.form ?? await fetchForm(number);
    if (next) show(next, true); else await leaveFor(`/attempts/${attempt}/questions/${number}`);
  }

  // Sends what waits before something that needs the server; where that fails for want of a line, it says so.
  async function allSent() {
    const done = await flush();
    if (!done && queue.isKept() && ["offline", "needs-line"].includes(status.dataset.state)) needLine();
    return done;
  }

  async function leaveFor(url) {
    const { state } = await ask(first.dataset.standing);
    if (state === "closed") end.leave();
    else if (state === "done") location.assign(url);
    else if (state === "signed-out") say(first.dataset.signedOut, state);
    else needLine();
  }

  // What was wanted needs the server. It is asked again until it answers, so that this is not said for longer than it is true.
  function needLine() {
    say(first.dataset.needsLine, "needs-line");
    clearTimeout(again);
    again = setTimeout(lookAround, RETRY_AFTER);
  }

  // Has an answer checked, or flags a question.
  async function press({ name, value }) {
    const question = questions.get(Number(value));
    const kept = keepAll();
    if (name !== "check") return flagQuestion(question, name === "flag");
    if (!(await kept.then(allSent))) return;
    const { state, message } = await ask(`/attempts/${attempt}/pressed`, { [name]: value }, token);
    if (state === "closed") end.leave();
    else if (state === "refused") say(message, state);
    else if (state === "signed-out") say(first.dataset.signedOut, state);
    else if (state !== "done") needLine();
    else await showChecked(question);
  }

  // A flag is kept on this device and sent behind the answers that were given before it.
  async function flagQuestion(question, flag) {
    say(first.dataset.saving, "saving");
    paintFlag(question, flag);
    document.querySelector("[data-announced]").textContent = flag ? first.dataset.flaggedSaid : first.dataset.unflaggedSaid;
    await queue.put(flagEntry(attempt, question.number, flag));
    await flush();
  }

  function showWaitingFlag(question) {
    const entry = queue.entries(attempt).find(({ url }) => url === flagUrl(attempt, question.number));
    if (entry) paintFlag(question, entry.flag);
  }

  function paintFlag(question, flag) {
    if (flag) flagged.add(question.number); else flagged.delete(question.number);
    for (const button of question.form.querySelectorAll("[name=flag], [name=unflag]")) {
      if (Number(button.value) !== question.number) continue;
      button.name = flag ? "unflag" : "flag";
      button.querySelector(".kern-label").textContent = flag ? first.dataset.unflag : first.dataset.flag;
    }
    const badge = question.place.querySelector("[data-flagged]");
    if (badge) badge.hidden = !flag;
    paintSteps();
  }

  async function showChecked(question) {
    if (onePage) {
      if (!await refresh(question, "")) return needLine();
    } else {
      const checked = await fetchForm(question.number);
      if (!checked) return needLine();
      if (current === question.form) show(checked, false);
    }
    const heading = document.getElementById(`checked-${question.number}`);
    if (heading) heading.tabIndex = -1;
    heading?.focus();
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
    // On a phone, what stands above it would push the question out of view.
    const { top } = heading.getBoundingClientRect();
    if (top < 0 || top > window.innerHeight / 3) heading.scrollIntoView({ block: "start" });
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
      await fetchForm(number);
    }
    if (questions.size < steps.length) { setTimeout(fetchOthers, RETRY_AFTER); return; }
    for (const { form } of questions.values()) form.dataset.loaded = "all";
  }

  // Fetches a question's page and takes its form over, in place of what there was of it.
  async function fetchForm(number) {
    const page = await fetchPage(`/attempts/${attempt}/questions/${number}`);
    const fetched = page?.querySelector("[data-quiz]");
    if (!fetched) return null;
    const other = document.adoptNode(fetched);
    other.dataset.heading = page.querySelector("h1.quiz-count").textContent;
    other.dataset.title = page.title;
    if (first.dataset.loaded) other.dataset.loaded = first.dataset.loaded;
    adopt(other);
    document.dispatchEvent(new CustomEvent("question-made", { detail: other }));
    return other;
  }

  function paintSteps() {
    for (const step of current.querySelectorAll("[data-step]")) {
      const done = answered.has(Number(step.dataset.step));
      step.classList.toggle("is-answered", done);
      step.classList.toggle("is-flagged", flagged.has(Number(step.dataset.step)));
      step.querySelector("[data-state]").textContent = done ? first.dataset.answered : first.dataset.open;
      step.querySelector("[data-flag-state]").textContent = flagged.has(Number(step.dataset.step)) ? `, ${first.dataset.flagged}` : "";
    }
  }

  // The end was moved: answers are taken again.
  function goOn() {
    say(queue.entries(attempt).length ? first.dataset.saving : first.dataset.saved, "saved");
    flush();
  }

  function sayNumbers(words, entries, state) {
    const numbers = new Intl.ListFormat(document.documentElement.lang).format(entries.map((entry) => String(entry.number)));
    say(words.replace("{numbers}", numbers), state);
  }

  function say(words, state) {
    if (words && status.textContent !== words) status.textContent = words;
    status.dataset.state = state;
  }
}
