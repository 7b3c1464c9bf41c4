/*
 * Between the editor's document and the story's text. A block is written as articles/body writes it, one on a line, and
 * only once: a document shares its unchanged blocks with the one before it, so a keystroke costs the block it fell into.
 */

const inert = document.implementation.createHTMLDocument("");
const written = new WeakMap();
const VOID = new Set(["BR", "HR"]);

/* The story's text, as the server would keep it. */
export function bodyOf(doc, serializer) {
  return doc.children
    .map((block) => textOf(block, serializer))
    .filter(Boolean)
    .join("\n");
}

/* One block's line of it; empty where nothing stands in it. */
export function textOf(block, serializer) {
  if (!written.has(block)) written.set(block, blockHTML(block, serializer));
  return written.get(block);
}

function blockHTML(block, serializer) {
  if (block.type.name === "unknown") return block.attrs.html;
  if (block.isTextblock && !block.textContent.trim()) return "";
  const element = serializer.serializeNode(block, { document: inert });
  for (const tidy of TIDYING) tidy(element);
  return html(element);
}

/* What the editor needs and the text does not have: hints, empty titles, a paragraph in each item and cell. */
const TIDYING = [
  (block) => each(block, "[data-hint]", (element) => element.removeAttribute("data-hint")),
  (block) => each(block, "aside > cite", sayWho),
  (block) => each(block, "aside > h3, caption", (title) => title.textContent.trim() || title.remove()),
  (block) => each(block, "li > p, th > p, td > p", unwrapText),
  (block) => each(block, "tbody", (rows) => rows.replaceWith(...rows.childNodes)),
  (block) => each(block, "div > figure", (figure) => figure.removeAttribute("data-layout")),
];

function each(block, selector, act) {
  for (const element of block.querySelectorAll(selector)) act(element);
}

function sayWho(cite) {
  const name = cite.textContent.trim();
  if (name) cite.parentElement.dataset.by = name;
  cite.remove();
}

function unwrapText(paragraph) {
  const another = paragraph.nextElementSibling?.tagName === "P";
  paragraph.replaceWith(...paragraph.childNodes, ...(another ? [inert.createElement("br")] : []));
}

function html(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
  const tag = node.tagName.toLowerCase();
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${quoted(value)}"`).join("");
  return `<${tag}${attributes}>${VOID.has(node.tagName) ? "" : `${inner(node)}</${tag}>`}`;
}

function inner(node) {
  return [...node.childNodes].map(html).join("");
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quoted(text) {
  return escaped(text).replaceAll('"', "&quot;").replaceAll("'", "&#x27;");
}

/* The forms that stand in a text beside words; anything else with data of its own is kept as it is, unopened. */
const KNOWN = [
  "figure[data-image]",
  'div[data-kind="gallery"]',
  'aside[data-kind="facts"], aside[data-kind="quote"], aside[data-kind="timeline"]',
  "div[data-embed][data-url]",
  "div[data-related]",
].join(",");

/* The text as the editor takes it in: plain text in paragraphs, unknown blocks wrapped up, a paragraph at the end. */
export function prepared(text) {
  const page = new DOMParser().parseFromString(markedUp(text), "text/html");
  for (const block of page.body.children) {
    if (!block.matches(KNOWN) && Object.keys(block.dataset).length) wrapUp(block);
  }
  for (const cell of page.body.querySelectorAll("th, td")) flatten(cell);
  if (!page.body.lastElementChild?.matches("p, h2, h3, ul, ol, blockquote")) page.body.append(page.createElement("p"));
  return page.body.innerHTML;
}

function wrapUp(block) {
  const parcel = block.ownerDocument.createElement("div");
  parcel.dataset.unknown = block.outerHTML;
  block.replaceWith(parcel);
}

/* A cell holds one line of text: what stands in blocks there is parted by breaks. */
export function flatten(cell) {
  for (const block of [...cell.querySelectorAll("p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, blockquote")].reverse()) {
    const another = block.nextSibling !== null && block.textContent.trim();
    block.replaceWith(...block.childNodes, ...(another ? [block.ownerDocument.createElement("br")] : []));
  }
}

/* Text that was typed without a script: blank lines part paragraphs, as on the server. */
function markedUp(text) {
  if (/<\/?[a-z]/i.test(text)) return text;
  return text
    .split(/\n[ \t]*\n/)
    .map((part) => `<p>${escaped(part.trim()).replaceAll("\n", "<br>")}</p>`)
    .join("");
}

/* Whether a text has lost something on its way through the editor: a letter, a picture, an embed, a link. */
export function isWhole(text, body) {
  return signature(text) === signature(body);
}

function signature(text) {
  const { body } = new DOMParser().parseFromString(markedUp(text), "text/html");
  const facts = [...body.querySelectorAll("*")].flatMap((element) =>
    [...element.attributes].filter(isFact).map(({ name, value }) => `${name}=${value.replace(/\s+/g, "")}`),
  );
  return [body.textContent.replace(/[\s\u200b\ufeff]+/g, ""), ...facts.sort()].join("\n");
}

function isFact({ name, value }) {
  return name.startsWith("data-") || (name === "href" && /^(https?:|mailto:|\/)/i.test(value));
}
