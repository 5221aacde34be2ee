// Answers and flags wait on this device, in IndexedDB, until the server has said that it has them.

const DATABASE = "wegmarke-answers";
const FLAG = "#flag-"; // behind the address to which flags are sent: each question has its own entry
const EARLIER = "#earlier"; // beside an answer's address: what was answered here before the later answer that stands

export async function openQueue() {
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
  const of = (attempt) => [...memory.values()].filter((entry) => entry.attempt === attempt);
  const all = (attempt) => of(attempt).filter((entry) => !entry.earlier).sort((a, b) => a.counter - b.counter);
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
  const put = async (entry) => {
    memory.set(entry.url, entry);
    fleeting.add(entry.url);
    if (!database) return;
    await run(database, "readwrite", (answers) => answers.put(entry)).then(() => fleeting.delete(entry.url), () => {});
  };
  const remove = async (entry) => {
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
  };
  return {
    all,
    put,
    remove,
    // What is to be sent. An answer that came after the attempt was closed stays on the device, but is not sent.
    entries: (attempt) => all(attempt).filter((entry) => !entry.late),
    has: (url) => memory.has(url) && !memory.get(url).late,
    isKept: () => fleeting.size === 0,
    // An answer that arrived after a later one of another device: it is kept until the person has chosen.
    async setBeside(entry) {
      if (memory.get(entry.url)?.counter === entry.counter) await put({ ...entry, url: entry.url + EARLIER, earlier: true });
      await remove(entry);
    },
    earlier: (url) => memory.get(url + EARLIER),
    allEarlier: (attempt) => of(attempt).filter((entry) => entry.earlier).sort((a, b) => a.number - b.number),
    async setAside(entry) {
      if (memory.get(entry.url)?.counter === entry.counter) await mark(entry, true);
    },
    // The attempt is open again: what came too late is sent after all.
    async takeUp(attempt) {
      const taken = all(attempt).filter((entry) => entry.late);
      await Promise.all(taken.map((entry) => mark(entry, false)));
      return taken;
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

// A flag waits as an answer does, and is told from one by ``flag``: whether the question is to have it.
export function flagEntry(attempt, number, flag) {
  const url = flagUrl(attempt, number);
  return { url, attempt, number, flag, counter: nextCounter(), fields: [[flag ? "flag" : "unflag", String(number)]], ...moment() };
}

export const flagUrl = (attempt, number) => `/attempts/${attempt}/pressed${FLAG}${number}`;
export const isFlag = (entry) => entry.flag !== undefined;

// When an answer is given: by the clock on the wall, and by one that is never set but stops with the page.
export function moment() {
  return { at: Date.now(), page: performance.timeOrigin, since: performance.now() };
}

// For how many seconds an answer has waited. Whichever clock counted more is believed: one may have stood still meanwhile.
export function ageOf({ at, page, since }) {
  const own = page === performance.timeOrigin ? performance.now() - since : 0;
  return Math.floor(Math.max(0, at ? Date.now() - at : 0, own) / 1000);
}

function run(database, mode, action) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("answers", mode);
    const request = action(transaction.objectStore("answers"));
    transaction.oncomplete = () => resolve(request.result); // a request alone that went well can still be undone
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
  });
}

export function device() {
  return remembered("wegmarke-device", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  });
}

export function nextCounter() {
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
