/* Related stories: found by headline or address, in an order of their own. The plain field, a line each, is what is sent. */
import { announce, say } from "./announcer.js";
import { fitCombobox } from "./combobox.js";
import { button, moveItem, stepIn, tell } from "./controls.js";
import { learn, meant } from "./known.js";
import { listed } from "./words.js";

export function fitRelated(form, { ask, story, words }) {
  const field = form.elements.related;
  const input = stepIn(field);
  const list = document.createElement("ol");
  list.className = "chosen-stories";
  field.before(list);

  const values = () => listed(field.value, "\n");
  const write = (lines) => {
    field.value = lines.join("\n");
    tell(field);
  };
  const written = () => [...list.children].map((item) => item.dataset.value);
  const move = (item, by, name) => {
    if (!moveItem(item, by)) return;
    write(written());
    item.querySelector(by < 0 ? "[data-act=up]" : "[data-act=down]").focus();
    announce(say(words.moved, { name, number: written().indexOf(item.dataset.value) + 1, count: list.children.length }));
  };
  const rowOf = (value) => {
    const row = meant("stories", value) ?? { value, name: value, kind: "" };
    const item = document.createElement("li");
    item.dataset.value = value;
    const name = document.createElement("span");
    const kind = document.createElement("span");
    kind.className = "quiet small";
    kind.textContent = row.kind;
    name.append(row.name, " ", kind);
    const up = button("↑", say(words.up, row), () => move(item, -1, row.name));
    const down = button("↓", say(words.down, row), () => move(item, 1, row.name));
    up.dataset.act = "up";
    down.dataset.act = "down";
    const out = button("×", say(words.remove, row), () => {
      item.remove();
      write(written());
      announce(say(words.removed, row));
      input.focus();
    });
    item.append(name, up, down, out);
    return item;
  };
  const draw = () => list.replaceChildren(...values().map(rowOf));

  fitCombobox(input, {
    address: ask.stories,
    also: { beside: story },
    words,
    choose(row) {
      learn("stories", [row]);
      if (!values().includes(row.value)) write([...values(), row.value]);
      input.value = "";
      draw();
      announce(say(words.added, row));
    },
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  form.addEventListener("submit", () => {
    if (input.value.trim()) field.value = [...values(), input.value.trim()].join("\n");
  });
  field.addEventListener("change", draw);
  draw();
}
