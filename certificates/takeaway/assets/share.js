// The link to share is copied by a button, where the browser can do that.
for (const place of document.querySelectorAll("[data-share]")) {
  const button = place.querySelector("[data-copy]");
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const input = place.querySelector("input");
    try { await navigator.clipboard.writeText(input.value); } catch { input.select(); return; }
    place.querySelector("[data-copied]").textContent = button.dataset.copy;
  });
}
