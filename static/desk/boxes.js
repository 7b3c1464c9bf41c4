/*
 * Boxes with text of their own: key facts, a timeline, a quotation pulled out. Enter goes on from line to line and out of
 * the box at its end; Backspace in an empty box takes the box away; no key merges one line of a box with another kind.
 */
import { framed } from "./cards.js";

const LINES = new Set(["boxTitle", "when", "what", "quoteBy", "tableCaption"]);

/* Behind these Enter alone goes on. */
const OPEN_ENDED = new Set(["paragraph", "heading", "bulletList", "orderedList", "blockquote"]);

/* A line of a box: inline text with a hint while it is empty. */
export function line({ Node }, desk, name, tag, rules, { content = "inline*", marks = undefined } = {}) {
  return Node.create({
    name,
    content,
    ...(marks !== undefined && { marks }),
    defining: true,
    parseHTML: () => rules,
    renderHTML: () => [tag, { "data-hint": desk.word(`hint-${name}`) }, 0],
  });
}

function box({ Node }, desk, name, card, content, rule, attributes) {
  return Node.create({
    name,
    group: "block",
    content,
    isolating: true,
    defining: true,
    parseHTML: () => [rule],
    renderHTML: () => ["aside", attributes, 0],
    addNodeView: () => framed(desk, card),
  });
}

export function boxes(tiptap, desk) {
  const aside = (kind) => `aside[data-kind="${kind}"]`;
  return [
    line(tiptap, desk, "boxTitle", "h3", [
      { tag: "h3", context: "facts/|timeline/", priority: 60 },
      { tag: "h2", context: "facts/|timeline/", priority: 60 },
    ]).extend({ addNodeView: () => titleView(desk) }),
    box(tiptap, desk, "facts", "facts", "boxTitle passage+", { tag: aside("facts"), contentElement: titled }, { "data-kind": "facts" }),
    box(tiptap, desk, "timeline", "timeline", "boxTitle moments", { tag: aside("timeline"), contentElement: titled }, { "data-kind": "timeline" }),
    tiptap.Node.create({
      name: "moments",
      content: "(when what)+",
      parseHTML: () => [{ tag: "dl", context: "timeline/" }],
      renderHTML: () => ["dl", 0],
    }),
    line(tiptap, desk, "when", "dt", [{ tag: "dt", context: "moments/" }]),
    line(tiptap, desk, "what", "dd", [{ tag: "dd", context: "moments/" }]),
    box(
      tiptap,
      desk,
      "pullQuote",
      "quote",
      "paragraph quoteBy",
      { tag: aside("quote"), contentElement: withName },
      { "data-kind": "quote" },
    ),
    line(tiptap, desk, "quoteBy", "cite", [{ tag: "cite", context: "pullQuote/", priority: 60 }], {
      content: "text*",
      marks: "",
    }),
    keysOfBoxes(tiptap, desk),
  ];
}

/* A title is a heading once it has words: an empty one would be read out as one. */
function titleView(desk) {
  return ({ node }) => {
    const dom = document.createElement("div");
    dom.className = "title";
    dom.dataset.hint = desk.word("hint-boxTitle");
    const show = ({ content }) => {
      dom.role = content.size ? "heading" : null;
      dom.ariaLevel = content.size ? "3" : null;
    };
    show(node);
    return {
      dom,
      contentDOM: dom,
      ignoreMutation: ({ type }) => type === "attributes",
      update(changed) {
        if (changed.type !== node.type) return false;
        show(changed);
        return true;
      },
    };
  };
}

/* In the editor each box has its first line, be it empty. */
const titled = (aside) => beginningWith("h3", aside);

export function beginningWith(tag, box) {
  if (box.firstElementChild?.matches(tag)) return box;
  const opened = box.cloneNode(true);
  opened.prepend(box.ownerDocument.createElement(tag));
  return opened;
}

/* Who said it stands in an attribute of the text, and is a line in the editor. */
function withName(aside) {
  if (!aside.dataset.by) return aside;
  const opened = aside.cloneNode(true);
  const cite = aside.ownerDocument.createElement("cite");
  cite.textContent = aside.dataset.by;
  opened.append(cite);
  return opened;
}

