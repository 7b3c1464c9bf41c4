/* What the editor can hold: exactly the vocabulary of articles/body/allowlist.py. */
import { boxes } from "./boxes.js";
import { embed, unknown } from "./embeds.js";
import { figure, gallery } from "./figures.js";
import { find } from "./find.js";
import { gloss } from "./gloss.js";
import { keys } from "./keys.js";
import { marks } from "./marks.js";
import { slash } from "./slash.js";
import { related, storyLink } from "./stories.js";
import { tables } from "./tables.js";

/* Tab leaves the editor, always: nobody is held in it. Lists go deeper and back by keys of their own, see the help panel. */
function listItem({ ListItem }) {
  return ListItem.extend({
    content: "paragraph passage*",
    addKeyboardShortcuts() {
      return { Enter: () => this.editor.commands.splitListItem(this.name) };
    },
  });
}

/* No link is made by itself: “story.My own” is a missing space, not a place in Malaysia. */
function link({ Link }) {
  return Link.configure({ enableTarget: false, autolink: false, linkOnPaste: false, protocols: ["mailto"] }).extend({
    inclusive: false,
    addKeyboardShortcuts: () => ({}),
  });
}

/* A passage is what may stand in a box or a quotation: paragraphs and lists. Pictures, boxes and tables never nest. */
const PASSAGE = { group: "block passage" };

export function extensionsOf(tiptap, desk) {
  return [
    tiptap.Document,
    tiptap.Paragraph.extend(PASSAGE),
    tiptap.Text,
    tiptap.HardBreak,
    tiptap.Heading.configure({ levels: [2, 3] }),
    tiptap.Bold,
    tiptap.Italic,
    link(tiptap),
    storyLink(tiptap),
    gloss(tiptap),
    tiptap.BulletList.extend(PASSAGE),
    tiptap.OrderedList.configure({ enableListAttributes: false }).extend({ ...PASSAGE, addAttributes: () => ({}) }),
    listItem(tiptap),
    tiptap.Blockquote.extend({ content: "passage+" }),
    tiptap.HorizontalRule,
    tiptap.History,
    tiptap.Dropcursor,
    tiptap.Gapcursor,
    figure(tiptap, desk),
    gallery(tiptap, desk),
    ...boxes(tiptap, desk),
    ...tables(tiptap, desk),
    embed(tiptap, desk),
    related(tiptap, desk),
    unknown(tiptap, desk),
    keys(tiptap, desk),
    slash(tiptap, desk),
    find(tiptap, desk),
    marks(tiptap),
  ];
}
