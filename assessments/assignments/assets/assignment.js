// Files that are too large together would cost the text as well, since the server refuses the whole of such a request: say so before.
for (const control of document.querySelectorAll("input[type=file][data-most]")) {
  control.addEventListener("change", () => {
    const size = [...control.files].reduce((sum, file) => sum + file.size, 0);
    control.setCustomValidity(size > Number(control.dataset.most) * 1024 * 1024 ? control.dataset.tooLarge : "");
    control.reportValidity();
  });
}
