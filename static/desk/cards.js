/*
 * What stands in a text beside words has a frame: its name, its own buttons, and those that move it or take it out. Tab
 * leaves the editor from wherever it is pressed; Alt+F10 leads to the buttons of a frame, Escape back to the text.
 */

/* A node view in the frame `kind` of the furniture; `acts` are its own buttons, `show` puts the node's facts on it. */
export function framed(desk, kind, { acts = () => ({}), show = () => {} } = {}) {
  return ({ node, editor, getPos }) => {
    const dom = desk.part(`[data-card="${kind}"]`);
    const buttons = dom.querySelector(".acts");
    const inside = dom.querySelector("[data-inside]");
    buttons.append(...desk.part(".acts.common").children);
    let shown = node;
    const here = { editor, dom, node: () => shown, place: getPos, change: (attrs) => change(editor, getPos(), attrs) };
    listen(buttons, editor, {
      up: () => move(editor, getPos(), -1),
      down: () => move(editor, getPos(), 1),
      out: () => takeOut(editor, getPos()),
      ...acts(here),
    });
    show(here);
    return {
      dom,
      ...(inside && { contentDOM: inside }),
      stopEvent: (event) => buttons.contains(event.target) && !event.type.startsWith("drag"),
      ignoreMutation: (mutation) => !inside || (mutation.type !== "selection" && !inside.contains(mutation.target)),
      update(changed) {
        if (changed.type !== shown.type) return false;
        const before = shown;
        shown = changed;
        if (!before.sameMarkup(changed)) show(here);
        return true;
      },
      selectNode() {
        dom.classList.add("ProseMirror-selectednode");
        desk.say("selected", dom.getAttribute("aria-label"));
      },
      deselectNode: () => dom.classList.remove("ProseMirror-selectednode"),
    };
  };
}

/* One stop for all buttons of a frame: arrows go along them. A select among them acts when it is changed. */
function listen(buttons, editor, acts) {
  const stops = [...buttons.querySelectorAll("button, select")];
  for (const stop of stops) {
    stop.tabIndex = -1;
    stop.addEventListener(stop.tagName === "SELECT" ? "change" : "click", () => acts[stop.dataset.act](stop));
  }
  buttons.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const shown = stops.filter((stop) => stop.checkVisibility());
    if (event.key === "Escape") editor.view.focus();
    else if (step) shown[(shown.indexOf(event.target) + step + shown.length) % shown.length].focus();
    else return;
    event.preventDefault();
  });
}

/* To the buttons of the frame that the cursor is in or on; null where it is in none. */
export function buttonsHere({ state, view }) {
  const { $from, node } = state.selection;
  const places = node ? [$from.pos] : [];
  for (let depth = $from.depth; depth > 0; depth -= 1) places.push($from.before(depth));
  const frames = places.map((place) => view.nodeDOM(place)).filter((dom) => dom?.dataset?.card);
  return frames[0]?.querySelector(".acts button") ?? null;
}

/* Change places with the block before or after, within the same parent; the cursor goes along. */
export function move(editor, place, step) {
  const { doc, selection } = editor.state;
  const $place = doc.resolve(place);
  const index = $place.index();
  const node = $place.parent.maybeChild(index);
  const neighbour = $place.parent.maybeChild(index + step);
  if (!neighbour || isLastLine($place.parent, index + step)) return false;
  const target = place + step * neighbour.nodeSize;
  const wasInside = !selection.node && selection.from > place && selection.to < place + node.nodeSize;
  return editor
    .chain()
    .command(({ tr }) => {
      tr.delete(place, place + node.nodeSize).insert(target, node);
      return true;
    })
    .command(({ commands }) =>
      wasInside
        ? commands.setTextSelection({ from: selection.from + target - place, to: selection.to + target - place })
        : node.isTextblock || commands.setNodeSelection(target),
    )
    .focus()
    .scrollIntoView()
    .run();
}

/* The empty line at the end is there to be written on; nothing is moved below it. */
function isLastLine(parent, index) {
  return index === parent.childCount - 1 && parent.child(index).isTextblock && !parent.child(index).content.size;
}

function takeOut(editor, place) {
  editor.chain().setNodeSelection(place).deleteSelection().focus().run();
}

export function change(editor, place, attrs) {
  editor
    .chain()
    .command(({ tr }) => {
      tr.setNodeMarkup(place, undefined, { ...tr.doc.nodeAt(place).attrs, ...attrs });
      return true;
    })
    .focus()
    .run();
}

/* Put a block where the cursor is: instead of an empty line, else behind the block that it stands in. */
export function insertBlock({ editor, pm }, content) {
  const { state, schema } = editor;
  const node = schema.nodeFromJSON(content);
  const { $from, $to } = state.selection;
  const holder = $from.depth ? $from.node(1) : null;
  const isBlank = holder?.type.name === "paragraph" && !holder.content.size;
  const from = isBlank ? $from.before(1) : $to.depth ? $to.after(1) : state.selection.to;
  const to = isBlank ? $from.after(1) : from;
  return editor
    .chain()
    .command(({ tr }) => {
      const isLast = to === tr.doc.content.size;
      tr.replaceWith(from, to, isLast ? [node, schema.nodes.paragraph.create()] : node);
      tr.setSelection(pm.state.Selection.findFrom(tr.doc.resolve(from), 1, true));
      return true;
    })
    .focus()
    .scrollIntoView()
    .run();
}
