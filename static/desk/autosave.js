/*
 * Saving while somebody writes: after two seconds of rest, at least every fifteen while typing, when the page is left.
 *
 * A key costs nothing but a timer; the text is read when it is sent. One request is under way at a time, and the last
 * state of the page wins. What the server holds is known as `base`, the words of version `seen`: only what differs from
 * them is sent. What others wrote comes back and goes into fields at which nobody is; as long as one of them could not
 * take it, `seen` stays, and the server, which knows what this page sent last, puts the next sending together with it.
 */
import { send, session } from "./session.js";

const REST = 2000;
const LONGEST = 15_000;
const PATIENCE = 30_000;
const LONGEST_WAIT = 5000; // that a button of the form waits for a saving that is under way
const WAITS = [2000, 4000, 8000, 15_000, 30_000];
const SMALL = 60_000; // bytes that a browser still sends from a page that is closed

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function fitAutosave({ form, fields, place, words, sender, tab, on }) {
  // A form that came back with a fault holds words that no version has.
  const isFresh = !document.querySelector(".errornote");
  let base = isFresh ? fields.read() : {}; // the words of version `seen`
  let acknowledged = { ...base }; // what this page last sent and the server took
  let seen = Number(form.elements.seen.value) || 0;
  let refused = {}; // what the server could not keep, field by field; it is sent again when it was changed
  let underWay = null;
  let wanted = false;
  let failures = 0;
  let stopped = Boolean(document.getElementById("behind")); // the form asks already what shall stand
  let clash = null; // what was sent when it clashed, and how it stood in the editor
  let owing = false; // a field could not take a colleague's words yet
  let [rest, longest, retry] = [0, 0, 0];

  const differing = (now, from) => Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(value, from[name])));
  const isRefused = (name, value) => same(value, refused[name]?.value);
  const changed = (now = fields.read()) =>
    Object.fromEntries(Object.entries(differing(now, base)).filter(([name, value]) => !isRefused(name, value)));
  const isWaiting = () => Object.entries(differing(fields.read(), acknowledged)).some(([name, value]) => !isRefused(name, value));
  const isClean = () => !clash && !isWaiting() && !Object.keys(refused).length;

  function touched() {
    clearTimeout(rest);
    rest = setTimeout(save, REST);
    longest ||= setTimeout(save, LONGEST);
  }

  /* Kept once what stands in the page now is with the server, or was refused. `pull` asks though nothing was changed. */
  function save({ pull = false } = {}) {
    for (const timer of [rest, longest, retry]) clearTimeout(timer);
    rest = longest = retry = 0;
    if (stopped || (pull && !isFresh)) return Promise.resolve();
    if (underWay) {
      wanted = true;
      return underWay;
    }
    if (!pull && !isWaiting()) {
      if (isClean()) on.clean();
      return Promise.resolve();
    }
    underWay = request().finally(() => {
      underWay = null;
      if (wanted && !failures) touched();
      wanted = false;
    });
    return underWay;
  }

  async function request() {
    on.state("saving");
    const page = {};
    const json = () => {
      Object.assign(page, { now: fields.read(), snapshot: fields.snapshot() });
      return { ...(place.isNew ? { uid: place.uid } : { seen }), tab, sender, changed: changed(page.now) };
    };
    let answer;
    let said;
    try {
      answer = await send(place.isNew ? place.begin : place.to("autosave"), { json, signal: patience() });
      said = await answer.json();
    } catch {
      failed(answer ? words("stumbled") : "");
      return;
    }
    if (answer.status >= 500) failed(said.busy ?? words("stumbled"));
    else heard(answer.status, said, page);
  }

  const patience = () => (session.ended ? undefined : AbortSignal.timeout(PATIENCE));

  /* The network is gone, or the server is: again, less and less often, and at once when the browser is online. */
  function failed(why) {
    on.state(why ? "unsaved" : "offline", why);
    retry = setTimeout(save, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  }

  function heard(status, said, page) {
    failures = 0;
    if (said.version) {
      accepted(said, page);
    } else if (status === 403) {
      stopped = true;
      on.state("unsaved", said.refused);
      on.refused(said.refused);
    } else if (said.taken_over) {
      on.state("kept");
      on.takenOver(said);
    } else {
      on.state("unsaved", said.refused ?? said.wrong ?? said.missing ?? reasons(said.problems));
    }
  }

  function accepted(said, { now, snapshot }) {
    if (place.isNew && said.url) begun(said);
    for (const name of Object.keys(said.problems ?? {})) refused[name] = { value: now[name], why: said.problems[name] };
    for (const name of Object.keys(refused)) {
      if (!said.problems?.[name] && !same(now[name], refused[name].value)) delete refused[name];
    }
    if (said.clashes.length) {
      clash = { now, snapshot };
      on.state("beside");
      on.clash(said);
      return;
    }
    clash = null;
    const held = Object.fromEntries(Object.entries(now).filter(([name]) => !refused[name]));
    bring(said, { ...base, ...held }, snapshot);
  }

  /* The newsroom has version `said.version`: `held` is what this page sent, `said.fields` what is otherwise there. */
  function bring(said, held, snapshot) {
    const before = fields.read();
    fields.learn(said.known ?? {});
    const taken = Object.entries(said.fields).map(([name, value]) => {
      const isAsSent = name === "body" || same(before[name], held[name]);
      return isAsSent && fields.take(name, value, snapshot);
    });
    const after = fields.read();
    acknowledged = { ...held };
    owing = !taken.every(Boolean);
    if (!owing) {
      for (const [name, value] of Object.entries(said.fields)) acknowledged[name] = name === "body" ? value : after[name];
      base = { ...acknowledged };
      seen = said.version;
      form.elements.seen.value = seen;
    } else {
      Object.keys(said.fields).forEach((name, index) => taken[index] && name !== "body" && (acknowledged[name] = after[name]));
    }
    tell(said);
  }

  function tell({ version, saved_at, theirs, ...said }) {
    const why = Object.values(refused).flatMap((field) => field.why);
    if (why.length) on.state("partly", why.join(" "));
    else on.state("saved", saved_at);
    const whole = isClean();
    if (whole) on.clean();
    if (theirs.length) on.incoming({ ...said, version, theirs });
    document.dispatchEvent(new CustomEvent("story:saved", { detail: { version, saved_at, whole, pk: place.pk } }));
    if (isWaiting()) touched();
  }

  /* The story is there now: this page is its form from here on. */
  function begun({ pk, url }) {
    place.become(pk, url);
    form.action = url;
    history.replaceState(history.state, "", url);
    seen = 1;
    on.begun(url);
  }

  const reasons = (problems = {}) => Object.values(problems).flat().join(" ");

  /* The page is left, perhaps for good: what is small enough is still sent by the browser itself. */
  function leave() {
    if (stopped || underWay || session.ended) return;
    const json = { ...(place.isNew ? { uid: place.uid } : { seen }), tab, sender, changed: changed() };
    if (!isWaiting() || JSON.stringify(json).length > SMALL) return;
    send(place.isNew ? place.begin : place.to("autosave"), { json, keepalive: true })
      .then(async (answer) => answer.ok && document.visibilityState === "visible" && save())
      .catch(() => {});
  }

  // Older words that are still on their way must not come in after the form's.
  form.atRest = () => Promise.race([underWay, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT))]);
  form.addEventListener("input", touched);
  form.addEventListener("focusout", () => owing && setTimeout(() => save({ pull: true })));
  form.addEventListener("change", touched);
  document.addEventListener("story-editor:changed", ({ detail }) => detail.incoming || touched());
  addEventListener("blur", () => isFresh && save());
  document.addEventListener("visibilitychange", () => document.hidden && isFresh && save());
  addEventListener("pagehide", leave);
  addEventListener("online", () => save());
  document.addEventListener("session:ended", () => on.state("ended"));

  return {
    save,
    changed,
    isClean,
    get seen() {
      return seen;
    },
    /* A clash was settled by choices. */
    settled(said) {
      const { now, snapshot } = clash;
      clash = null;
      bring(said, { ...base, ...now }, snapshot);
    },
    /* Words that were kept on this computer went into the story: the form takes all that the story holds now. */
    renewed(said) {
      bring({ ...said, theirs: [] }, fields.read(), fields.snapshot());
    },
    stop: () => (stopped = true),
    goOn() {
      stopped = false;
      return save({ pull: true });
    },
    /* The editor has come: from now on the text is read from it. */
    editorCame(text, body) {
      if (base.body === text) base.body = acknowledged.body = body;
    },
  };
}
