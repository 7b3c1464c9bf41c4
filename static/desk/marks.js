/* What catches the eye while writing: TK, which stops publication, and links that lead nowhere. Found again block by block. */

const STILL_TO_COME = /\bTK\b/g; // as in articles/desk/checks.py

export function marks({ Extension, pm }) {
  const { Decoration, DecorationSet } = pm.view;
  const found = new WeakMap();

  /* The places in one block, counted from its start. */
  const placesIn = (block) => {
    if (!found.has(block)) found.set(block, block.isTextblock ? placesOf(block) : []);
    return found.get(block);
  };
  const decorate = (doc) => {
    const all = [];
    doc.descendants((block, place) => {
      for (const [from, to, name] of placesIn(block)) {
        all.push(Decoration.inline(place + 1 + from, place + 1 + to, { class: name }));
      }
      return !block.isTextblock;
    });
    return DecorationSet.create(doc, all);
  };

  const plugin = new pm.state.Plugin({
    state: {
      init: (_config, { doc }) => decorate(doc),
      apply: (transaction, was) => (transaction.docChanged ? decorate(transaction.doc) : was),
    },
    props: { decorations: (state) => plugin.getState(state) },
  });
  return Extension.create({ name: "marks", addProseMirrorPlugins: () => [plugin] });
}

function placesOf(block) {
  const text = block.textBetween(0, block.content.size, undefined, "\ufffc");
  const places = [...text.matchAll(STILL_TO_COME)].map(({ index, 0: mark }) => [index, index + mark.length, "to-come"]);
  block.forEach((piece, place) => {
    const link = piece.marks.find(({ type }) => type.name === "link");
    if (link && (!piece.text?.trim() || !leadsSomewhere(link.attrs.href))) {
      places.push([place, place + piece.nodeSize, "leads-nowhere"]);
    }
  });
  return places;
}

function leadsSomewhere(href) {
  if (href?.startsWith("/")) return href.length > 1;
  if (!URL.canParse(href ?? "")) return false;
  const { protocol, host, pathname } = new URL(href);
  return protocol === "mailto:" ? pathname.includes("@") : host.includes(".") || host.startsWith("localhost");
}
