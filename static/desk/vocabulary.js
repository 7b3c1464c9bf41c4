/*
 * What the editor can hold: exactly the vocabulary of articles/body/allowlist.py, and a picture as one block of its own.
 */
import { factsOf, openWords } from "./pictures.js";

/* A picture in the text: its uid, and this story's own words for it. It is shown as a card and written as an empty figure. */
function figure({ Node }, { pictures, furniture, wordsDialog }) {
  const from = (name) => ({
    default: "",
    parseHTML: (element) => element.getAttribute(name) ?? "",
    renderHTML: () => ({}),
  });

  return Node.create({
    name: "figure",
    group: "block",
    atom: true,
    draggable: true,

    addAttributes: () => ({ image: from("data-image"), caption: from("data-caption"), alt: from("data-alt") }),

    parseHTML: () => [{ tag: "figure[data-image]" }],

    renderHTML({ node: { attrs } }) {
      return [
        "figure",
        {
          "data-image": attrs.image,
          ...(attrs.caption && { "data-caption": attrs.caption }),
          ...(attrs.alt && { "data-alt": attrs.alt }),
        },
      ];
    },

    addNodeView() {
      return ({ node, editor, getPos }) => {
        const card = furniture.content.querySelector(".placed").cloneNode(true);
        let shown = node;
        const acts = {
          up: () => move(editor, getPos(), -1),
          down: () => move(editor, getPos(), 1),
          out: () => takeOut(editor, getPos()),
          words: () => openWords(wordsDialog, shown.attrs, (words) => rename(editor, getPos(), words)),
        };
        for (const button of card.querySelectorAll("button")) button.addEventListener("click", acts[button.dataset.act]);
        fill(card, shown, pictures);
        return {
          dom: card,
          stopEvent: (event) => event.target.closest?.("button") !== null && event.type !== "dragstart",
          ignoreMutation: () => true,
          update(changed) {
            if (changed.type !== shown.type) return false;
            shown = changed;
            fill(card, shown, pictures);
            return true;
          },
        };
      };
    },
  });
}

async function fill(card, { attrs }, pictures) {
  const known = await factsOf(pictures, attrs.image);
  const say = (name, text) => (card.querySelector(`[data-say="${name}"]`).textContent = text);
  say("title", known?.title ?? attrs.image);
  say("caption", attrs.caption || known?.caption || "");
  say("credit", known?.credit ?? "");
  say("alt", attrs.alt || known?.alt || "");
  const image = card.querySelector("img");
  if (known && image.getAttribute("src") !== known.thumbnail) image.src = known.thumbnail;
}

/* Change places with the block before or after; the picture keeps the selection. */
function move(editor, position, step) {
  const { doc } = editor.state;
  const index = doc.resolve(position).index();
  const neighbour = doc.maybeChild(index + step);
  if (!neighbour || doc.resolve(position).depth) return;
  const node = doc.child(index);
  const target = step < 0 ? position - neighbour.nodeSize : position + neighbour.nodeSize;
  editor
    .chain()
    .command(({ tr }) => {
      tr.delete(position, position + node.nodeSize).insert(target, node);
      return true;
    })
    .setNodeSelection(target)
    .scrollIntoView()
    .run();
}

function takeOut(editor, position) {
  editor.chain().setNodeSelection(position).deleteSelection().focus().run();
}

function rename(editor, position, words) {
  editor
    .chain()
    .command(({ tr }) => {
      tr.setNodeMarkup(position, undefined, { ...tr.doc.nodeAt(position).attrs, ...words });
      return true;
    })
    .focus()
    .run();
}

/* Tab leaves the editor, always: nobody is held in it. Lists go deeper by Ctrl+] and back by Ctrl+[. */
function listItem({ ListItem }) {
  return ListItem.extend({
    addKeyboardShortcuts() {
      return {
        Enter: () => this.editor.commands.splitListItem(this.name),
        "Mod-]": () => this.editor.commands.sinkListItem(this.name),
        "Mod-[": () => this.editor.commands.liftListItem(this.name),
      };
    },
  });
}

/* Ctrl+K asks our own question. No link is made by itself: “story.My own” is a missing space, not a place in Malaysia. */
function link({ Link }, { askForLink }) {
  return Link.configure({ enableTarget: false, autolink: false, protocols: ["mailto"] }).extend({
    addKeyboardShortcuts: () => ({
      "Mod-k": () => {
        askForLink();
        return true;
      },
    }),
  });
}

export function extensionsOf(tiptap, furniture) {
  return [
    tiptap.Document,
    tiptap.Paragraph,
    tiptap.Text,
    tiptap.HardBreak,
    tiptap.Heading.configure({ levels: [2, 3] }),
    tiptap.Bold,
    tiptap.Italic,
    link(tiptap, furniture),
    tiptap.BulletList,
    tiptap.OrderedList.configure({ enableListAttributes: false }),
    listItem(tiptap),
    tiptap.Blockquote,
    tiptap.HorizontalRule,
    tiptap.History,
    tiptap.Dropcursor,
    tiptap.Gapcursor,
    figure(tiptap, furniture),
  ];
}
