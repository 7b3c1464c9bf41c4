/*
 * The story's textarea as an editor. It knows the same words as articles/body and judges nothing: the server cleans
 * whatever arrives. The textarea is touched only by a real change, so a story that was merely opened is sent back byte for
 * byte; and it is written at rest and before any sending, not at each key.
 */
import { register } from "./asking.js";
import { fitFoot } from "./counts.js";
import { fitFind } from "./find.js";
import { takeIn } from "./pasting.js";
import { fitToolbar } from "./toolbar.js";
import { keepFilesOut } from "./uploads.js";
import { extensionsOf } from "./vocabulary.js";
import { bodyOf, isWhole, prepared, textOf } from "./written.js";

const REST = 300; // ms without a change, after which the textarea is written

export async function openEditor(textarea, furniture) {
  const tiptap = await import(textarea.dataset.library);
  const desk = deskOf(tiptap, textarea, furniture);
  const { host } = desk;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  label.id = `${textarea.id}_label`;
  textarea.before(host);

  const editor = new tiptap.Editor({
    element: host,
    injectCSS: false,
    enablePasteRules: false, // what is pasted as plain text stays plain
    content: prepared(textarea.value),
    extensions: extensionsOf(tiptap, desk),
    editorProps: {
      attributes: (state) => ({
        class: "prose",
        "aria-labelledby": label.id,
        ...(textarea.getAttribute("aria-describedby") && { "aria-describedby": textarea.getAttribute("aria-describedby") }),
        ...(textarea.getAttribute("aria-invalid") && { "aria-invalid": "true" }),
        ...(desk.editor?.storage.slash.attributes(state) ?? { role: "textbox", "aria-multiline": "true" }),
      }),
      scrollMargin: { top: 80, bottom: 120, left: 0, right: 0 },
      scrollThreshold: { top: 80, bottom: 120, left: 0, right: 0 },
      ...takeIn(desk),
    },
  });
  desk.editor = editor;

  const body = () => bodyOf(editor.state.doc, desk.serializer());
  if (!isWhole(textarea.value, body())) return giveUp(desk, textarea);

  host.prepend(desk.tools, desk.panel);
  host.append(desk.foot);
  textarea.hidden = true;
  label.addEventListener("click", () => editor.commands.focus());
  editor.newsroom = {
    body,
    flush: keepWritten(textarea, editor, body),
    parse: (text) => tiptap.createNodeFromContent(prepared(text), editor.schema),
    textOf: (block) => textOf(block, desk.serializer()),
    say: desk.say,
  };
  fitToolbar(desk);
  fitFind(desk);
  fitFoot(desk);
  keepFilesOut(desk);
  tellOfChanges(editor);
  if (location.hash === `#${textarea.id}`) editor.commands.focus();
  document.dispatchEvent(new CustomEvent("story-editor:ready", { detail: { editor } }));
  return editor;
}

/* What all parts of the editor share: the furniture and its words, the dialogs, what the newsroom knows. */
function deskOf(tiptap, textarea, furniture) {
  const part = (selector) => furniture.content.querySelector(selector).cloneNode(true);
  const dialogs = [...furniture.content.querySelectorAll("dialog")].map((dialog) => dialog.cloneNode(true));
  document.body.append(...dialogs);
  const host = document.createElement("div");
  host.className = "prose-editor";
  const foot = part(".foot");
  const addresses = { ...textarea.dataset };
  const desk = {
    tiptap,
    pm: tiptap.pm,
    host,
    foot,
    part,
    addresses,
    tools: part(".tools"),
    panel: part(".find"),
    dialogs: Object.fromEntries(dialogs.map((dialog) => [dialog.id, dialog])),
    inserts: [...furniture.content.querySelectorAll("[data-insert]")].map(({ dataset }) => ({ ...dataset, act: dataset.insert })),
    wordsAMinute: Number(textarea.dataset.wordsAMinute),
    pictures: register(addresses.pictures, "pictures"),
    stories: register(addresses.stories, "stories"),
    word: (name, ...parts) => wordOf(furniture, name, parts),
    say: (name, ...parts) => (foot.querySelector("[role=status]").textContent = wordOf(furniture, name, parts)),
    eachFrame: (event, act) => atMostOnceAFrame(desk.editor, event, act),
    open: (dialog, yes) => open(desk, dialog, yes),
    serializer: () => (desk.serializes ??= tiptap.pm.model.DOMSerializer.fromSchema(desk.editor.schema)),
  };
  return desk;
}

function wordOf(furniture, name, parts) {
  const words = furniture.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return parts.reduce((text, part, index) => text.replace(`{${index + 1}}`, part), words);
}

/* A dialog whose buttons with a value ask `yes`, which may say false to keep it open. The text gets the focus back. */
function open(desk, dialog, yes = () => true) {
  const form = dialog.querySelector("form");
  form.onsubmit = async (event) => {
    const end = event.submitter?.value;
    if (!end) return;
    event.preventDefault();
    if ((await yes(end)) !== false) dialog.close();
  };
  dialog.onclose = () => desk.editor.view.focus();
  dialog.showModal();
  dialog.scrollTop = 0;
}

function atMostOnceAFrame(editor, event, act) {
  let waits = false;
  editor.on(event, () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      if (!editor.isDestroyed) act();
    });
  });
}

/* The textarea follows the editor: at rest, and in time for whatever reads the form. Gives the way to do it at once. */
function keepWritten(textarea, editor, body) {
  let rest = 0;
  let last = body();

  const flush = () => {
    clearTimeout(rest);
    const now = body();
    if (now === last) return;
    last = now;
    textarea.value = now;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.on("update", () => {
    clearTimeout(rest);
    rest = setTimeout(flush, REST);
  });
  addEventListener("submit", flush, true);
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
  textarea.form.addEventListener("formdata", ({ formData }) => {
    flush();
    formData.set(textarea.name, textarea.value);
  });
  return flush;
}

/* Others hear of changes at most once a frame; `incoming` says that all of them came from the newsroom. */
function tellOfChanges(editor) {
  let incoming = true;
  editor.on("update", ({ transaction }) => (incoming &&= Boolean(transaction.getMeta("incoming"))));
  atMostOnceAFrame(editor, "update", () => {
    document.dispatchEvent(new CustomEvent("story-editor:changed", { detail: { editor, incoming } }));
    incoming = true;
  });
}

/* A text of which something would be lost here stays in its plain field. */
function giveUp(desk, textarea) {
  const note = desk.part(".not-whole");
  desk.editor.destroy();
  desk.host.replaceWith(note);
  textarea.hidden = false;
  return null;
}
