/*
 * The session of the page that somebody is writing on: its token, its end, and logging in again without leaving.
 *
 *   send and session are what other modules take from here:
 *
 *   const answer = await send(url, { json: () => ({ … }) });   // fetch, with the token that counts now
 *
 * send(url, { method, json, form, signal, keepalive }) gives back the Response. `json` is what to send, or a function
 * that makes it anew for each attempt; `form` a form or its FormData. With either the method is POST. Where the token is
 * another session's, the new one is fetched and the same is sent again. Where the session has ended, one dialog asks to
 * log in, however many requests wait; they are sent again after that, in the name of the same person only: each request
 * names the account of this page, and the newsroom answers it in no other name. Without a network it fails as fetch does.
 *
 *   session.user, session.name   whose page this is, for as long as it is open
 *   session.token                the token that counts now; it stands in every form of the page too
 *   session.ended                whether nobody, or somebody else, is logged in as far as we know
 *   session.again()              ask to log in; a promise, kept once the same person is back. For a Worker's 401
 *   session.renew()              take the token that counts now; whose session it is: { user, name }
 *
 * The document hears "session:ended", "session:later" (the dialog was put off) and "session:back".
 *
 * A form that is sent by its button is held until it is known that the session is living. A plain save goes on by itself
 * after a login; whatever else a button does is asked for again. A form with data-unguarded is let go at once.
 */
const furniture = document.getElementById("session-furniture");
const { user, name, account, token: tokenAt, place, done, door, logout } = furniture.dataset;

const REST = 1000; // ms without a key, before a dialog may come between the fingers and the text
const AWAY = 3000; // ms between two looks while the newsroom does not answer
const TRIES = 3;

export const session = {
  user: Number(user),
  name,
  token: document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "",
  ended: false,
  again,
  renew,
};

/* --- Sending --- */

export async function send(url, { method, json, form, signal, keepalive } = {}) {
  let answer;
  for (let tries = 0; tries < TRIES; tries += 1) {
    answer = await fetch(url, written({ method, json, form, signal, keepalive }));
    const refusal = await refusalOf(answer);
    if (!refusal.ended && !refusal.token) break;
    const isOver = refusal.ended || (await renew()).user !== session.user;
    if (isOver) await again();
  }
  return answer;
}

function written({ method, json, form, ...rest }) {
  const headers = { Accept: "application/json", "X-CSRFToken": session.token, "X-Account": String(session.user) };
  let body;
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(typeof json === "function" ? json() : json);
  } else if (form) {
    body = form instanceof FormData ? form : new FormData(form);
    body.delete("csrfmiddlewaretoken");
  }
  return { ...rest, method: method ?? (body === undefined ? "GET" : "POST"), headers, body };
}

/* Whether the newsroom refused because of the session: { ended } or { token }. A door for people sends on to the login. */
async function refusalOf(answer) {
  if (answer.redirected && new URL(answer.url).pathname === door) return { ended: true };
  if (answer.status !== 401 && answer.status !== 403) return {};
  return answer
    .clone()
    .json()
    .catch(() => ({}));
}

