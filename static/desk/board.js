/*
 * The desk keeps itself fresh: a Worker says when, for a page in the background has its own timers held back. What has
 * changed is put in place of what was; whoever is in the middle of it with the keyboard is not disturbed.
 */
import { session } from "./session.js";

const EVERY = 3; // beats of the Worker
const board = document.getElementById("board");
let beats = 0;
let asking = false;

async function refresh() {
  if (asking || session.ended || board.contains(document.activeElement)) return;
  asking = true;
  try {
    const answer = await fetch(board.dataset.live, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("board");
    if (!fresh || board.contains(document.activeElement) || without(fresh) === without(board)) return;
    board.replaceChildren(...fresh.childNodes);
  } catch {
    // no network: the next beat asks again
  } finally {
    asking = false;
  }
}

/** What the board says, without the tokens of its forms, which differ each time. */
function without(element) {
  const copy = element.cloneNode(true);
  for (const token of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) token.remove();
  return copy.innerHTML;
}

new Worker(board.dataset.beat).addEventListener("message", () => {
  beats += 1;
  if (beats % EVERY === 0) refresh();
});
