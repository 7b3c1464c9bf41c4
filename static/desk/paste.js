/*
 * Text pasted from Word, Google Docs or a web page, made fit before the editor reads it. Bold and italic live there in style
 * attributes, which a strict policy has Chromium drop while parsing: so they are renamed first, then read, then thrown away.
 */

export function tidyPaste(html) {
  const page = new DOMParser().parseFromString(disarmed(html), "text/html");
  const body = page.body;
  for (const step of STEPS) step(body, page);
  return body.innerHTML;
}

/* What a policy would complain of while parsing: style and script elements, and attributes that style or act. */
function disarmed(html) {
  return html
    .replace(/<(style|script)\b[\s\S]*?(<\/\1\s*>|$)/gi, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3"));
}

const STEPS = [dropUnseen, marksFromStyles, listsFromWord, blocksOfOurs, plainLinks];

function dropUnseen(body) {
  for (const element of body.querySelectorAll("style, script, meta, title, link, xml, img, o\\:p, del")) element.remove();
}

/* Google wraps everything in a b that is not bold; weight and slant of spans become strong and em. */
function marksFromStyles(body, page) {
  for (const element of body.querySelectorAll("[data-style]")) {
    const style = element.dataset.style.replaceAll(" ", "").toLowerCase();
    element.removeAttribute("data-style");
    if (/^(b|strong)$/i.test(element.tagName) && /font-weight:(normal|[1-4]00)/.test(style)) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    if (!/^(span|a|font)$/i.test(element.tagName)) continue;
    if (/font-weight:(bold|[6-9]00)/.test(style)) wrapInside(element, page.createElement("strong"));
    if (/font-style:italic/.test(style)) wrapInside(element, page.createElement("em"));
  }
}

function wrapInside(element, mark) {
  mark.append(...element.childNodes);
  element.append(mark);
}

/* Word writes lists as paragraphs with a bullet typed before them. */
function listsFromWord(body, page) {
  for (const paragraph of body.querySelectorAll('p[class*="MsoListParagraph"]')) {
    const marker = paragraph.textContent.trim();
    const kind = /^\(?\w{1,3}[.)]\s/.test(marker) ? "ol" : "ul";
    const before = paragraph.previousElementSibling;
    const list = before?.dataset.fromWord === kind ? before : page.createElement(kind);
    if (list !== before) {
      list.dataset.fromWord = kind;
      paragraph.before(list);
    }
    const item = page.createElement("li");
    item.append(...paragraph.childNodes);
    list.append(item);
    paragraph.remove();
    dropMarker(item);
  }
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

/* h1 belongs to the headline; what we have no word for keeps its text in paragraphs. */
function blocksOfOurs(body, page) {
  const become = { H1: "h2", H4: "h3", H5: "h3", H6: "h3", TD: "p", TH: "p", DT: "p", DD: "p", FIGCAPTION: "p" };
  for (const element of body.querySelectorAll(Object.keys(become).join(","))) {
    const ours = page.createElement(become[element.tagName]);
    ours.append(...element.childNodes);
    element.replaceWith(ours);
  }
}

/* A link leads where it says, not over Google's counter; an address that is none is text. */
function plainLinks(body) {
  for (const link of body.querySelectorAll("a")) {
    const address = leadsTo(link.getAttribute("href") ?? "");
    if (address) link.setAttribute("href", address);
    else link.replaceWith(...link.childNodes);
  }
}

function leadsTo(href) {
  if (!/^(https?:|mailto:)/i.test(href)) return "";
  if (!URL.canParse(href)) return "";
  const address = new URL(href);
  const isCounter = /(^|\.)google\.[a-z.]+$/.test(address.hostname) && address.pathname === "/url";
  return (isCounter && address.searchParams.get("q")) || href;
}
