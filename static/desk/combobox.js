/*
 * A field that finds something while it is typed in: the combobox pattern of the ARIA guide. Down and Up walk through
 * what was found, Enter takes it, Escape closes; Tab takes nothing. The field itself stays a plain one.
 */
import { announce, say } from "./announcer.js";
import { ask } from "./asking.js";

const REST = 150; // milliseconds without a key before somebody is asked
let count = 0;

/*
 * `address` is asked for `q`, and whatever else `also` says; `choose(row)` is told what was taken. `more(question, found)`
 * may add rows of its own.
 */
export function fitCombobox(input, { address, also = {}, words, choose, more = () => [] }) {
  const list = document.createElement("ul");
  list.id = `found-${(count += 1)}`;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.list);
  list.hidden = true;
  const frame = document.createElement("div");
  frame.className = "combobox";
  input.before(frame);
  frame.append(input, list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }
  input.removeAttribute("list");

  let rows = [];
  let active = -1;
  let latest = 0;
  let waiting = 0;
  let isTaking = false;

  const close = () => {
    latest += 1;
    clearTimeout(waiting);
    rows = [];
    point(-1);
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
  };
  const point = (index) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[index];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const take = (row) => {
    close();
    isTaking = true;
    choose(row);
    isTaking = false;
  };
  const show = (found) => {
    rows = found;
    list.replaceChildren(...rows.map((row, index) => optionOf(row, `${list.id}-${index}`, words)));
    list.hidden = rows.length === 0;
    input.setAttribute("aria-expanded", String(rows.length > 0));
    point(-1);
    list.scrollIntoView({ block: "nearest" });
    if (!rows.length) announce(words.none);
    else announce(rows.length === 1 ? words.foundOne : say(words.found, { count: rows.length }));
  };
  const find = async () => {
    const question = input.value.trim();
    if (!question) return close();
    const mine = (latest += 1);
    const found = await askFor(address, question, also);
    if (found && mine === latest) show([...found, ...more(question, found)]);
  };

  input.addEventListener("input", () => {
    if (isTaking) return;
    clearTimeout(waiting);
    waiting = setTimeout(find, REST);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = rows.length - 1;
    if (event.key === "ArrowDown" && rows.length) point(active === last ? 0 : active + 1);
    else if (event.key === "ArrowDown") find();
    else if (event.key === "ArrowUp" && rows.length) point(active <= 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0) take(rows[active]);
    else if (event.key === "Escape" && rows.length) close();
    else return;
    event.preventDefault();
  });
  // The list is pressed with the mouse while the field keeps the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(rows[[...list.children].indexOf(option)]);
  });
  input.addEventListener("blur", close);
}

/* What fits `question`; null where nobody answers. */
export async function askFor(address, question, also = {}) {
  return (await ask(address, { ...also, q: question }))?.found ?? null;
}

function optionOf(row, id, words) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.append(row.label ?? row.name);
  const beside = [row.kind, row.said && say(words.standsFor, row)].filter(Boolean).join(" · ");
  if (beside) {
    const quiet = document.createElement("span");
    quiet.className = "quiet";
    quiet.textContent = ` · ${beside}`;
    option.append(quiet);
  }
  return option;
}
