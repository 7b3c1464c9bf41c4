/*
 * "/" at the start of an empty line offers what can stand there; letters narrow it down. The focus stays in the text,
 * which is a combobox for that while: the list is named to it, and each choice is said.
 */
import { ACTS } from "./acts.js";

export function slash({ Extension, pm }, desk) {
  const key = new pm.state.PluginKey("slash");
  const list = desk.part(".slash");
  list.id = "story-slash";
  let dismissed = null;

  /* What was typed behind the slash, and from where; null where there is no such line. */
  const asked = ({ selection: { $from, empty } }) => {
    const { parent } = $from;
    const words = /^\/([\p{L}\p{N} ]{0,24})$/u.exec(parent.textContent);
    const isPlace = empty && parent.type.name === "paragraph" && $from.depth === 1 && $from.parentOffset === parent.content.size;
    return words && isPlace ? { words: words[1].toLowerCase(), start: $from.start() } : null;
  };
  /* Those named so come first, then those that other words find. */
  const fitting = ({ words }) => {
    const begins = (text) => ` ${text}`.toLowerCase().includes(` ${words.trim()}`);
    const named = desk.inserts.filter(({ label }) => begins(label));
    return [...named, ...desk.inserts.filter((insert) => !named.includes(insert) && begins(insert.also))];
  };

  const closed = { entries: [], at: 0, start: -1 };
  const apply = (transaction, was, _before, state) => {
    const chosen = transaction.getMeta(key);
    const question = asked(state);
    if (!question) {
      dismissed = null;
      return closed;
    }
    if (chosen === "close") dismissed = question.start;
    if (dismissed === question.start) return closed;
    const entries = fitting(question);
    if (!entries.length) return closed;
    const isSame = was.entries.length === entries.length;
    return { entries, at: typeof chosen === "number" ? chosen : isSame ? was.at : 0, start: question.start };
  };

  const choose = (view, index) => {
    const { entries } = key.getState(view.state);
    const { $from } = view.state.selection;
    view.dispatch(view.state.tr.delete($from.start(), $from.end()));
    ACTS[entries[index].act](desk);
  };

  const show = (view) => {
    const { entries, at, start } = key.getState(view.state);
    list.hidden = !entries.length;
    if (list.hidden) return;
    const wanted = entries.map(({ act }) => act).join();
    if (list.dataset.shown !== wanted || list.dataset.start !== String(start)) {
      list.dataset.shown = wanted;
      list.dataset.start = start;
      list.replaceChildren(...entries.map((entry, index) => option(view, entry, index)));
      beside(view, start);
    }
    [...list.children].forEach((entry, index) => {
      entry.setAttribute("aria-selected", String(index === at));
      if (index === at) entry.scrollIntoView({ block: "nearest" });
    });
  };

  const option = (view, { act, label, hint }, index) => {
    const entry = desk.part(".slash-option");
    entry.id = `story-slash-${act}`;
    entry.querySelector("b").textContent = label;
    entry.querySelector("span").textContent = hint;
    entry.addEventListener("mousedown", (event) => event.preventDefault());
    entry.addEventListener("click", () => choose(view, index));
    return entry;
  };

  /* Under the line where there is room, else over it. */
  const beside = (view, start) => {
    const line = view.coordsAtPos(start);
    const host = list.parentElement.getBoundingClientRect();
    const isLow = line.bottom + list.offsetHeight > innerHeight && line.top > list.offsetHeight;
    list.style.setProperty("--from-top", `${(isLow ? line.top - list.offsetHeight : line.bottom) - host.top}px`);
    list.style.setProperty("--from-start", `${Math.max(0, Math.min(line.left - host.left, host.width - list.offsetWidth))}px`);
  };

  return Extension.create({
    name: "slash",
    priority: 3000,
    addStorage: () => ({
      /* What the text says of itself while the list is open. */
      attributes: (state) => {
        const { entries, at } = key.getState(state) ?? closed;
        return entries.length
          ? {
              role: "combobox",
              "aria-expanded": "true",
              "aria-autocomplete": "list",
              "aria-haspopup": "listbox",
              "aria-controls": list.id,
              "aria-activedescendant": `story-slash-${entries[at].act}`,
            }
          : { role: "textbox", "aria-multiline": "true" };
      },
    }),
    addProseMirrorPlugins: () => [
      new pm.state.Plugin({
        key,
        state: { init: () => closed, apply },
        view: (view) => {
          desk.host.append(list);
          let said = "";
          return {
            update: () => {
              show(view);
              const { entries, at } = key.getState(view.state);
              const now = entries.length ? `${entries[at].act} ${entries.length}` : "";
              if (now && now !== said) desk.say("choice", entries[at].label, at + 1, entries.length);
              said = now;
            },
          };
        },
        props: {
          handleKeyDown: (view, event) => {
            const { entries, at } = key.getState(view.state);
            if (!entries.length || event.isComposing) return false;
            const tell = (meta) => view.dispatch(view.state.tr.setMeta(key, meta));
            const keysOfList = {
              ArrowDown: () => tell((at + 1) % entries.length),
              ArrowUp: () => tell((at + entries.length - 1) % entries.length),
              Enter: () => choose(view, at),
              Escape: () => tell("close"),
            };
            if (!keysOfList[event.key] || event.ctrlKey || event.metaKey || event.altKey) return false;
            keysOfList[event.key]();
            event.preventDefault();
            return true;
          },
          handleDOMEvents: {
            blur: (view) => {
              if (key.getState(view.state).entries.length) view.dispatch(view.state.tr.setMeta(key, "close"));
              return false;
            },
          },
        },
      }),
    ],
  });
}