function keysOfBoxes({ Extension, pm }, desk) {
  const { Selection, TextSelection, Plugin } = pm.state;

  const goTo = (editor, place, step) => {
    const found = Selection.findFrom(editor.state.doc.resolve(place), step, true);
    return found ? editor.chain().command(({ tr }) => Boolean(tr.setSelection(found))).scrollIntoView().run() : true;
  };

  /* To a line of its own behind the block that the cursor is in. */
  const leave = (editor) => {
    const { $to, to } = editor.state.selection;
    const end = $to.depth ? $to.after(1) : to;
    const next = editor.state.doc.nodeAt(end);
    const isFree = next?.type.name === "paragraph" && !next.content.size;
    return editor
      .chain()
      .command(({ tr }) => {
        if (!isFree) tr.insert(end, editor.schema.nodes.paragraph.create());
        return Boolean(tr.setSelection(TextSelection.create(tr.doc, end + 1)));
      })
      .focus()
      .scrollIntoView()
      .run();
  };

  /* Take out from `start` to `end`, which is the last of its box, and go on behind the box. */
  const dropAndLeave = (editor, start, end) => {
    editor.view.dispatch(editor.state.tr.delete(start, end));
    return leave(editor);
  };

  const nextMoment = (editor, $from) => {
    const when = $from.node(-1).child($from.index(-1) - 1);
    const isBlank = !when.content.size && !$from.parent.content.size;
    const isLast = $from.index(-1) === $from.node(-1).childCount - 1;
    if (isBlank && isLast && $from.node(-1).childCount > 2) {
      return dropAndLeave(editor, $from.before() - when.nodeSize, $from.after());
    }
    const { when: day, what: event } = editor.schema.nodes;
    const end = $from.after();
    return editor
      .chain()
      .command(({ tr }) => {
        tr.insert(end, [day.create(), event.create()]);
        return Boolean(tr.setSelection(TextSelection.create(tr.doc, end + 1)));
      })
      .scrollIntoView()
      .run();
  };

  const enter = (editor) => {
    const { $from, empty } = editor.state.selection;
    const name = $from.parent.type.name;
    if (["boxTitle", "when", "tableCaption"].includes(name)) return goTo(editor, $from.after(), 1);
    if (name === "quoteBy") return leave(editor);
    if (name === "what") return nextMoment(editor, $from);
    if ($from.depth > 1 && $from.node(-1).type.name === "pullQuote") return goTo(editor, $from.after(), 1);
    const holder = $from.depth > 1 ? $from.node(-1) : null;
    const isBlankEnd = empty && name === "paragraph" && !$from.parent.content.size && $from.index(-1) > 0;
    if (!isBlankEnd) return false;
    if (holder?.type.name === "facts" && $from.index(-1) === holder.childCount - 1 && holder.childCount > 2) {
      return dropAndLeave(editor, $from.before(), $from.after());
    }
    return false;
  };

  const backspace = (editor) => {
    const { $from, empty } = editor.state.selection;
    if (!empty || $from.parentOffset || $from.depth < 2) return false;
    const outer = $from.node(1);
    const isBox = ["facts", "timeline", "pullQuote"].includes(outer.type.name);
    if (isBox && !outer.textContent.trim()) {
      const start = $from.before(1);
      return editor
        .chain()
        .command(({ tr }) => {
          tr.replaceWith(start, $from.after(1), editor.schema.nodes.paragraph.create());
          return Boolean(tr.setSelection(TextSelection.create(tr.doc, start + 1)));
        })
        .run();
    }
    if (!LINES.has($from.parent.type.name)) return false;
    const moments = $from.node(-1);
    const what = $from.parent.type.name === "when" ? moments.child($from.index(-1) + 1) : null;
    if (what && !what.content.size && !$from.parent.content.size && moments.childCount > 2) {
      const start = $from.before();
      editor.view.dispatch(editor.state.tr.delete(start, start + $from.parent.nodeSize + what.nodeSize));
      return goTo(editor, start, $from.index(-1) ? -1 : 1);
    }
    const before = Selection.findFrom(editor.state.doc.resolve($from.before()), -1, true);
    return before && before.from > $from.start(1) ? goTo(editor, $from.before(), -1) : true;
  };

  const forward = (editor) => {
    const { $from, empty } = editor.state.selection;
    const atEnd = empty && $from.parentOffset === $from.parent.content.size;
    return atEnd && LINES.has($from.parent.type.name);
  };

  return Extension.create({
    name: "keysOfBoxes",
    priority: 1000,
    addStorage: () => ({ leave }),
    addKeyboardShortcuts() {
      return {
        Enter: () => enter(this.editor),
        Backspace: () => backspace(this.editor),
        Delete: () => forward(this.editor),
      };
    },
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        new Plugin({
          props: {
            /* A letter typed on a chosen card goes to a line of its own: it takes no picture's place. */
            handleTextInput: (_view, _from, _to, text) => {
              if (!editor.state.selection.node?.isBlock) return false;
              leave(editor);
              return editor.commands.insertContent({ type: "text", text });
            },
            handlePaste: (view, _event, slice) => pasteIntoLine(view, slice),
          },
          /* Nobody is shut in: behind a card at the end there is always a line to write on. */
          appendTransaction: (transactions, _before, state) =>
            transactions.some((transaction) => transaction.docChanged) && !OPEN_ENDED.has(state.doc.lastChild.type.name)
              ? state.tr.insert(state.doc.content.size, state.schema.nodes.paragraph.create())
              : null,
        }),
      ];
    },
  });

  /* A line holds no blocks: of what is pasted there the words come in, with their marks. */
  function pasteIntoLine(view, slice) {
    const { $from, $to } = view.state.selection;
    const { schema } = view.state;
    const isCell = $from.depth > 1 && ["tableCell", "tableHeader"].includes($from.node(-1).type.name);
    if (!(LINES.has($from.parent.type.name) || isCell) || !$from.sameParent($to)) return false;
    const words = [];
    slice.content.descendants((node) => {
      if (!node.isTextblock) return true;
      if (words.length && node.content.size) words.push(schema.text(" "));
      node.forEach((piece) => words.push(piece));
      return false;
    });
    if (!words.length) slice.content.forEach((piece) => piece.isInline && words.push(piece));
    const marked = $from.parent.type.spec.marks === "" ? words.map((piece) => schema.text(piece.textContent || " ")) : words;
    if (marked.length) view.dispatch(view.state.tr.replaceWith($from.pos, $to.pos, marked).scrollIntoView());
    return true;
  }
}
