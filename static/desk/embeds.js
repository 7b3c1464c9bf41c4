/* What stands elsewhere: a card with its provider's name and our own words. Nothing of it is loaded in the newsroom. */
import { ask } from "./asking.js";
import { framed, insertBlock } from "./cards.js";
import { said } from "./figures.js";

export function embed({ Node }, desk) {
  const from = (name) => ({ default: "", parseHTML: (element) => element.getAttribute(name) ?? "", renderHTML: () => ({}) });
  return Node.create({
    name: "embed",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({ provider: from("data-embed"), url: from("data-url"), title: from("data-title") }),
    parseHTML: () => [{ tag: "div[data-embed][data-url]" }],
    renderHTML: ({ node: { attrs } }) => [
      "div",
      { "data-embed": attrs.provider, "data-url": attrs.url, ...said({ "data-title": attrs.title }) },
    ],
    addNodeView: () =>
      framed(desk, "embed", {
        acts: ({ node, change }) => ({ words: () => openEmbed(desk, node().attrs, change) }),
        show: ({ dom, node }) => {
          const { provider, url, title } = node().attrs;
          const name = desk.word(`provider-${provider}`) || provider;
          dom.querySelector('[data-say="provider"]').textContent = name;
          dom.querySelector('[data-say="title"]').textContent = title;
          dom.querySelector('[data-say="url"]').textContent = url;
          dom.setAttribute("aria-label", name);
        },
      }),
  });
}

/* What this editor has no word for: kept as it came, to the letter, and shown as such. */
export function unknown({ Node }, desk) {
  return Node.create({
    name: "unknown",
    group: "block",
    atom: true,
    addAttributes: () => ({
      html: {
        default: "",
        parseHTML: (element) => element.dataset.unknown,
        renderHTML: ({ html }) => ({ "data-unknown": html }),
      },
    }),
    parseHTML: () => [{ tag: "div[data-unknown]" }],
    renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
    addNodeView: () =>
      framed(desk, "unknown", {
        show: ({ dom, node }) => (dom.querySelector('[data-say="html"]').textContent = node().attrs.html),
      }),
  });
}

/* What an address is for us: {embed: {provider, url}}, {story: {...}}, or neither. */
export function recognised(desk, address) {
  return ask(desk.addresses.recognise, { address });
}

/* Ask for an address and our own words for what is there; null instead of a card means a new one. */
export function openEmbed(desk, { url = "", title = "" } = {}, keep) {
  const dialog = desk.dialogs["story-embed"];
  const [address, words] = dialog.querySelectorAll("input");
  const fault = dialog.querySelector('[role="alert"]');
  address.value = url;
  words.value = title;
  fault.textContent = "";
  desk.open(dialog, async () => {
    const found = await recognised(desk, address.value.trim());
    if (!found?.embed) {
      fault.textContent = desk.word("no-provider");
      address.focus();
      return false;
    }
    const { provider, url: canonical } = found.embed;
    keep({ provider, url: canonical, title: words.value.trim() });
    return true;
  });
}

export function insertEmbed(desk, attrs) {
  return insertBlock(desk, { type: "embed", attrs });
}
