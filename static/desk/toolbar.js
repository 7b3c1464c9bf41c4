/* The row of buttons over the story: one stop for Tab, arrows go along it. What can be inserted opens below its button. */
import { ACTS, PRESSED } from "./acts.js";

export function fitToolbar(desk) {
  const { tools, editor } = desk;
  const menu = fitMenu(desk);
  const buttons = [...tools.querySelectorAll("button[data-do]")];
  for (const button of buttons) {
    button.tabIndex = button === buttons[0] ? 0 : -1;
    button.addEventListener("focus", () => {
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    });
    button.addEventListener("click", () => (button.dataset.do === "insert" ? menu.toggle() : ACTS[button.dataset.do](desk)));
  }
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const goal = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || goal === undefined) return;
    buttons[(goal + buttons.length) % buttons.length].focus();
    event.preventDefault();
  });

  const show = () => {
    for (const button of buttons) {
      const pressed = PRESSED[button.dataset.do]?.(editor);
      if (pressed !== undefined && button.getAttribute("aria-pressed") !== String(pressed)) {
        button.setAttribute("aria-pressed", String(pressed));
      }
    }
  };
  desk.eachFrame("transaction", show);
  show();
}

/* What can be inserted, as a menu: arrows, Enter, Escape, and leaving it closes it. */
function fitMenu(desk) {
  const button = desk.tools.querySelector('[data-do="insert"]');
  const menu = desk.tools.querySelector('[role="menu"]');
  menu.append(...desk.inserts.map((insert) => entryOf(insert, close)));
  const entries = [...menu.children];

  function entryOf({ act, label, hint }) {
    const entry = desk.part(".insert");
    entry.querySelector("b").textContent = label;
    entry.querySelector("span").textContent = hint;
    entry.addEventListener("click", () => {
      close();
      ACTS[act](desk);
    });
    return entry;
  }
  function close() {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }
  function toggle() {
    if (!menu.hidden) return close();
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    return entries[0].focus();
  }
  menu.addEventListener("keydown", (event) => {
    const at = entries.indexOf(event.target);
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    event.stopPropagation();
    if (event.key === "Escape") {
      close();
      button.focus();
    } else if (goal !== undefined) entries[(goal + entries.length) % entries.length].focus();
    else return;
    event.preventDefault();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!menu.contains(relatedTarget) && relatedTarget !== button) close();
  });
  return { toggle };
}
