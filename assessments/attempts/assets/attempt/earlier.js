// Of two devices the later answer stands. Where the earlier one was given, the person is shown both and may choose.

export function offerEarlier(place, { words }, choose) {
  const box = document.querySelector("template[data-earlier]").content.cloneNode(true).firstElementChild;
  box.querySelector("[data-earlier-words]").append(...(words ?? []).map((said) => {
    const line = document.createElement("p");
    line.className = "written";
    line.textContent = said;
    return line;
  }));
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      await choose("use" in button.dataset);
      box.remove();
      place.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  }
  place.querySelector("[data-note]").after(box);
}
