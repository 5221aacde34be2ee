// The page in a cohort's archive: checks the manifest's signature and dropped files, from a folder and without a network.
(() => {
  const find = (name) => document.querySelector(`[data-${name}]`);
  const { manifest, key, signature } = JSON.parse(document.getElementById("data").textContent);
  const { documents, missing, as_of: asOf } = JSON.parse(manifest);
  const results = find("results");
  const states = JSON.parse(results.dataset.stateWords);
  const intact = JSON.parse(results.dataset.intactWords);
  const subtle = globalThis.crypto?.subtle;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  const checkManifest = async () => {
    // Some browsers have no cryptography in pages from a folder, and none has it without https.
    if (!subtle) return "without";
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const imported = await subtle.importKey("jwk", key, algorithm, false, ["verify"]);
    return await subtle.verify(algorithm, imported, bytes(signature), new TextEncoder().encode(manifest)) ? "good" : "bad";
  };
  const checked = checkManifest().catch(() => "unable");
  checked.then((state) => {
    find("manifest").dataset.state = { good: "valid", bad: "bad" }[state] ?? "warning";
    find("words").textContent = ({ good: "✓ ", bad: "✗ " }[state] ?? "△ ") + find("words").dataset[state];
  });

  // A document that was corrected twice leads to the newest one at once.
  const next = new Map(documents.filter((one) => one.replaces).map((one) => [one.replaces, one]));
  const newest = (one) => next.has(one.serial) ? newest(next.get(one.serial)) : one;
  const successor = (one) => newest(one) === one ? ""
    : `, ${results.dataset.newest} ${newest(one).serial} (${states[newest(one).state]})`;

  const day = (text) => new Date(text).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  find("as-of").textContent = day(asOf);
  for (const one of documents) {
    const row = find("documents").insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = one.serial;
    row.append(head);
    for (const text of [one.name, day(one.issue_date), states[one.state] + successor(one)]) row.insertCell().textContent = text;
  }

  for (const reason of new Set(missing.map((one) => one.reason))) {
    const line = find(reason.replace("_", "-"));
    line.hidden = false;
    line.append(" " + missing.filter((one) => one.reason === reason).map((one) => one.serial).join(", "));
  }

  const known = new Map(documents.flatMap((one) => Object.values(one.files).map((hash) => [hash, one])));
  const add = (result, state, text) => {
    const item = document.createElement("li");
    item.className = "result";
    item.dataset.result = result;
    item.dataset.state = state;
    item.textContent = ({ valid: "✓ ", revoked: "✗ ", bad: "✗ " }[state] ?? "△ ") + text;
    results.append(item);
  };
  const check = async (files) => {
    files = [...files];
    const list = await checked;
    results.replaceChildren();
    if (list === "without") return add("unable", "warning", find("words").dataset.without);
    for (const file of files) {
      const digest = new Uint8Array(await subtle.digest("SHA-256", await file.arrayBuffer()));
      const found = known.get([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
      if (list === "bad") add("bad", "bad", `${file.name}: ${results.dataset.bad}`);
      else if (found) add("same", found.state, `${file.name}: ${intact[found.state]} – ${found.serial}, ${found.name}${successor(found)}`);
      else add("unknown", "bad", `${file.name}: ${results.dataset.unknown}`);
    }
  };
  const input = document.getElementById("files");
  input.addEventListener("change", () => check(input.files));
  find("drop").addEventListener("dragover", (event) => event.preventDefault());
  find("drop").addEventListener("drop", (event) => { event.preventDefault(); check(event.dataTransfer.files); });
})();
