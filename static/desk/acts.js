/* Everything that can be done to the text: the toolbar, the slash menu, the insert menu and the keys all name it here. */
import { buttonsHere, insertBlock, move } from "./cards.js";
import { insertEmbed, openEmbed } from "./embeds.js";
import { openFind } from "./find.js";
import { openGloss } from "./gloss.js";
import { openLink } from "./links.js";
import { openPictures } from "./pictures.js";
import { openRelated } from "./stories.js";
import { insertTable } from "./tables.js";

const chain = (act) => (desk) => act(desk.editor.chain().focus()).run();
const block = (content) => (desk) => insertBlock(desk, content);
const empty = (...types) => types.map((type) => ({ type }));

export const ACTS = {
  bold: chain((text) => text.toggleBold()),
  italic: chain((text) => text.toggleItalic()),
  link: (desk) => openLink(desk),
  explain: (desk) => openGloss(desk),
  paragraph: chain((text) => text.setParagraph()),
  heading: chain((text) => text.toggleHeading({ level: 2 })),
  subheading: chain((text) => text.toggleHeading({ level: 3 })),
  list: chain((text) => text.toggleBulletList()),
  numbers: chain((text) => text.toggleOrderedList()),
  quote: chain((text) => text.toggleBlockquote()),
  deeper: chain((text) => text.sinkListItem("listItem")),
  higher: chain((text) => text.liftListItem("listItem")),
  undo: chain((text) => text.undo()),
  redo: chain((text) => text.redo()),

  picture: (desk) => openPictures(desk),
  gallery: (desk) =>
    openPictures(desk, {
      place: (pictures) =>
        insertBlock(desk, {
          type: "gallery",
          content: pictures.map(({ uid }) => ({ type: "figure", attrs: { image: uid } })),
        }),
    }),
  facts: block({ type: "facts", content: empty("boxTitle", "paragraph") }),
  timeline: block({
    type: "timeline",
    content: [{ type: "boxTitle" }, { type: "moments", content: empty("when", "what") }],
  }),
  "pull-quote": block({ type: "pullQuote", content: empty("paragraph", "quoteBy") }),
  table: (desk) => insertTable(desk),
  embed: (desk) => openEmbed(desk, {}, (attrs) => insertEmbed(desk, attrs)),
  related: (desk) => openRelated(desk, [], (attrs) => attrs.stories.length && insertBlock(desk, { type: "related", attrs })),
  line: block({ type: "horizontalRule" }),

  find: (desk) => openFind(desk),
  up: (desk) => moveHere(desk.editor, -1),
  down: (desk) => moveHere(desk.editor, 1),
  leave: ({ editor }) => editor.storage.keysOfBoxes.leave(editor),
  buttons: (desk) => (buttonsHere(desk.editor) ?? desk.tools.querySelector('[tabindex="0"]')).focus(),
  keys: (desk) => desk.open(desk.dialogs["story-keys"]),
};

/* Which of them are on where the cursor is. */
export const PRESSED = {
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  link: (editor) => editor.isActive("link") || editor.isActive("storyLink"),
  explain: (editor) => editor.isActive("gloss"),
  heading: (editor) => editor.isActive("heading", { level: 2 }),
  subheading: (editor) => editor.isActive("heading", { level: 3 }),
  list: (editor) => editor.isActive("bulletList"),
  numbers: (editor) => editor.isActive("orderedList"),
  quote: (editor) => editor.isActive("blockquote"),
};

/* The picture of a gallery moves in its gallery, a list item's list as a whole, everything else as the block it is. */
function moveHere(editor, step) {
  const { $from, node } = editor.state.selection;
  move(editor, node && $from.depth ? $from.pos : $from.depth ? $from.before(1) : $from.pos, step);
  return true;
}
