// What waits is sent to the server, in its order; what the server says is told.

import { ageOf, device, isFlag } from "./queue.js";

export const RETRY_AFTER = 5000;
const CLOSED = ["submitted", "time_over", "voided"]; // why an attempt takes no answers (AttemptReason); it can be reopened

// The token that the server asks for. Signing in again, in another tab, makes this page's void; the page fetched anew has
// the one that counts then, and every form of this page gets it too. ``renew`` says whether there is one.
export function pageToken(forms) {
  let value = document.querySelector("[name=csrf_token]").value;
  return {
    get: () => value,
    async renew() {
      try {
        const response = await fetch(location.href);
        const page = response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
        if (!page?.querySelector("[data-quiz], [data-quiz-summary], [data-quiz-lost]")) return false; // it asks to sign in
        value = page.querySelector("[name=csrf_token]").value;
        for (const form of forms()) for (const field of form.querySelectorAll("[name=csrf_token]")) field.value = value;
        return true;
      } catch {
        return false; // still signed out, or without a line: the next try asks again
      }
    },
  };
}

function sizeOf(entry) {
  return entry.fields.reduce((sum, [, value]) => sum + (value instanceof File ? value.size : value.length), 0);
}

export function holdsFile(entry) {
  return entry.fields.some(([, value]) => value instanceof File);
}

// Returns the state "saved", "refused", "closed", "signed-out", "trouble" or "offline", with what the server said.
export async function send(entry, token) {
  const body = holdsFile(entry) ? new FormData() : new URLSearchParams();
  for (const [name, value] of entry.fields) body.append(name, value);
  body.set("csrf_token", token);
  body.set("device", device());
  body.set("counter", entry.counter);
  body.set("age", ageOf(entry)); // of two devices the later answer or flag counts, whichever arrives first
  if (entry.upon !== undefined) body.set("upon", entry.upon);
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

// Asks or tells the server something beside the answers, and says what became of it: "done", "closed", "signed-out" or
// "offline". Whether there is a line only the server's own answer shows: the browser knows of networks, not of what is behind.
export async function ask(url, fields, token) {
  const body = fields && new URLSearchParams({ ...fields, csrf_token: token.get() });
  let response;
  try {
    response = await fetch(url, {
      method: body ? "POST" : "GET", body, redirect: "manual", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000),
    });
  } catch {
    return { state: "offline" };
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return { state: "done", answer };
  const { code, message } = answer?.error ?? {};
  if (!code) return { state: "offline" };
  if (response.status === 409) return { state: CLOSED.includes(code) ? "closed" : "refused", message };
  if (![400, 401, 403, 404].includes(response.status)) return { state: "offline" };
  return body && await token.renew() ? ask(url, fields, { ...token, renew: async () => false }) : { state: "signed-out" };
}

// Sends what waits, in its order; files in a lane of their own, so that no answer waits behind ten megabytes.
export function sender(queue, attempt, token, tell) {
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
      let renewed = false;
      for (;;) {
        const entry = queue.entries(attempt).find(mine);
        if (!entry) {
          if (good && !queue.entries(attempt).length) tell({ state: "saved" });
          return good;
        }
        tell({ state: "saving" });
        const sent = await send(entry, token.get());
        if (["saved", "refused", "closed"].includes(sent.state)) {
          // A flag means nothing once the attempt is closed.
          if (sent.state === "closed" && !isFlag(entry)) await queue.setAside(entry);
          else await (sent.answer?.stale ? queue.setBeside(entry) : queue.remove(entry));
          renewed = false;
          if (sent.state !== "saved") good = false;
          tell({ ...sent, state: sent.state === "saved" ? "arrived" : sent.state, entry });
        } else {
          if (sent.state === "signed-out" && !renewed && await token.renew()) {
            renewed = true; // somebody has signed in again: this very answer can go now
            continue;
          }
          tell({ ...sent, entry });
          timer = setTimeout(one.start, RETRY_AFTER);
          return false;
        }
      }
    }
    const one = { start: () => (running ??= flush().finally(() => { running = null; })) };
    return one;
  }
}
