/* Find and replace within the story. The browser's own search stays on its own keys, and finds the whole page. */

export function find({ Extension, pm }, desk) {
  const { Decoration, DecorationSet } = pm.view;
  const key = new pm.state.PluginKey("find");
  const none = { words: "", exact: false, hits: [], at: 0, shown: DecorationSet.empty };

  const decorated = (doc, { words, exact, at }) => {
    const hits = words ? hitsIn(doc, words, exact) : [];
    const here = hits.length ? Math.min(at, hits.length - 1) : 0;
    const shown = hits.map(([from, to], index) => Decoration.inline(from, to, { class: index === here ? "hit here" : "hit" }));
    return { words, exact, hits, at: here, shown: DecorationSet.create(doc, shown) };
  };
  const plugin = new pm.state.Plugin({
    key,
    state: {
      init: () => none,
      apply(transaction, was) {
        const asked = transaction.getMeta(key);
        if (!asked && (!was.words || !transaction.docChanged)) return was;
        return decorated(transaction.doc, { ...was, ...asked });
      },
    },
    props: { decorations: (state) => key.getState(state).shown },
  });

  return Extension.create({
    name: "find",
    addStorage: () => ({
      ask: (question) => desk.editor.view.dispatch(desk.editor.state.tr.setMeta(key, question)),
      now: () => key.getState(desk.editor.state),
    }),
    addProseMirrorPlugins: () => [plugin],
  });
}

/* Where the words stand, block by block: a hit never goes over the end of a line. */
function hitsIn(doc, words, exact) {
  const hits = [];
  const sought = exact ? words : folded(words);
  doc.descendants((block, place) => {
    if (!block.isTextblock) return true;
    const text = block.textBetween(0, block.content.size, undefined, "\ufffc");
    const searched = exact ? text : folded(text);
    for (let at = searched.indexOf(sought); at >= 0; at = searched.indexOf(sought, at + sought.length)) {
      hits.push([place + 1 + at, place + 1 + at + sought.length]);
    }
    return false;
  });
  return hits;
}

/* In one case, letter by letter, so that each letter keeps its place: a few capitals are longer in small letters. */
function folded(text) {
  return [...text].map((letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join("");
}

export function openFind(desk) {
  const { panel, editor } = desk;
  const { from, to } = editor.state.selection;
  const selected = editor.state.doc.textBetween(from, to, " ");
  const field = panel.querySelector('[name="find-words"]');
  panel.hidden = false;
  if (selected && selected.length < 80) field.value = selected;
  field.focus();
  field.select();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function fitFind(desk) {
  const { panel, editor } = desk;
  const [words, other, exact] = panel.querySelectorAll("input");
  const count = panel.querySelector("[role=status]");
  const search = editor.storage.find;

  const show = () => {
    const { hits, at } = search.now();
    const sentence = hits.length ? desk.word("hits", at + 1, hits.length) : words.value ? desk.word("no-hits") : "";
    if (count.textContent !== sentence) count.textContent = sentence;
  };
  const ask = (at = 0) => {
    search.ask({ words: words.value, exact: exact.checked, at });
    show();
  };
  const go = (step) => {
    const { hits, at } = search.now();
    if (!hits.length) return;
    ask((at + step + hits.length) % hits.length);
    scrollTo(hits[search.now().at][0]);
  };
  const scrollTo = (place) => {
    const { node } = editor.view.domAtPos(place);
    (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).scrollIntoView({ block: "center" });
  };
  const replace = (hits) => {
    const { tr, schema, doc } = editor.state;
    for (const [from, to] of [...hits].reverse()) {
      const { marks } = doc.nodeAt(from);
      if (other.value) tr.replaceWith(from, to, schema.text(other.value, marks));
      else tr.delete(from, to);
    }
    editor.view.dispatch(tr);
    show();
  };
  const close = () => {
    panel.hidden = true;
    const { hits, at } = search.now();
    const hit = hits[at];
    search.ask({ words: "", at: 0 });
    if (hit) editor.chain().setTextSelection({ from: hit[0], to: hit[1] }).focus().run();
    else editor.view.focus();
  };
  const acts = {
    next: () => go(1),
    previous: () => go(-1),
    replace: () => {
      const { hits, at } = search.now();
      if (!hits.length) return;
      replace([hits[at]]);
      go(0);
    },
    all: () => {
      const { hits } = search.now();
      replace(hits);
      count.textContent = desk.word("replaced", hits.length);
    },
    close,
  };

  panel.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no change of the story
    if (event.target !== other) ask();
  });
  for (const button of panel.querySelectorAll("button")) button.addEventListener("click", acts[button.dataset.act]);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === words) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === other) acts.replace();
    else if (event.key === "Enter" && event.target === exact) ask();
    else return;
    event.preventDefault();
  });
  editor.on("update", () => panel.hidden || show());
}
