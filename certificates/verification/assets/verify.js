// "Is this my file?": the file is hashed here, in the browser, and never sent.
const place = document.querySelector("[data-file-check]");
if (place && crypto.subtle) {
  place.hidden = false;
  const input = place.querySelector("input");
  const result = place.querySelector("[data-result]");
  const check = async (file) => {
    if (!file) return;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const same = hex === place.dataset.sha256;
    result.textContent = same ? place.dataset.same : place.dataset.different;
    result.dataset.state = same ? "same" : "different";
  };
  input.addEventListener("change", () => check(input.files[0]));
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => { event.preventDefault(); check(event.dataTransfer.files[0]); });
}
