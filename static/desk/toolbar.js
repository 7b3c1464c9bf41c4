/* The row of buttons over the story, and the question for a link. Plain buttons with words: Tab reaches each of them. */

const PRESSED = {
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  link: (editor) => editor.isActive("link"),
  heading: (editor) => editor.isActive("heading", { level: 2 }),
  subheading: (editor) => editor.isActive("heading", { level: 3 }),
  list: (editor) => editor.isActive("bulletList"),
  numbers: (editor) => editor.isActive("orderedList"),
  quote: (editor) => editor.isActive("blockquote"),
};

const COMMANDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  subheading: (chain) => chain.toggleHeading({ level: 3 }),
  list: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  line: (chain) => chain.setHorizontalRule(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};

export function fitToolbar(tools, editor, questions) {
  const buttons = [...tools.querySelectorAll("button")];
  for (const button of buttons) {
    const act = button.dataset.do;
    button.addEventListener("click", () => {
      if (questions[act]) questions[act]();
      else COMMANDS[act](editor.chain().focus()).run();
    });
  }
  const show = () => {
    for (const button of buttons) {
      const pressed = PRESSED[button.dataset.do];
      if (pressed) button.setAttribute("aria-pressed", String(pressed(editor)));
    }
  };
  editor.on("transaction", show);
  show();
}

/*
 * Ask where a link leads. An empty answer takes the link away; without a selection the address itself is written.
 * A browser tells of a selection one frame late: who selects and asks at once would lose its last letter.
 */
export async function openLink(dialog, editor) {
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const field = dialog.querySelector("input");
  field.value = editor.getAttributes("link").href ?? "";
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return editor.commands.focus();
    const href = withScheme(field.value.trim());
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) return chain.unsetLink().run();
    if (editor.state.selection.empty && !editor.isActive("link")) {
      return chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    }
    return chain.setLink({ href }).run();
  };
  dialog.showModal();
}

function withScheme(address) {
  if (!address || /^(https?:|mailto:|\/)/i.test(address)) return address;
  return address.includes("@") ? `mailto:${address}` : `https://${address}`;
}
