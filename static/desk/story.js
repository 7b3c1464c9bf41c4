/*
 * Turns the story's textarea into an editor, where scripts may run. It knows the same words as articles/body and judges
 * nothing: the server cleans whatever arrives. The textarea is touched only by a real change, so a story that was merely
 * opened is sent back byte for byte.
 */
import { fitForm } from "./form.js";
import { extensionsOf } from "./vocabulary.js";
import { openPictures } from "./pictures.js";
import { tidyPaste } from "./paste.js";
import { fitToolbar, openLink } from "./toolbar.js";

const textarea = document.querySelector("textarea[data-library]");
const furniture = document.getElementById("story-furniture");

/* Text that was typed without a script: blank lines part paragraphs, as on the server. */
function markedUp(text) {
  if (/<\/?[a-z]/i.test(text)) return text;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped
    .split(/\n[ \t]*\n/)
    .map((part) => `<p>${part.trim().replaceAll("\n", "<br>")}</p>`)
    .join("");
}

async function begin() {
  const tiptap = await import(textarea.dataset.library);
  const parts = furniture.content.cloneNode(true);
  const tools = parts.querySelector(".tools");
  const dialogs = Object.fromEntries([...parts.querySelectorAll("dialog")].map((dialog) => [dialog.id, dialog]));
  document.body.append(...Object.values(dialogs));

  const host = document.createElement("div");
  host.className = "prose-editor";
  textarea.before(host);
  host.append(tools);

  const label = document.querySelector(`label[for="${textarea.id}"]`);
  label.id = `${textarea.id}_label`;

  const askForLink = () => openLink(dialogs["story-link"], editor);
  const editor = new tiptap.Editor({
    element: host,
    injectCSS: false,
    content: markedUp(textarea.value),
    extensions: extensionsOf(tiptap, {
      pictures: textarea.dataset.pictures,
      furniture,
      wordsDialog: dialogs["picture-words"],
      askForLink,
    }),
    editorProps: {
      attributes: {
        class: "prose",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        ...(textarea.getAttribute("aria-describedby") && { "aria-describedby": textarea.getAttribute("aria-describedby") }),
        ...(textarea.getAttribute("aria-invalid") && { "aria-invalid": "true" }),
      },
      transformPastedHTML: tidyPaste,
    },
    onUpdate({ editor: changed }) {
      textarea.value = changed.isEmpty ? "" : changed.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  textarea.hidden = true;
  label.addEventListener("click", () => editor.commands.focus());
  fitToolbar(tools, editor, {
    link: askForLink,
    picture: () => openPictures(dialogs["story-pictures"], editor, textarea.dataset.pictures),
  });
  if (location.hash === `#${textarea.id}`) editor.commands.focus();
  document.dispatchEvent(new CustomEvent("story-editor:ready", { detail: { editor } }));
}

/* One browser tab is one writing spell: its savings replace each other until it rests. */
function nameTheTab(form) {
  sessionStorage.newsroomTab ??= crypto.randomUUID();
  form.elements.tab.value = sessionStorage.newsroomTab;
}

/* Leaving with words that are not saved asks first. */
function keepUnsaved(form) {
  let unsaved = Boolean(document.querySelector(".errornote"));
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("submit", () => (unsaved = false));
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

/* What the name of a new cover's file says goes into the fields that are still empty. */
function readFileNames(form) {
  const file = form.elements.cover_file;
  file?.addEventListener("change", async () => {
    if (!file.files.length) return;
    const answer = await fetch(`${file.dataset.readName}?name=${encodeURIComponent(file.files[0].name)}`);
    if (!answer.ok) return;
    const read = await answer.json();
    for (const [name, value] of [["cover_credit", read.credit], ["cover_caption", read.credit && read.title]]) {
      if (value && !form.elements[name].value) form.elements[name].value = value;
    }
  });
}

if (textarea) {
  nameTheTab(textarea.form);
  keepUnsaved(textarea.form);
  readFileNames(textarea.form);
  fitForm(textarea.form);
  begin();
}
