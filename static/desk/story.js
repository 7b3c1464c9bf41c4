/*
 * What the story's form begins with, where scripts may run. Others of the desk's scripts find the editor by
 *
 *   document.addEventListener("story-editor:ready", ({ detail: { editor } }) => …)
 *
 *   editor.newsroom.body()    the story's text as it stands in the editor now, as the server would keep it; cheap
 *   editor.newsroom.flush()   write it into the textarea at once (it is written at rest, and before any sending anyway)
 *   editor.newsroom.parse(text), .textOf(block)    a text as the editor's document, and a block of that as its line of text
 *   editor.newsroom.say(name, ...)                 a word of the furniture, said to screen readers
 *
 * The document hears "story-editor:changed" at most once a frame; detail.incoming is true where nobody typed, because all
 * of it came from the newsroom by incoming.js. The textarea's own "input" event comes at rest, 0.3 s after the last key.
 */
import { ask } from "./asking.js";
import { openEditor } from "./editor.js";
import { fitForm } from "./form.js";
import { fitWriting } from "./writing.js";

const textarea = document.querySelector("textarea[data-library]");
const furniture = document.getElementById("story-furniture");

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
  document.addEventListener("story:saved", ({ detail }) => (unsaved = !detail.whole || Boolean(form.elements.cover_file?.files.length)));
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

/* What the name of a new cover's file says goes into the fields that are still empty. */
function readFileNames(form) {
  const file = form.elements.cover_file;
  file?.addEventListener("change", async () => {
    if (!file.files.length) return;
    const read = await ask(file.dataset.readName, { name: file.files[0].name });
    if (!read) return;
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
  fitWriting(textarea.form);
  openEditor(textarea, furniture);
}
