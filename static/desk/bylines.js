/* The lines of who made the story: authors found by name, buttons to move a line, and as many lines as are wanted. */
import { announce, say } from "./announcer.js";
import { askFor, fitCombobox } from "./combobox.js";
import { button, moveItem, tell } from "./controls.js";
import { learn, meant, spelled } from "./known.js";

const part = (row, name) => row.querySelector(`[name$="-${name}"]`);

export function fitBylines(form, { ask, words, mostBylines }) {
  const list = document.getElementById("bylines");
  const pattern = document.getElementById("byline-row").innerHTML;
  const total = form.elements["bylines-TOTAL_FORMS"];
  const adder = document.getElementById("byline-add");

  const shown = () => [...list.children].filter((row) => !row.hidden);
  const isBlank = (row) => ["author", "text", "role"].every((name) => !part(row, name).value.trim());
  const nameOf = (row) => part(row, "author").value || part(row, "text").value || say(words.byline, { number: shown().indexOf(row) + 1 });

  /* The numbers follow the order on the screen; the fields keep their names. */
  const renumber = () => {
    shown().forEach((row, index) => {
      const order = part(row, "order");
      row.querySelector("legend").textContent = say(words.byline, { number: index + 1 });
      if (order.value === String(index + 1)) return;
      order.value = index + 1;
      tell(order);
    });
    adder.hidden = shown().length >= mostBylines;
  };
  const move = (row, by, name) => {
    if (!moveItem(row, by)) return;
    renumber();
    row.querySelector(by < 0 ? "[data-act=up]" : "[data-act=down]").focus();
    announce(say(words.moved, { name, number: shown().indexOf(row) + 1, count: shown().length }));
  };
  /* An emptied line is no byline: it stays in the form, unseen. */
  const takeOut = (row) => {
    const name = nameOf(row);
    for (const field of row.querySelectorAll("input")) field.value = "";
    row.hidden = true;
    list.append(row);
    renumber();
    tell(part(row, "author"));
    announce(say(words.removed, { name }));
    adder.focus();
  };
  const fit = (row) => {
    part(row, "order").closest(".form-row").hidden = true;
    const author = part(row, "author");
    fitCombobox(author, {
      address: ask.authors,
      words,
      choose(found) {
        learn("authors", [found]);
        author.value = found.value;
        tell(author);
      },
    });
    // Enter takes what is pointed at; while a name is still being looked for, it sends no form.
    author.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    // A name written out instead of chosen is looked up, once it stands there whole.
    author.addEventListener("change", async () => {
      const name = author.value.trim();
      if (!name || meant("authors", name)) return;
      const found = (await askFor(ask.authors, name)) ?? [];
      const called = found.filter((one) => [one.name, one.key].some((text) => text.toLowerCase() === name.toLowerCase()));
      if (called.length !== 1) return;
      learn("authors", [{ ...called[0], value: name }]);
      tell(author);
    });
    const acts = document.createElement("div");
    acts.className = "acts";
    const act = (sign, called, does) => {
      const made = button(sign, "", does);
      const name = () => made.setAttribute("aria-label", say(called, { name: nameOf(row) }));
      row.addEventListener("input", name);
      made.addEventListener("focus", name);
      name();
      acts.append(made);
      return made;
    };
    act("↑", words.up, () => move(row, -1, nameOf(row))).dataset.act = "up";
    act("↓", words.down, () => move(row, 1, nameOf(row))).dataset.act = "down";
    act("×", words.remove, () => takeOut(row));
    row.append(acts);
  };

  const anotherRow = () => {
    const frame = document.createElement("template");
    frame.innerHTML = pattern.replaceAll("__prefix__", Number(total.value));
    const row = frame.content.firstElementChild;
    total.value = Number(total.value) + 1;
    list.append(row);
    fit(row);
    return row;
  };
  adder.addEventListener("click", () => {
    const row = [...list.children].find((one) => one.hidden) ?? anotherRow();
    row.hidden = false;
    shown().at(-1)?.after(row);
    renumber();
    part(row, "author").focus();
  });

  /* Lines that came from somewhere else: a colleague's, or a copy that was kept. */
  list.addEventListener("bylines:set", ({ detail: lines }) => {
    while (list.children.length < lines.length) anotherRow();
    [...list.children].forEach((row, index) => {
      const line = lines[index];
      part(row, "author").value = line?.author ? spelled("authors", line.author) : "";
      part(row, "text").value = line?.text ?? "";
      part(row, "role").value = line?.role ?? "";
      part(row, "order").value = line ? index + 1 : "";
      row.hidden = !line && index > 0;
    });
    adder.hidden = shown().length >= mostBylines;
  });

  for (const row of [...list.children]) {
    fit(row);
    if (isBlank(row) && row !== list.firstElementChild && !row.querySelector(".errorlist")) {
      row.hidden = true;
      list.append(row);
    }
  }
  adder.hidden = shown().length >= mostBylines;
}
