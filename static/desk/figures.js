/* Pictures in the text: a figure, which is a picture's uid and this story's own words for it, and a gallery of them. */
import { framed } from "./cards.js";
import { openPictures, openWords } from "./pictures.js";
import { thumbnailOf } from "./asking.js";

const from = (name) => ({
  default: "",
  parseHTML: (element) => element.getAttribute(name) ?? "",
  renderHTML: () => ({}),
});

/* Attributes that are set, in the one order in which articles/body writes them. */
export const said = (attributes) => Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));

export function figure({ Node }, desk) {
  return Node.create({
    name: "figure",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({
      image: from("data-image"),
      layout: from("data-layout"),
      caption: from("data-caption"),
      alt: from("data-alt"),
    }),
    parseHTML: () => [{ tag: "figure[data-image]" }],
    renderHTML: ({ node: { attrs } }) => [
      "figure",
      {
        "data-image": attrs.image,
        ...said({ "data-layout": attrs.layout, "data-caption": attrs.caption, "data-alt": attrs.alt }),
      },
    ],
    addNodeView: () =>
      framed(desk, "figure", {
        acts: ({ node, change }) => ({
          words: () => openWords(desk, node().attrs, change),
          layout: (select) => change({ layout: select.value }),
        }),
        show: (here) => showPicture(desk, here),
      }),
  });
}

async function showPicture(desk, { dom, node }) {
  const { image, layout, caption, alt } = node().attrs;
  dom.dataset.layout = layout;
  dom.querySelector("select").value = layout;
  const picture = await desk.pictures.of(image);
  if (node().attrs.image !== image) return;
  const say = (name, text) => (dom.querySelector(`[data-say="${name}"]`).textContent = text);
  say("title", picture?.title ?? desk.word("no-picture"));
  say("caption", caption || picture?.caption || "");
  say("credit", picture?.credit ?? "");
  const words = alt || picture?.alt || "";
  say("alt", words || desk.word("no-alt"));
  dom.classList.toggle("lacks", !picture || !words);
  dom.setAttribute("aria-label", `${desk.word("picture")}: ${picture?.title ?? desk.word("no-picture")}`);
  if (picture) thumbnailOf(picture, dom.querySelector("img"));
}

export function gallery({ Node, pm }, desk) {
  return Node.create({
    name: "gallery",
    group: "block",
    content: "figure*",
    isolating: true,
    parseHTML: () => [{ tag: 'div[data-kind="gallery"]' }],
    renderHTML: () => ["div", { "data-kind": "gallery" }, 0],
    addNodeView: () =>
      framed(desk, "gallery", {
        acts: (here) => ({
          add: () => openPictures(desk, { place: (pictures) => append(here, pictures) }),
        }),
      }),
    /* The last picture of a gallery takes it along. */
    addProseMirrorPlugins: () => [
      new pm.state.Plugin({
        appendTransaction: (transactions, _before, state) =>
          transactions.some((transaction) => transaction.docChanged) ? withoutEmpty(state) : null,
      }),
    ],
  });
}

function append({ editor, node, place }, pictures) {
  const figures = pictures.map(({ uid }) => editor.schema.nodes.figure.create({ image: uid }));
  const end = place() + node().nodeSize - 1;
  editor.view.dispatch(editor.state.tr.insert(end, figures));
}

function withoutEmpty(state) {
  const empty = [];
  state.doc.forEach((block, place) => {
    if (block.type.name === "gallery" && !block.childCount) empty.push([place, place + block.nodeSize]);
  });
  if (!empty.length) return null;
  const { tr } = state;
  for (const [start, end] of empty.reverse()) tr.delete(start, end);
  return tr;
}
