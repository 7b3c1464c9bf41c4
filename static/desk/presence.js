/*
 * Who else is in the story, who typed last, and taking over. Asked every eight seconds, when a Worker says so, because a
 * page in the background has its own timers held back.
 */
import { addresses, ask, bar, takeDown, words } from "./furnished.js";
import { send, session } from "./session.js";

const TYPING = 10; // seconds

export function fitPresence({ form, place, tab, autosave, newer }) {
  const shown = document.getElementById("presence");
  shown.setAttribute("aria-live", "polite");
  let typed = false;
  let asking = false;
  let isOver = false;
  let turn = 0; // how often the writer came back: what was asked before that says nothing any more
  let button = null;

  async function beat() {
    if (place.isNew || asking || session.ended) return;
    asking = true;
    const hasTyped = typed;
    const asked = turn;
    typed = false;
    try {
      const answer = await send(place.to("presence"), { json: { tab, typed: hasTyped } });
      const said = await answer.json();
      if (answer.ok && asked === turn) hear(said);
    } catch {
      typed ||= hasTyped; // no network: the line of state says so
    } finally {
      asking = false;
    }
  }

  function hear({ others, version, over }) {
    show(others);
    if (over && !isOver) takenOver(over);
    else if (!over && isOver) writeOn();
    if (!over && version > autosave.seen) newer();
  }

  function show(others) {
    const lines = others.map(({ name, typed_ago: ago }) => {
      if (name === addresses.me) return words("yourself");
      return words(ago !== null && ago < TYPING ? "typing" : "here", name);
    });
    const text = [...new Set(lines)].join(" · ");
    let said = shown.querySelector("span");
    if (!said) shown.append((said = document.createElement("span")));
    if (said.textContent !== text) said.textContent = text;
    if (others.length && !isOver) offer();
    else if (button) {
      button.remove();
      button = null;
    }
  }

  function offer() {
    if (button) return;
    button = document.createElement("button");
    button.type = "button";
    button.textContent = addresses.takeOver;
    button.addEventListener("click", () => ask("take-over", { yes: takeOver }));
    shown.append(" ", button);
  }

  async function takeOver() {
    await autosave.save();
    await send(place.to("take-over"), { json: { tab } });
    await beat();
  }

  /* A colleague has it now: what was just being written is sent once more, and kept beside the story. */
  async function takenOver({ by, at }) {
    isOver = true;
    bar("over", words("over", by, at), { again });
    readOnly(true);
    await autosave.save();
    if (isOver) autosave.stop();
  }

  async function again() {
    await send(place.to("come-back"), { json: { tab } });
    turn += 1;
    writeOn();
  }

  function writeOn() {
    isOver = false;
    takeDown("over");
    readOnly(false);
    autosave.goOn();
    beat();
  }

  function readOnly(isReadOnly) {
    place.editor?.setEditable(!isReadOnly);
    for (const field of form.querySelectorAll("input:not([type=hidden]), textarea")) field.readOnly = isReadOnly;
    for (const field of form.querySelectorAll("select, button, input[type=file]")) field.disabled = isReadOnly;
  }

  const notice = () => (typed = true);
  form.addEventListener("input", notice);
  document.addEventListener("story-editor:changed", ({ detail }) => detail.incoming || notice());
  const worker = new Worker(addresses.beat);
  worker.addEventListener("message", beat);
  addEventListener("pagehide", () => {
    if (!place.isNew) send(place.to("leave"), { json: { tab }, keepalive: true }).catch(() => {});
  });
  addEventListener("pageshow", ({ persisted }) => persisted && beat());
  beat();

  return { beat, takenOver: () => beat() };
}
