/* What the writing desk's scripts share of their furniture: words, bars above the story, dialogs that ask. */
const furniture = document.getElementById("writing-furniture");

export const addresses = furniture?.dataset;

export function words(name, ...parts) {
  const text = furniture.content.querySelector(`[data-word="${name}"]`).textContent;
  return parts.reduce((said, part, index) => said.replace(`{${index + 1}}`, part), text);
}

export const part = (name) => furniture.content.querySelector(`[data-part="${name}"]`).cloneNode(true);

/* A bar above the story, said politely: one of each kind. `acts` by the name of a button. */
export function bar(name, text, acts = {}) {
  const bars = document.getElementById("writing-bars");
  let shown = bars.querySelector(`[data-bar="${name}"]`);
  if (!shown) {
    shown = furniture.content.querySelector(`[data-bar="${name}"]`).cloneNode(true);
    bars.append(shown);
  }
  for (const button of shown.querySelectorAll("[data-act]")) {
    button.onclick = () => (acts[button.dataset.act] ?? (() => shown.remove()))(button);
  }
  const said = shown.querySelector("[role=status]");
  if (said.textContent !== text) setTimeout(() => (said.textContent = text));
  return shown;
}

export function takeDown(name) {
  document.querySelector(`#writing-bars [data-bar="${name}"]`)?.remove();
}

/*
 * A dialog that asks. `yes(value, dialog)` is called for a button with a value; where it gives back a sentence the dialog
 * stays open and says it. The focus goes back to where it was.
 */
export function ask(name, { fill = () => {}, yes, later = () => {} }) {
  const open = document.querySelector(`dialog[data-dialog="${name}"][open]`);
  if (open) return open;
  const dialog = furniture.content.querySelector(`[data-dialog="${name}"]`).cloneNode(true);
  const form = dialog.querySelector("form");
  const fault = dialog.querySelector("[role=alert]");
  const from = document.activeElement;
  let isDone = false;
  fill(dialog);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = event.submitter?.value;
    if (!value) return dialog.close();
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    const said = await yes(value, dialog).catch((problem) => String(problem.message ?? problem));
    for (const button of buttons) button.disabled = false;
    if (said && fault) {
      fault.textContent = said;
      fault.hidden = false;
      event.submitter.focus();
      return undefined;
    }
    isDone = true;
    return dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    from?.focus?.({ preventScroll: true });
    if (!isDone) later();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2[tabindex]")?.focus();
  return dialog;
}
