/*
 * Two texts for one place: both are shown, and the writer chooses. Until then what this page sends is kept beside the
 * story, so nothing is lost by choosing later.
 */
import { ask, bar, part, takeDown, words } from "./furnished.js";
import { send } from "./session.js";

const REST = 1000; // ms without a key, before a dialog may come between the fingers and the text
let lastKey = -REST;
addEventListener("keydown", () => (lastKey = performance.now()), true);

async function rest() {
  while (performance.now() - lastKey < REST) await new Promise((resume) => setTimeout(resume, REST / 4));
}

export function fitClash({ place, tab, flush, settled }) {
  let latest = null;

  const keyOf = (index) => `clash-${index}`;

  function fill(dialog) {
    const places = latest.clashes.map((clash, index) => {
      const shown = part("place");
      const { length } = latest.clashes;
      shown.querySelector("legend").textContent = length > 1 ? words("place", clash.label, index + 1, length) : clash.label;
      shown.querySelector("[data-part=shown]").innerHTML = clash.html; // our own server's, escaped there
      for (const label of shown.querySelectorAll("[data-choice]")) {
        label.hidden = !clash.choices.includes(label.dataset.choice);
        label.querySelector("input").name = keyOf(index);
      }
      return shown;
    });
    dialog.querySelector("[data-part=places]").replaceChildren(...places);
  }

  async function putTogether(_value, dialog) {
    const chosen = new FormData(dialog.querySelector("form"));
    const choices = Object.fromEntries(latest.clashes.map(({ key }, index) => [key, chosen.get(keyOf(index))]));
    if (Object.values(choices).some((choice) => !choice)) return words("missing");
    const { aside, version: over } = latest;
    const answer = await send(place.to("settle"), { json: { aside, over, choices, tab } });
    const said = await answer.json();
    if (!answer.ok) return said.refused ?? said.wrong ?? Object.values(said.problems ?? {}).flat().join(" ");
    if (said.clashes.length) {
      latest = said;
      fill(dialog);
      return words("moved");
    }
    latest = null;
    takeDown("clash");
    settled(said);
    return "";
  }

  /* The last words first, so that what is chosen from is what stands in the page. */
  async function choose() {
    await flush();
    if (latest) ask("clash", { fill, yes: putTogether, later: remind });
  }

  function remind() {
    if (latest) bar("clash", words("clash", latest.who || "…"), { choose });
  }

  return {
    show(said) {
      const isNew = latest === null;
      latest = said;
      remind();
      if (isNew) rest().then(() => latest && ask("clash", { fill, yes: putTogether, later: remind }));
    },
    /* It clashes no more: the colleague took it back, or the writer did. */
    over() {
      latest = null;
      takeDown("clash");
    },
  };
}
