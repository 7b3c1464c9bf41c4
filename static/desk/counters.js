/* How long each headline is, against the one table of limits that the server sends; said in the field's own help. */
import { announce, say } from "./announcer.js";

const REST = 1000; // milliseconds of rest before somebody is told that it is too long

const lengthOf = (text) => [...text.trim()].length;

export function fitCounters(form, { lengths, words }) {
  for (const [name, length] of Object.entries(lengths)) {
    const field = form.elements[name];
    const advice = document.getElementById(`${field.id}_helptext`).querySelector(".advice");
    const count = document.createElement("span");
    count.className = "count";
    advice.before(count);
    advice.hidden = true;

    let wasOver = false;
    let waiting = 0;
    const show = () => {
      const own = field.value.trim();
      const instead = form.elements.headline.value.trim();
      const number = lengthOf(own || instead);
      const isOver = number > length.most;
      count.classList.toggle("over", isOver);
      count.textContent = !own && name !== "headline" && name !== "standfirst" && instead
        ? `${say(words.empty, { instead })} ${sentenceOf(number, length, words)}.`
        : `${sentenceOf(lengthOf(own), length, words)}.`;
      clearTimeout(waiting);
      if (isOver && !wasOver && document.activeElement === field) {
        waiting = setTimeout(() => announce(count.textContent), REST);
      }
      wasOver = isOver;
    };
    form.addEventListener("input", (event) => {
      if (event.target === field || event.target === form.elements.headline) show();
    });
    field.addEventListener("change", show);
    show();
  }
}

function sentenceOf(count, { most, why, line }, words) {
  if (count > most) return say(words.over, { count, over: count - most, why });
  const lines = line ? Math.ceil(count / line) : 0;
  if (lines > 1) return say(words.lines, { count, lines });
  return lines ? say(words.line, { count }) : say(words.count, { count, most });
}
