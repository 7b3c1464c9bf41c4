/*
 * Text pasted from Word, Google Docs, LibreOffice or a web page, made fit before the editor reads it: structure and links
 * stay; styles, comments, what was struck out by tracked changes, and marks that follow readers about go. Bold and italic
 * live in style attributes there, which a strict policy has Chromium drop while parsing: so they are renamed first, then
 * read, then thrown away.
 */
import { flatten } from "./written.js";

/* `tracking` says which parameters of an address only follow people: their names, and how their names begin. */
export function tidyPaste(html, tracking = { names: [], begins: [] }) {
  const page = new DOMParser().parseFromString(disarmed(html), "text/html");
  const isOurs = page.querySelector("[data-pm-slice]") !== null;
  for (const step of isOurs ? OUR_STEPS : STEPS) step(page.body, page, tracking);
  return page.body.innerHTML;
}

/* How many pictures a pasted page had, which do not come along. */
export function picturesIn(html) {
  return (html.match(/<img\b/gi) ?? []).length;
}

const TAG = /<\/?[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi;

/* What a policy would complain of while parsing: elements that style or act or redirect, and such attributes. */
function disarmed(html) {
  return html
    .replace(/<(style|script)\b[\s\S]*?(<\/\1\s*>|$)/gi, "")
    .replace(/<\/?(base|meta|link)\b[^>]*>/gi, "")
    .replace(TAG, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}

const STEPS = [
  dropUnseen,
  dropChanges,
  marksFromStyles,
  listsFromWord,
  quotesAndTitles,
  framesAsAddresses,
  plainTables,
  blocksOfOurs,
  plainLinks,
  bareElements,
  dropBlank,
];
/* From this editor itself: all forms are known already, only what never is in a text goes. */
const OUR_STEPS = [dropUnseen];

const styleOf = (element) => (element.dataset.style ?? "").replaceAll(" ", "").toLowerCase();

function each(body, selector, act) {
  for (const element of [...body.querySelectorAll(selector)]) act(element);
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

const UNSEEN =
  "style, script, meta, title, link, base, xml, img, picture, svg, math, canvas, video, audio, object, embed, noscript," +
  " template, button, input, select, textarea, progress, dialog, col, colgroup, o\\:p, sdfield, [hidden], [aria-hidden=true]";

function dropUnseen(body) {
  each(body, UNSEEN, (element) => element.remove());
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
}

const COMMENTS = ".msocomanchor, .MsoCommentReference, .MsoCommentText, .msocomtxt, comment, .comment-anchor";

/* Comments, deletions of tracked changes, hidden text. What was put in by them stays as text. */
function dropChanges(body) {
  each(body, `del, .msoDel, ${COMMENTS}`, (element) => element.remove());
  each(body, "[data-style]", (element) => {
    if (/mso-element:comment|mso-hide:all|display:none|visibility:hidden/.test(styleOf(element))) element.remove();
    else if (/mso-spacerun:yes/.test(styleOf(element))) element.textContent = " ";
  });
}

/* Google wraps everything in a b that is not bold; weight and slant of spans become strong and em. */
function marksFromStyles(body, page) {
  each(body, "[data-style]", (element) => {
    const style = styleOf(element);
    if (/^(b|strong)$/i.test(element.tagName) && /(^|;)font-weight:(normal|[1-4]00)/.test(style)) return unwrap(element);
    if (/^(i|em)$/i.test(element.tagName) && /(^|;)font-style:normal/.test(style)) return unwrap(element);
    if (!/^(span|a|font)$/i.test(element.tagName)) return undefined;
    if (/(^|;)font-weight:(bold|[6-9]00)/.test(style)) wrapInside(element, page.createElement("strong"));
    if (/(^|;)font-style:(italic|oblique)/.test(style)) wrapInside(element, page.createElement("em"));
    return undefined;
  });
}

function wrapInside(element, mark) {
  mark.append(...element.childNodes);
  element.append(mark);
}

/* Word writes lists as paragraphs with a bullet typed before them, and says in a style how deep each is. */
function listsFromWord(body, page) {
  let open = []; // the lists that stand open, from the outermost in
  let last = null;
  each(body, 'p[class*="MsoListParagraph"], p[data-style*="mso-list"]', (paragraph) => {
    const depth = Number(/mso-list:l\d+level(\d)/.exec(styleOf(paragraph))?.[1] ?? 1);
    const kind = /^\(?\w{1,3}[.)]\s/.test(paragraph.textContent.trim()) ? "ol" : "ul";
    if (paragraph.previousElementSibling !== last) open = [];
    open = open.slice(0, depth);
    if (!open.length) {
      open = [page.createElement(kind)];
      paragraph.before(open[0]);
    }
    while (open.length < depth) {
      const list = page.createElement(kind);
      (open.at(-1).lastElementChild ?? open.at(-1).appendChild(page.createElement("li"))).append(list);
      open.push(list);
    }
    const item = page.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).append(item);
    [last] = open;
    paragraph.remove();
    dropMarker(item);
  });
}

function dropMarker(item) {
  const walker = item.ownerDocument.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const rest = text.data.replace(/^[\s·•§o\u00a0-]*(\(?\w{1,3}[.)])?[\s\u00a0]*$/, "");
    if (rest) break;
    text.data = "";
  }
}

function quotesAndTitles(body, page) {
  each(body, "p.MsoTitle, p.title", (paragraph) => become(paragraph, "h2", page));
  each(body, "p.MsoSubtitle, p.subtitle", (paragraph) => become(paragraph, "h3", page));
  each(body, "p.MsoQuote, p.MsoIntenseQuote, p.quote", (paragraph) => {
    const quote = page.createElement("blockquote");
    paragraph.replaceWith(quote);
    quote.append(paragraph);
  });
}

function become(element, tag, page) {
  const ours = page.createElement(tag);
  ours.append(...element.childNodes);
  element.replaceWith(ours);
}

/* What a page shows in a frame comes along as its address, from which a card may be made. */
function framesAsAddresses(body, page) {
  each(body, "iframe", (frame) => {
    const address = page.createElement("p");
    address.textContent = /^https?:/i.test(frame.getAttribute("src") ?? "") ? frame.getAttribute("src") : "";
    frame.replaceWith(address);
  });
}

/* A table keeps its rows and cells; one that only lays out a page gives its contents. No cell spans another here. */
function plainTables(body, page) {
  each(body, "table table", (inner) => become(inner, "div", page));
  each(body, "table", (table) => {
    const rows = [...table.rows];
    if (rows.every((row) => row.cells.length < 2)) return unwrapAll(table);
    for (const row of rows) {
      for (const cell of [...row.cells]) spread(cell, page);
    }
    each(table, "th, td, caption", flatten);
    return undefined;
  });
}

function unwrapAll(table) {
  for (const part of [...table.querySelectorAll("td, th, caption")]) become(part, "div", part.ownerDocument);
  for (const part of [...table.querySelectorAll("tr, thead, tbody, tfoot")]) unwrap(part);
  unwrap(table);
}

function spread(cell, page) {
  const more = Math.min(cell.colSpan, 30) - 1;
  cell.after(...Array.from({ length: more }, () => page.createElement(cell.tagName)));
  for (let row = cell.parentElement, left = Math.min(cell.rowSpan, 100); left > 1 && row; left -= 1) {
    const at = [...cell.parentElement.cells].indexOf(cell);
    row = row.nextElementSibling;
    if (!row) break;
    const filler = Array.from({ length: more + 1 }, () => page.createElement(cell.tagName));
    if (row.cells[at]) row.cells[at].before(...filler);
    else row.append(...filler);
  }
}

/* h1 belongs to the headline; what we have no word for keeps its text in paragraphs. */
function blocksOfOurs(body, page) {
  const names = { H1: "h2", H4: "h3", H5: "h3", H6: "h3", DT: "p", DD: "p", FIGCAPTION: "p", PRE: "p", CENTER: "p" };
  each(body, Object.keys(names).join(","), (element) => become(element, names[element.tagName], page));
  each(body, "h2 strong, h2 b, h3 strong, h3 b", unwrap);
}

/* A link leads where it says, not over somebody's counter; an address that is none is text. */
function plainLinks(body, _page, tracking) {
  each(body, "a", (link) => {
    const address = leadsTo(link.getAttribute("href") ?? "", tracking);
    if (address) link.setAttribute("href", address);
    else unwrap(link);
  });
}

const COUNTERS = [
  [/(^|\.)google\.[a-z.]+$/, "/url", ["q", "url"]],
  [/\.safelinks\.protection\.outlook\.com$/, "/", ["url"]],
  [/^l\.(facebook|instagram)\.com$/, "/", ["u"]],
];

function leadsTo(href, tracking) {
  if (/^mailto:/i.test(href)) return href;
  if (!/^https?:/i.test(href) || !URL.canParse(href)) return "";
  const address = new URL(href);
  const counter = COUNTERS.find(([host, path]) => host.test(address.hostname) && address.pathname.startsWith(path));
  const target = counter?.[2].map((name) => address.searchParams.get(name)).find((value) => /^https?:/i.test(value ?? ""));
  return target ? leadsTo(target, tracking) : withoutTracking(address, href, tracking);
}

function withoutTracking(address, href, { names, begins }) {
  const follows = (name) => names.includes(name.toLowerCase()) || begins.some((start) => name.toLowerCase().startsWith(start));
  const marks = [...address.searchParams.keys()].filter(follows);
  if (!marks.length) return href;
  for (const name of marks) address.searchParams.delete(name);
  return address.href;
}

/* Nothing of an element comes in but what it is, and where a link leads. */
function bareElements(body) {
  each(body, "*", (element) => {
    for (const { name } of [...element.attributes]) {
      if (!(name === "href" && element.tagName === "A")) element.removeAttribute(name);
    }
  });
}

function dropBlank(body) {
  each(body, "p, h2, h3, li, blockquote", (block) => {
    if (!block.textContent.trim() && !block.querySelector("br + br, hr, table")) block.remove();
  });
}
