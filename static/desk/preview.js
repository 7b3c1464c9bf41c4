/*
 * The preview beside the text: the readers' own page in a frame without scripts, drawn anew while somebody types.
 *
 * The frame loads the page once, so it has the readers' policy. From then on the form's words go to the newsroom, which
 * draws them as it draws everything and keeps nothing; of its answer only what differs is put into the frame. So nothing
 * flickers, pictures stay, and so does the place where one reads.
 */
import { send } from "./session.js";

const PAUSE = 1000; // ms without a key before it is drawn anew
const NARROW = "(width < 68rem)"; // no room beside the text: the pane covers it
const KEPT = "newsroom.preview";

/* --- One page into another --- */

/* Make `old` the same as `fresh`, and touch only what differs. Both are of one kind: see isLike. */
export function match(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);

  const gone = [...old.childNodes];
  const come = [...fresh.childNodes];
  if (gone.length === come.length && gone.every((node, place) => isLike(node, come[place]))) {
    gone.forEach((node, place) => match(node, come[place]));
    return;
  }
  let behind = null;
  while (gone.length && come.length && gone.at(-1).isEqualNode(come.at(-1))) {
    behind = gone.pop();
    come.pop();
  }
  while (gone.length && come.length && gone[0].isEqualNode(come[0])) {
    gone.shift();
    come.shift();
  }
  for (const node of gone) node.remove();
  for (const node of come) old.insertBefore(node, behind);
}

const isLike = (one, other) => one.nodeName === other.nodeName;

/* --- The pane --- */

function fitPreview(panel) {
  const form = panel.closest("form");
  const toggle = panel.querySelector(".pane-toggle");
  const pane = document.getElementById("preview-furniture").content.cloneNode(true).firstElementChild;
  const stage = pane.querySelector(".stage");
  const frame = pane.querySelector("iframe");
  const when = pane.querySelector("[data-when]");
  const fault = pane.querySelector("[data-fault]");
  const said = (name) => pane.querySelector(`[data-said="${name}"]`).textContent;
  document.body.append(pane);

  let sheet = ""; // the readers' own style sheet, while the frame shows paper
  let flying = false;
  let wanted = false;
  let waiting = 0;

  const page = () => frame.contentDocument;
  const isThere = () => Boolean(page()?.querySelector(".note--banner"));

  /* What stands in the form now goes out; one at a time, and the last one counts. */
  async function refresh() {
    clearTimeout(waiting);
    wanted = true;
    if (flying || !pane.open || !isThere()) return;
    flying = true;
    while (wanted && pane.open) {
      wanted = false;
      await draw().catch(() => say(said("offline")));
    }
    flying = false;
  }

  async function draw() {
    const answer = await send(panel.dataset.draft, { form: words() });
    if (!answer.ok) return say((await answer.json().catch(() => ({}))).unfit ?? said("refused"));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    match(page().body, fresh.body);
    page().title = fresh.title;
    when.textContent = `${said("typed")} ${new Date().toLocaleTimeString("en-GB")}`;
    say("");
  }

  function say(sentence) {
    if (fault.textContent !== sentence) fault.textContent = sentence;
  }

  /* The form without its files: they are taken in when it is saved. */
  function words() {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (typeof value !== "string") fields.delete(name);
    return fields;
  }

  function refreshSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  }

  /* Frames take the light that their element asks for, and print rules come with the sheet for paper. */
  function dress() {
    const { size, scheme } = choices();
    pane.dataset.size = stage.dataset.size = size;
    stage.dataset.scheme = size === "print" ? "light" : scheme;
    for (const radio of pane.querySelectorAll("[name=preview-scheme]")) radio.disabled = size === "print";
    if (!isThere()) return;
    const link = page().querySelector("link[rel=stylesheet]");
    sheet ||= link.getAttribute("href");
    const wantedSheet = size === "print" ? panel.dataset.printSheet : sheet;
    if (link.getAttribute("href") !== wantedSheet) link.setAttribute("href", wantedSheet);
    page().documentElement.style.scrollbarWidth = size === "phone" ? "none" : ""; // a phone's takes no room
  }

  /* Its links lead nowhere: the frame is there for this one page. */
  function stay(event) {
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
  }

  const chosen = (name) => pane.querySelector(`[name=preview-${name}]:checked`).value;
  const choices = () => ({ size: chosen("size"), scheme: chosen("scheme") });

  function keep() {
    localStorage[KEPT] = JSON.stringify({ open: pane.open, ...choices() });
  }

  function show({ byHand }) {
    const narrow = matchMedia(NARROW).matches;
    if (narrow && !byHand) return;
    if (narrow) pane.showModal();
    else pane.open = true; // show() would take the cursor out of the text
    toggle.setAttribute("aria-expanded", "true");
    dress();
    if (isThere()) refresh();
    else frame.src = panel.dataset.shown;
    if (byHand) keep();
  }

  frame.addEventListener("load", () => {
    if (isThere()) {
      page().addEventListener("click", stay);
      dress();
      if (form) refresh();
    } else if (page()?.URL !== "about:blank") {
      say(said("refused"));
    }
  });
  toggle.addEventListener("click", () => (pane.open ? pane.close() : show({ byHand: true })));
  pane.querySelector(".pane-close").addEventListener("click", () => pane.close());
  pane.addEventListener("close", () => {
    toggle.setAttribute("aria-expanded", "false");
    toggle.focus();
    keep();
  });
  pane.addEventListener("change", () => {
    dress();
    keep();
  });
  form?.addEventListener("input", refreshSoon);
  form?.addEventListener("change", refreshSoon);
  document.addEventListener("story:saved", refresh);
  document.addEventListener("session:back", refresh);

  const kept = JSON.parse(localStorage[KEPT] ?? "{}");
  for (const name of ["size", "scheme"]) {
    const radio = pane.querySelector(`[name=preview-${name}][value="${CSS.escape(kept[name] ?? "")}"]`);
    if (radio) radio.checked = true;
  }
  toggle.hidden = false;
  if (kept.open) show({ byHand: false });
}

const panel = document.getElementById("preview-panel");
if (panel?.dataset.shown) fitPreview(panel);
