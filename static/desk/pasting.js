/* What comes in from outside: text of other programs, plain text, addresses that may be a card or a story, and files. */
import { insertEmbed, recognised } from "./embeds.js";
import { picturesIn, tidyPaste } from "./paste.js";
import { receiveFiles } from "./uploads.js";

const ADDRESS = /^https?:\/\/\S+$/;
const MOST = 20; // addresses of one paste about which the newsroom is asked

export function takeIn(desk) {
  const tracking = JSON.parse(desk.addresses.tracking);
  return {
    transformPastedHTML(html) {
      const leftOut = html.includes("data-pm-slice") ? 0 : picturesIn(html);
      if (leftOut) desk.say("left-out", leftOut);
      return tidyPaste(html, tracking);
    },
    clipboardTextParser: (text, $context) => plainText(desk, text, $context),
    handlePaste(_view, event) {
      const { clipboardData } = event;
      const files = [...(clipboardData?.files ?? [])];
      if (files.length && !clipboardData.types.includes("text/html")) {
        receiveFiles(desk, files);
        return true;
      }
      const text = clipboardData?.getData("text/plain").trim() ?? "";
      if (ADDRESS.test(text)) {
        takeAddress(desk, text);
        return true;
      }
      const from = desk.editor.state.selection.from;
      setTimeout(() => lookThrough(desk, from));
      return false;
    },
    handleDrop(view, event, _slice, isMove) {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (isMove || !files.length) return false;
      event.preventDefault();
      const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
      if (place) desk.editor.commands.setTextSelection(place.pos);
      receiveFiles(desk, files);
      return true;
    },
  };
}

/* Plain text stays plain. Blank lines part paragraphs; where there are none, each line is one. */
function plainText({ pm, editor }, text, $context) {
  const { schema } = editor;
  const { Fragment, Slice } = pm.model;
  const tidy = text.replace(/\r\n?/g, "\n").trim();
  const parts = /\n[ \t]*\n/.test(tidy) ? tidy.split(/\n[ \t]*\n\s*/) : tidy.split(/\n+/);
  const marks = $context.marks();
  const paragraphs = parts.map((part) => {
    const lines = part.split("\n").map((line) => line.trim()).filter(Boolean);
    const inline = lines.flatMap((line, index) => [
      ...(index ? [schema.nodes.hardBreak.create()] : []),
      schema.text(line, marks),
    ]);
    return schema.nodes.paragraph.create(null, inline);
  });
  return new Slice(Fragment.from(paragraphs), 1, 1);
}

/* An address alone is a link at once, to its own words or to those that are selected; then the newsroom is asked. */
function takeAddress(desk, address) {
  const { editor } = desk;
  const { from, $from, $to, empty } = editor.state.selection;
  if (!empty && $from.sameParent($to)) {
    editor.chain().unsetMark("storyLink").setMark("link", { href: address }).run();
  } else {
    editor.chain().insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] }).run();
  }
  return lookAt(desk, address, from - 1);
}

/* The addresses that came in with a longer text: lines of their own, and links to our own site. */
function lookThrough(desk, from) {
  const addresses = new Set();
  const { doc, selection } = desk.editor.state;
  doc.nodesBetween(Math.min(from, selection.to), selection.to, (node) => {
    if (node.isTextblock && ADDRESS.test(node.textContent.trim())) addresses.add(node.textContent.trim());
    const link = node.marks.find(({ type }) => type.name === "link")?.attrs.href;
    if (link && URL.canParse(link) && new URL(link).origin === location.origin) addresses.add(link);
  });
  return Promise.all([...addresses].slice(0, MOST).map((address) => lookAt(desk, address, from - 1)));
}

/* What the newsroom knows of an address: a link becomes one to our story; alone on its line it becomes a card. */
async function lookAt(desk, address, from) {
  const found = await recognised(desk, address);
  if (found?.story) toStory(desk, address, found.story, from);
  else if (found?.embed) toCard(desk, address, found.embed, from);
}

function toStory({ editor, stories }, address, story, from) {
  stories.learn(story);
  const { tr, schema, doc } = editor.state;
  const places = [];
  doc.descendants((node, place) => {
    const isIt = node.isText && (hrefOf(node) === address || node.text === address);
    if (isIt && place + node.nodeSize > from) places.push([place, node]);
  });
  for (const [place, node] of places.reverse()) {
    const link = schema.marks.storyLink.create({ article: story.uid });
    const words = node.text === address && story.headline ? story.headline : node.text;
    const others = node.marks.filter(({ type }) => type.name !== "link");
    tr.replaceWith(place, place + node.nodeSize, schema.text(words, link.addToSet(others)));
  }
  if (places.length) editor.view.dispatch(tr.setStoredMarks([]));
}

/* Unless the writer has gone on in that line meanwhile. */
function toCard(desk, address, embed, from) {
  const { editor } = desk;
  const places = [];
  editor.state.doc.forEach((block, place) => {
    const isAlone = block.type.name === "paragraph" && block.textContent.trim() === address;
    if (isAlone && place + block.nodeSize > from) places.push([place, block.nodeSize]);
  });
  for (const [place, size] of places.reverse()) {
    const { $from } = editor.state.selection;
    const isHere = $from.pos > place && $from.pos < place + size;
    if (isHere) {
      editor.chain().setTextSelection({ from: place + 1, to: place + size - 1 }).deleteSelection().run();
      insertEmbed(desk, embed);
    } else {
      editor.view.dispatch(editor.state.tr.replaceWith(place, place + size, editor.schema.nodes.embed.create(embed)));
    }
  }
}

function hrefOf(node) {
  return node.marks.find(({ type }) => type.name === "link")?.attrs.href;
}
