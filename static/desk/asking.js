/* Questions to the newsroom, answered in JSON: what a picture or a story is, which fit some words, what an address is. */
import { send } from "./session.js";

/* The answer to a question, or null where there is none; the sentence of a refusal goes to `refused`. */
export async function ask(address, question, refused = () => {}) {
  const parts = Object.entries(question).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  const answer = await send(`${address}?${new URLSearchParams(parts)}`).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) return said;
  refused(sentenceOf(said));
  return null;
}

/* Send facts in: {said} with what the newsroom answered, null where it did not. */
export async function tell(address, facts) {
  const answer = await send(address, { json: facts }).catch(() => null);
  return (await answer?.json().catch(() => null)) ?? null;
}

/* What a refusal says to a person. */
export function sentenceOf(said) {
  return said?.refused ?? said?.wrong ?? said?.missing ?? said?.busy ?? "";
}

/* What the newsroom knows of things by their uids: each asked for once, all that come up together in one question. */
export function register(address, name) {
  const known = new Map();
  let waiting = [];

  const askForAll = async () => {
    const asked = waiting;
    waiting = [];
    const answer = await ask(address, { uid: asked.map(({ uid }) => uid) });
    const found = new Map((answer?.[name] ?? []).map((thing) => [thing.uid, thing]));
    for (const { uid, resolve } of asked) resolve(found.get(uid) ?? null);
  };

  return {
    learn: (thing) => known.set(thing.uid, Promise.resolve(thing)),
    of(uid) {
      if (!known.has(uid)) {
        if (waiting.length === 0) queueMicrotask(askForAll);
        if (waiting.length === 50) return Promise.resolve(null);
        known.set(uid, new Promise((resolve) => waiting.push({ uid, resolve })));
      }
      return known.get(uid);
    },
    find: async (words, refused) => (await ask(address, { q: words }, refused))?.[name] ?? [],
  };
}

/* The small picture of a picture, loaded only when it comes near the screen. */
export function thumbnailOf({ thumbnail }, image) {
  image.loading = "lazy";
  image.decoding = "async";
  if (image.getAttribute("src") !== thumbnail) image.src = thumbnail;
}

/* The address of the small picture of `uid`: `pattern` is that of a picture whose uid is all noughts. */
export function thumbnailAt(pattern, uid) {
  return pattern.replace(/[0-]{36}/, encodeURIComponent(uid));
}

/* Show what fits the words in `field`, newest question last; `offer` makes an entry of each thing that is found. */
export function searching(field, list, find, offer) {
  let latest = 0;
  let rest = 0;
  const show = async () => {
    const mine = (latest += 1);
    const found = await find(field.value.trim());
    if (mine === latest) list.replaceChildren(...found.map(offer));
  };
  field.oninput = () => {
    clearTimeout(rest);
    rest = setTimeout(show, 150);
  };
  return show();
}
