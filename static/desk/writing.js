/*
 * The writing desk: what somebody writes is saved while they write, kept on this computer until it is, and put together
 * with what colleagues write. It works beside the plain form, whose Save button goes on as ever.
 */
import { fitAutosave } from "./autosave.js";
import { showItsOwn } from "./begun.js";
import { fitClash } from "./clash.js";
import { fieldsOf } from "./fields.js";
import { addresses, ask, bar, words } from "./furnished.js";
import { journalOf } from "./journal.js";
import { fitPresence } from "./presence.js";
import { send, session } from "./session.js";

const REST = 300;

export function fitWriting(form) {
  if (!addresses) return;
  const tab = form.elements.tab.value;
  const sender = crypto.randomUUID();
  const place = placeOf();
  const state = stateLine();
  form.elements.sender.value = sender;

  const fields = fieldsOf(form, () => place.editor);
  const journal = journalOf({ user: session.user, sender, failed: state.bare });
  const autosave = fitAutosave({
    form,
    fields,
    place,
    words,
    sender,
    tab,
    on: {
      state: state.say,
      clean() {
        journal.forget(place.uid);
        clash.over();
      },
      clash: (said) => clash.show(said),
      incoming: showIncoming,
      refused: showRefused,
      takenOver: () => presence.takenOver(),
      begun(url) {
        presence.beat();
        showItsOwn(url);
      },
    },
  });
  const clash = fitClash({ place, tab, flush: () => autosave.save(), settled: autosave.settled });
  const presence = fitPresence({ form, place, tab, autosave, newer: () => autosave.save({ pull: true }) });

  const text = form.elements.body.value;
  document.addEventListener("story-editor:ready", ({ detail: { editor } }) => {
    place.editor = editor;
    autosave.editorCame(text, fields.read().body);
  });

  let rest = 0;
  const write = () => {
    rest = 0;
    if (autosave.isClean()) return undefined;
    return journal.keep(place.uid, { seen: autosave.seen, changed: autosave.changed(), at: clockNow(), isNew: place.isNew });
  };
  const note = () => (rest ||= setTimeout(write, REST));
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  document.addEventListener("story-editor:changed", ({ detail }) => detail.incoming || note());
  addEventListener("pagehide", write);
  sendBeforeLoggingOut(autosave);
  offerWhatIsLeft({ journal, place, tab, autosave, clash });
}

/* Which story this is: one that is begun has its doors, a new one has a uid only. */
function placeOf() {
  const { pk, autosave, begin, uid } = addresses;
  return {
    editor: null,
    uid,
    begin,
    pk: Number(pk) || null,
    doors: autosave?.replace(/autosave\/$/, ""),
    history: addresses.history,
    get isNew() {
      return !this.pk;
    },
    to(door) {
      return `${this.doors}${door}/`;
    },
    become(pk, url) {
      this.pk = pk;
      this.doors = url.replace(/change\/$/, "");
      this.history = `${this.doors}history/`;
    },
  };
}

/* One line says how it stands with the words. That all goes well is not read out each time; that it does not, is. */
function stateLine() {
  const line = document.getElementById("writing-state");
  let isBare = false;
  return {
    say(name, ...parts) {
      line.setAttribute("aria-live", name === "saved" || name === "saving" ? "off" : "polite");
      line.textContent = words(name === "offline" && isBare ? "offline-bare" : name, ...parts);
      line.dataset.state = name;
    },
    bare() {
      isBare = true;
      if (!line.dataset.state) line.textContent = words("bare");
    },
  };
}

const clockNow = () => new Date().toISOString();

function showIncoming({ who, theirs }) {
  const list = theirs.join(", ");
  bar("came", words("came", who, list)).querySelector("a").href = `${location.pathname.replace(/change\/$/, "")}history/`;
}

/* Somebody whose right to write ended: the text is theirs to take along. */
function showRefused(why) {
  bar("refused", why, {
    async copy(button) {
      const texts = document.querySelectorAll("main form :is(textarea:not([hidden]), input[type=text]), main .ProseMirror");
      const text = [...texts].map((one) => (one.value ?? one.innerText).trim()).filter(Boolean);
      await navigator.clipboard.writeText(text.join("\n\n"));
      button.textContent = button.dataset.copied;
    },
  });
}

