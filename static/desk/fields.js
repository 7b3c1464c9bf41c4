/*
 * The story's form while somebody writes in it: what stands there now, the editor's text included, and what colleagues
 * wrote put in without touching a field at which the writer is.
 *
 *   const fields = fieldsOf(form, () => editor);
 *   fields.read()                      all words, as the newsroom keeps them
 *   fields.snapshot()                  the editor's document as it is being sent
 *   fields.learn(known)                what the form calls the rows that incoming words name
 *   fields.take(name, value, snapshot) puts a value in; false where its field cannot take it now
 */
import { applyIncoming, sent } from "./incoming.js";
import { learn } from "./known.js";
import { readWords, writeWords } from "./words.js";

const CONTROLS = { tags: "topics", related: "related" };

export function fieldsOf(form, editorNow) {
  const controlOf = (name) => form.elements[CONTROLS[name] ?? name];

  const isBusy = (name) => {
    const at = document.activeElement;
    if (name === "bylines") return document.getElementById("bylines").contains(at);
    const control = controlOf(name);
    const around = control?.hidden ? control.closest(".form-row") : control;
    return Boolean(around?.contains(at)) && at.matches("input, textarea, select");
  };

  const takeBody = (html, snapshot) => {
    const editor = editorNow();
    if (editor) return applyIncoming(editor, snapshot ?? sent(editor), html);
    if (isBusy("body")) return false;
    writeWords(form, { body: html });
    return true;
  };

  const takeField = (name, value) => {
    if (isBusy(name)) return false;
    writeWords(form, { [name]: value });
    return true;
  };

  /* What the form calls the rows that a colleague's words name. */
  const learnAll = ({ covers = [], ...registers }) => {
    for (const [register, rows] of Object.entries(registers)) learn(register, rows);
    const { options } = form.elements.cover;
    const isNew = ({ key }) => ![...options].some((option) => option.value === key);
    for (const { key, value } of covers.filter(isNew)) options.add(new Option(value, key));
  };

  return {
    read: () => readWords(form),
    snapshot: () => (editorNow() ? sent(editorNow()) : null),
    take: (name, value, snapshot) => (name === "body" ? takeBody(value, snapshot) : takeField(name, value)),
    learn: learnAll,
  };
}
