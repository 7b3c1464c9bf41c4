/*
 * The story's words, field by field in the shape in which the newsroom keeps them (articles/manuscript.py): read from the
 * form, and written into it. What the form names and nobody knows yet, such as a new topic, waits for a plain saving.
 */
import { meant, spelled } from "./known.js";

const PLAIN = [
  ...["kind", "kicker", "headline", "short_headline", "search_headline", "feed_headline"],
  ...["standfirst", "slug", "dateline", "body", "cover", "language", "dated_on", "dated_note"],
];
let editor = null;
document.addEventListener("story-editor:ready", ({ detail }) => (editor = detail.editor));

const tidy = (text) => text.trim().replace(/\s+/g, " ");

/*
 * All words that the form holds now. Left out is a field that it does not have (an address that is fixed), and the
 * bylines while one of them names nobody yet.
 */
export function readWords(form) {
  const words = {};
  for (const name of PLAIN) {
    if (form.elements[name]) words[name] = form.elements[name].value;
  }
  // The editor knows its text at once; its field hears of it at rest.
  words.body = editor?.newsroom?.body() ?? words.body;
  words.section = sectionsOf()[form.elements.section.value]?.slug ?? "";
  words.tags = keysIn("topics", listed(form.elements.topics.value, ","));
  words.related = keysIn("stories", listed(form.elements.related.value, "\n"));
  const lines = linesOf();
  if (lines.every(({ author }) => author !== null)) words.bylines = lines;
  return words;
}

/* Puts `words` into their fields, and says so by a “change” that each field's own module hears. */
export function writeWords(form, words) {
  for (const [name, value] of Object.entries(words)) {
    if (name === "section") {
      const found = Object.entries(sectionsOf()).find(([, section]) => section.slug === value);
      put(form.elements.section, found?.[0] ?? "");
    } else if (name === "tags") put(form.elements.topics, value.map((key) => spelled("topics", key)).join(", "));
    else if (name === "related") put(form.elements.related, value.map((key) => spelled("stories", key)).join("\n"));
    else if (name === "bylines") document.getElementById("bylines").dispatchEvent(new CustomEvent("bylines:set", { detail: value }));
    else if (PLAIN.includes(name) && form.elements[name]) put(form.elements[name], value);
  }
}

export const listed = (text, between) => [...new Set(text.split(between).map(tidy).filter(Boolean))];

let sections = null;
const sectionsOf = () => (sections ??= JSON.parse(document.getElementById("story-form").textContent).sections);

const keysIn = (register, values) => values.map((value) => meant(register, value)?.key).filter(Boolean);

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/* The lines in the order of their numbers. An author who is not known yet is null. */
function linesOf() {
  const rows = [...document.querySelectorAll("#bylines > .byline")].map((row) => {
    const said = (name) => tidy(row.querySelector(`[name$="-${name}"]`).value);
    const author = said("author") && (meant("authors", said("author"))?.key ?? null);
    const line = { author, text: said("author") ? "" : said("text"), role: said("role") };
    return { line, order: Number(said("order")) || 100 };
  });
  rows.sort((one, other) => one.order - other.order);
  return rows.map(({ line }) => line).filter(({ author, text }) => author !== "" || text);
}
