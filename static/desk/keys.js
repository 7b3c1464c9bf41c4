/* The keys stand in one table on the page, the help panel; this binds them, and shows them as this machine calls them. */
import { ACTS } from "./acts.js";

const ON_APPLE = /mac|iphone|ipad/i.test(navigator.platform);
const APPLE = { Ctrl: "⌘", Alt: "⌥", Shift: "⇧" };

export function keys({ Extension }, desk) {
  const rows = [...desk.dialogs["story-keys"].querySelectorAll("tr[data-keys]")];
  if (ON_APPLE) {
    for (const key of document.querySelectorAll("#story-keys kbd")) key.textContent = APPLE[key.textContent] ?? key.textContent;
  }
  const run = (act) => () => {
    ACTS[act](desk);
    return true;
  };
  const bound = rows.map(({ dataset }) => [dataset.keys, run(dataset.do)]);
  return Extension.create({ name: "keys", priority: 2000, addKeyboardShortcuts: () => Object.fromEntries(bound) });
}
