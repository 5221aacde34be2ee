// A glossary word opens its explanation in place; without this the link leads to the glossary.
const text = document.querySelector("[data-glossary]");
let open = null;

function close() {
  open?.remove();
  open = null;
}

function explain(word) {
  close();
  open = document.createElement("span");
  open.className = "glossary-explanation";
  open.setAttribute("role", "status");
  open.textContent = ` (${word.dataset.explanation}) `;
  word.after(open);
}

text?.addEventListener("click", (event) => {
  const word = event.target.closest("a.glossary-word");
  if (!word || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (open && word.nextSibling === open) close();
  else explain(word);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
