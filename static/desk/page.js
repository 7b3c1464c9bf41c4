/* A page about the newsroom, where scripts may run: the story's editor, and a question before unsaved words are left. */
import { openEditor } from "./editor.js";

const textarea = document.querySelector("textarea[data-library]");

function keepUnsaved(form) {
  let unsaved = Boolean(document.querySelector(".errornote"));
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("submit", () => (unsaved = false));
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

if (textarea) {
  keepUnsaved(textarea.form);
  openEditor(textarea, document.getElementById("story-furniture"));
}
