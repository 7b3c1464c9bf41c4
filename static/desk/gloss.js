/* Words that the desk explains to readers: acronyms, ranks, places. A link cannot have an explanation too. */

export function gloss({ Mark }) {
  return Mark.create({
    name: "gloss",
    inclusive: false,
    excludes: "gloss link storyLink",
    addAttributes: () => ({
      title: {
        default: "",
        parseHTML: (element) => element.title,
        renderHTML: ({ title }) => ({ title }),
      },
    }),
    parseHTML: () => [{ tag: "abbr[title]" }],
    renderHTML: ({ HTMLAttributes }) => ["abbr", HTMLAttributes, 0],
  });
}

/* Ask what the chosen words mean, or the explained ones that the cursor is in. See links.js for why the library looks now. */
export function openGloss(desk) {
  const { editor } = desk;
  editor.view.domObserver.flush();
  const dialog = desk.dialogs["story-gloss"];
  const words = dialog.querySelector("input");
  words.value = editor.getAttributes("gloss").title ?? "";
  desk.open(dialog, () => setGloss(editor, words.value.trim()));
}

function setGloss(editor, title) {
  const chain = editor.chain().focus();
  if (editor.isActive("gloss")) chain.extendMarkRange("gloss");
  chain.unsetMark("gloss");
  return title ? chain.setMark("gloss", { title }).run() : chain.run();
}
