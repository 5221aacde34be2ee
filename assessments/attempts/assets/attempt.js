// Taking a quiz with a weak line. Every answer goes into a queue on this device first and leaves the queue only when the
// server has said that it has it. All questions are fetched at the start, so that one can go on without a line.

import { showLost } from "./attempt/lost.js";
import { openQueue } from "./attempt/queue.js";
import { waitForAnswers } from "./attempt/summary.js";
import { takeQuiz } from "./attempt/taking.js";

const form = document.querySelector("[data-quiz]");
const summary = document.querySelector("[data-quiz-summary]");
const lost = document.querySelector("[data-quiz-lost]");

if (form || summary || lost) {
  const queue = await openQueue();
  if (form) takeQuiz(form, queue);
  else if (summary) waitForAnswers(summary, queue);
  else showLost(lost, queue);
}
