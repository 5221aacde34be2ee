// The page in a cohort's archive: checks the manifest's signature and dropped files, from a folder and without a network.
(() => {
  const find = (name) => document.querySelector(`[data-${name}]`);
  const { manifest, key, signature } = JSON.parse(document.getElementById("data").textContent);
  const { documents, as_of: asOf } = JSON.parse(manifest);
  const results = find("results");
  const states = JSON.parse(results.dataset.stateWords);
  const subtle = globalThis.crypto?.subtle;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

  const say = (state) => {
    find("manifest").dataset.state = { good: "valid", bad: "bad", unable: "warning" }[state];
    find("words").textContent = { good: "✓ ", bad: "✗ ", unable: "△ " }[state] + find("words").dataset[state];
  };
  const checkManifest = async () => {
    if (!subtle) return say("unable");
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const imported = await subtle.importKey("jwk", key, algorithm, false, ["verify"]);
    say(await subtle.verify(algorithm, imported, bytes(signature), new TextEncoder().encode(manifest)) ? "good" : "bad");
  };
  checkManifest().catch(() => say("unable"));

  const day = (text) => new Date(text).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  find("as-of").textContent = day(asOf);
  for (const one of documents) {
    const row = find("documents").insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = one.serial;
    row.append(head);
    for (const text of [one.name, day(one.issue_date), states[one.state]]) row.insertCell().textContent = text;
  }

  const known = new Map(documents.flatMap((one) => Object.values(one.files).map((hash) => [hash, one])));
  const check = async (files) => {
    results.replaceChildren();
    for (const file of files) {
      const digest = new Uint8Array(await subtle.digest("SHA-256", await file.arrayBuffer()));
      const found = known.get([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
      const item = document.createElement("li");
      item.dataset.result = found ? "same" : "unknown";
      item.textContent = found
        ? `✓ ${file.name}: ${results.dataset.same} – ${found.serial}, ${found.name} (${states[found.state]})`
        : `✗ ${file.name}: ${results.dataset.unknown}`;
      results.append(item);
    }
  };
  const input = document.getElementById("files");
  input.addEventListener("change", () => check(input.files));
  find("drop").addEventListener("dragover", (event) => event.preventDefault());
  find("drop").addEventListener("drop", (event) => { event.preventDefault(); check(event.dataTransfer.files); });
})();
