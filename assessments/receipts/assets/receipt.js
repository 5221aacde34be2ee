// A receipt that is being made: look again by oneself until it is there.
const waiting = document.querySelector("[data-receipt-waiting]");
const lookAgain = async (seconds) => {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.ok && !(await answer.text()).includes("data-receipt-waiting")) return location.reload();
  } catch {
    // Without a line there is nothing to be told; the next look may have one.
  }
  setTimeout(lookAgain, seconds * 1000, Math.min(seconds * 2, 30));
};
if (waiting) setTimeout(lookAgain, 1000, 1);
