// The time that is left: counted on from what the server said last, whatever this device's clock shows.

// ``reached`` is called when the end has come, and ``moved`` while there is time, perhaps again.
export function tickClock({ reached, moved }) {
  const line = document.querySelector("[data-seconds-left]");
  const said = document.querySelector("[data-time-said]");
  if (!line) return { set() {} };
  let left = Number(line.dataset.secondsLeft);
  let from = performance.now();
  let before = left;
  const words = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const { hours, minutes: many, minute, seconds: few, over } = line.dataset;
    if (minutes >= 120) return hours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
    if (minutes >= 2) return many.replace("{m}", minutes);
    if (minutes === 1) return minute;
    return seconds > 0 ? few.replace("{s}", seconds) : over;
  };
  setInterval(() => {
    const now = Math.ceil(left - (performance.now() - from) / 1000);
    const text = words(Math.max(0, now));
    if (line.textContent !== text) line.textContent = text;
    for (const threshold of [600, 300, 60, 0]) if (before > threshold && now <= threshold) said.textContent = text;
    before = now;
    if (now <= 0) reached(); else moved();
  }, 1000);
  return { set(seconds) { if (typeof seconds === "number") { left = seconds; from = performance.now(); before = Math.max(before, seconds); } } };
}