async function renew() {
  const answer = await fetch(tokenAt, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The token could not be asked for: ${answer.status}`);
  const { token, ...now } = await answer.json();
  if (now.user === session.user) takeToken(token);
  return { ...now, token };
}

function takeToken(token) {
  session.token = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

/* --- Logging in again --- */

let coming = null; // the promise that all who wait share
let arrive = null;
let isPutOff = false; // the writer said so
let lastKey = -REST;
addEventListener("keydown", () => (lastKey = performance.now()), true);

/* Kept once the person whose page this is has logged in again. `atOnce`: they just asked for it, so nobody is typing. */
function again({ atOnce = false } = {}) {
  if (!coming) {
    session.ended = true;
    coming = new Promise((resolve) => (arrive = resolve));
    announce("ended");
    if (!atOnce) rest().then(look);
  }
  if (atOnce) look();
  return coming;
}

async function rest() {
  while (performance.now() - lastKey < REST) await new Promise((resume) => setTimeout(resume, REST / 4));
}

/* See who is logged in now, and show what that asks for. While nobody answers, a bar says so much, and we ask again. */
async function look() {
  if (!coming) return;
  isPutOff = false;
  const now = await renew().catch(() => null);
  if (!coming) return;
  if (!now) {
    showBar();
    setTimeout(() => rest().then(() => isPutOff || dialog?.open || look()), AWAY);
  } else if (now.user === session.user) goOn();
  else show(now.user === null ? "ended" : "other", now);
}

function goOn() {
  session.ended = false;
  bar?.remove();
  closeDialog();
  coming = null;
  announce("back");
  arrive();
}

function announce(what) {
  document.dispatchEvent(new CustomEvent(`session:${what}`));
}

/* Whoever logged in again in another tab need not do it here; of somebody else this tab must know. */
for (const [where, what] of [
  [window, "focus"],
  [document, "visibilitychange"],
]) {
  where.addEventListener(what, () => coming && !document.hidden && notice());
}

async function notice() {
  const now = await renew().catch(() => null);
  if (!coming || !now) return;
  if (now.user === session.user) goOn();
  else if (now.user !== null && isAsking()) show("other", now);
}

/* --- The dialog and the bar --- */

let dialog = null;
let bar = null;
let goBack = () => {};

function show(state, now) {
  dialog ??= makeDialog();
  for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  dialog.setAttribute("aria-labelledby", state === "ended" ? "session-title" : "session-other");
  if (state === "other") {
    dialog.querySelector('[data-say="now"]').textContent = now.name;
    dialog.querySelector("textarea").value = textOfPage();
  } else {
    dialog.querySelector("iframe").src = place;
  }
  bar?.remove();
  if (!dialog.open) {
    goBack = whereTheWriterIs();
    dialog.showModal();
  }
  dialog.querySelector("[data-when]:not([hidden]) h2").focus();
}

function isAsking() {
  return dialog?.open && !dialog.querySelector('[data-when="ended"]').hidden;
}

function makeDialog() {
  const made = furniture.content.querySelector("dialog").cloneNode(true);
  const acts = { later, own: logInAsOneself, copy };
  for (const button of made.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => acts[button.dataset.act](button));
  }
  made.addEventListener("cancel", (event) => {
    event.preventDefault();
    later();
  });
  made.querySelector("iframe").addEventListener("load", (event) => watch(event.target));
  document.body.append(made);
  return made;
}

/* The frame is our own page: seen by its address when the login is through. A browser's own page for a fault is closed to us. */
function watch(frame) {
  const inside = frame.contentDocument;
  if (!inside || !isAsking()) return;
  inside.addEventListener("keydown", (event) => event.key === "Escape" && later());
  const field = inside.querySelector("input[name=username]");
  if (!field) {
    if (inside.location.pathname === done) look();
    else notice();
    return;
  }
  field.value ||= account;
  inside.querySelector("input[name=password]").focus();
}

function closeDialog() {
  if (!dialog?.open) return;
  dialog.close();
  dialog.querySelector("iframe").removeAttribute("src");
  goBack();
}

function later() {
  isPutOff = true;
  closeDialog();
  showBar();
  announce("later");
}

function showBar() {
  bar ??= makeBar();
  document.body.prepend(bar);
  const said = bar.querySelector("[role=status]");
  said.textContent = said.dataset.said;
}

function makeBar() {
  const made = furniture.content.querySelector(".session-bar").cloneNode(true);
  made.querySelector('[data-act="again"]').addEventListener("click", look);
  return made;
}

/* The other person leaves first, as they would by their own log-out: one browser has one session. */
async function logInAsOneself() {
  const { token } = await renew();
  await fetch(logout, { method: "POST", headers: { "X-CSRFToken": token } });
  look();
}

async function copy(button) {
  const text = dialog.querySelector("textarea");
  text.select();
  await navigator.clipboard.writeText(text.value);
  button.textContent = button.dataset.copied;
}

/* What stands in the page's fields, as a person reads it: the editor's text, not its mark-up. */
function textOfPage() {
  const fields = document.querySelectorAll("main form :is(textarea, input[type=text])");
  const texts = [...fields].map((field) => {
    const editor = field.hidden ? field.parentElement.querySelector(".ProseMirror") : null;
    return (editor?.innerText ?? field.value).trim();
  });
  return texts.filter(Boolean).join("\n\n");
}

/* A way back to where the writer is now: the field, and the place in its text. */
function whereTheWriterIs() {
  const field = document.activeElement;
  const selection = getSelection();
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  return () => {
    field?.focus({ preventScroll: true });
    if (range && field?.isContentEditable) {
      selection.removeAllRanges();
      selection.addRange(range);
    }
  };
}

/* --- Forms that are sent by their buttons --- */

const held = new WeakSet();
let cleared = null;
let note = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
    if (form === cleared || method?.toLowerCase() !== "post" || "unguarded" in form.dataset) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!held.has(form)) hold(form, event.submitter);
  },
  true,
);

async function hold(form, button) {
  held.add(form);
  note?.remove();
  try {
    await form.atRest?.();
    if ((await renew()).user === session.user) letGo(form, button);
    else await askFirst(form, button);
  } catch {
    say("away", button);
  } finally {
    held.delete(form);
  }
}

/* Put off, nothing is sent, and later nothing either: by then it may not be meant any more. */
async function askFirst(form, button) {
  const isBack = await Promise.race([again({ atOnce: true }).then(() => true), heard("session:later").then(() => false)]);
  if (isBack && isPlainSave(form, button)) letGo(form, button);
  else if (isBack) say("again", button);
}

function letGo(form, button) {
  cleared = form;
  form.requestSubmit(button);
  cleared = null;
}

function isPlainSave(form, button) {
  return "plainSave" in form.dataset && !button?.name;
}

function heard(event) {
  return new Promise((resolve) => document.addEventListener(event, resolve, { once: true }));
}

function say(what, button) {
  note = furniture.content.querySelector(`[data-note="${what}"]`).cloneNode(true);
  note.querySelector('[data-say="button"]').textContent = button?.textContent.trim() ?? "";
  note.id = "session-note";
  const row = button?.closest(".submit-row"); // it may stick to the window's edge, and the note must be seen
  if (row) row.append(note);
  else button?.after(note);
  button?.setAttribute("aria-describedby", note.id);
  button?.focus();
}