/* Whoever logs out has sent everything first. */
function sendBeforeLoggingOut(autosave) {
  const form = document.getElementById("logout-form");
  form?.addEventListener("submit", async (event) => {
    if (form.dataset.sent || autosave.isClean()) return;
    event.preventDefault();
    await Promise.race([autosave.save(), new Promise((resolve) => setTimeout(resolve, 5000))]);
    form.dataset.sent = "yes";
    form.requestSubmit();
  });
}

/* --- What other pages of this account left behind on this computer --- */

/* A page that lives, or is on its way out, keeps its words to itself until it is gone. */
async function offerWhatIsLeft({ journal, place, tab, autosave, clash }) {
  const { left, held } = await journal.others(place.isNew ? "" : place.uid);
  for (const entry of left) {
    const shown = await against(entry, place);
    if (shown === null) journal.drop(entry);
    else if (shown !== undefined) {
      offer({ entry, shown, journal, place, tab, autosave, clash });
      return;
    }
  }
  if (!held.length) return;
  await Promise.any(held.map(journal.gone));
  await offerWhatIsLeft({ journal, place, tab, autosave, clash });
}

/* In what it differs: a part of a page; null where it does not, nothing where it cannot be asked. */
async function against({ seen, sender, changed }, place) {
  if (place.isNew) return plain(changed);
  const answer = await send(place.to("against"), { json: { seen, sender, changed } }).catch(() => null);
  if (!answer?.ok) return undefined;
  const { html, same } = await answer.json();
  if (same) return null;
  const shown = document.createElement("div");
  shown.innerHTML = html; // our own server's, escaped there
  return shown;
}

/* A story that was never begun is compared with nothing. */
function plain({ headline = "", standfirst = "", body = "" }) {
  const shown = document.createElement("div");
  const text = new DOMParser().parseFromString(body.replaceAll("</p>", "</p>\n"), "text/html").body.textContent;
  for (const words of [headline, standfirst, ...text.split("\n")].filter((one) => one.trim())) {
    const line = document.createElement("p");
    line.textContent = words;
    shown.append(line);
  }
  return shown;
}

function offer({ entry, shown, journal, place, tab, autosave, clash }) {
  const time = new Date(entry.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const title = words("rested", time);
  const take = {
    in: () => putIn({ entry, journal, place, tab, autosave, clash }),
    async beside() {
      const { seen, changed } = entry;
      if (!place.isNew) await told(await send(place.to("beside"), { json: { seen, changed } }));
      await journal.drop(entry);
    },
    away: () => journal.drop(entry),
  };
  const look = () =>
    ask("rested", {
      fill(dialog) {
        dialog.querySelector("[data-part=when]").textContent = title;
        dialog.querySelector("[data-part=shown]").replaceChildren(shown);
        dialog.querySelector("[value=beside]").hidden = place.isNew;
      },
      async yes(value) {
        const problem = await take[value]();
        if (!problem) notice.remove();
        return problem;
      },
    });
  const notice = bar("rested", title, { look });
}

/* The words are put together with the story over the version that they were written on; the form takes the outcome. */
async function putIn({ entry, journal, place, tab, autosave, clash }) {
  await autosave.save();
  const { seen, changed, sender } = entry;
  const json = { ...(place.isNew ? { uid: entry.uid } : { seen }), tab, sender, changed, whole: true };
  const said = await told(await send(place.isNew ? place.begin : place.to("autosave"), { json }));
  await journal.drop(entry);
  if (place.isNew) location.assign(said.url);
  else if (said.clashes.length) clash.show(said);
  else autosave.renewed(said);
}

async function told(answer) {
  const said = await answer.json();
  if (answer.ok || said.version) return said;
  throw new Error(said.refused ?? said.wrong ?? said.missing ?? Object.values(said.problems ?? {}).flat().join(" "));
}
