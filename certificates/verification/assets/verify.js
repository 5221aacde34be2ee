// "Is your file the original?": the file is hashed here, in the browser, and compared; the page's policy lets no script send anything.
const rename = (element, tag, text) => {
  if (!element) return;
  const made = document.createElement(tag);
  made.textContent = text ?? element.textContent;
  element.replaceWith(made);
};
// The verdict on the file comes first and largest, and into the title; the document's own state stands below it.
const lead = (outcome) => {
  const state = document.querySelector("[data-document]");
  const shown = document.querySelector(`[data-outcome=${outcome}]`);
  if (!state || !shown) return;
  for (const one of document.querySelectorAll("[data-outcome], [data-file-state]")) { one.hidden = one !== shown; rename(one.querySelector("h1"), "h2"); }
  state.classList.add("second");
  rename(state.querySelector("h1"), "h2", state.dataset.second);
  rename(shown.querySelector("h2"), "h1");
  document.title = `${shown.querySelector("h1").textContent} – ${state.dataset.document} · Wegmarke`;
  shown.scrollIntoView({ block: "nearest" });
};
const hash = async (file) => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
for (const place of document.querySelectorAll("[data-file-check]")) {
  const input = place.querySelector("input[type=file]");
  const result = place.querySelector("[data-result]");
  const words = place.dataset;
  const say = (state, text) => { result.dataset.state = state; result.textContent = text; };
  const check = async (file) => {
    if (!file) return;
    if (file.size > Number(words.most)) { say("different", words.large); lead("different"); return; }
    if (!words.sha256) return;
    say("", words.busy);
    // Without https browsers have no subtle, and a file may have gone meanwhile.
    const digest = await hash(file).catch(() => null);
    if (!digest) { say("warning", words.unable); return; }
    if (digest === words.sha256) say(words.sameState, words.same); else say("different", words.different);
    lead(digest === words.sha256 ? "same" : "different");
  };
  input.addEventListener("change", () => check(input.files[0]));
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; check(input.files[0]); }
  });
  place.closest("form").addEventListener("submit", (event) => {
    if (input.files[0]?.size > Number(words.most)) { event.preventDefault(); say("different", words.large); input.focus(); }
  });
}
