/* The line under the text: how long it is, and where the link under the cursor leads. Counted at rest, block by block. */
import { linkHere } from "./links.js";

// The same word as in articles/body/plain.py.
const WORD = /[\p{L}\p{N}_]+(?:[-'’.,][\p{L}\p{N}_]+)*/gu;

const counted = new WeakMap();

/* How many words there are to read: a pull quote repeats the text, an embed has the words that were written for it. */
function wordsIn(doc) {
  let sum = 0;
  doc.descendants((block) => {
    if (!block.isTextblock && block.type.name !== "embed") return block.type.name !== "pullQuote";
    if (!counted.has(block)) counted.set(block, textOf(block).match(WORD)?.length ?? 0);
    sum += counted.get(block);
    return false;
  });
  return sum;
}

function textOf(block) {
  return block.isTextblock ? block.textBetween(0, block.content.size, undefined, "\n") : block.attrs.title;
}

export function fitFoot(desk) {
  const [length, target] = desk.foot.querySelectorAll(".length, .target");
  const { editor } = desk;
  let rest = 0;

  const count = () => {
    const words = wordsIn(editor.state.doc);
    length.textContent = desk.word("length", words, Math.max(1, Math.round(words / desk.wordsAMinute)));
  };
  const show = async () => {
    const link = linkHere(editor);
    const story = link?.article && (await desk.stories.of(link.article));
    const said = story ? story.headline : link?.article ? desk.word("no-story") : (link?.href ?? "");
    const sentence = said && `${desk.word(link.article ? "to-story" : "to-address")} ${said}`;
    if (target.textContent !== sentence) target.textContent = sentence;
  };

  editor.on("update", () => {
    clearTimeout(rest);
    rest = setTimeout(count, 300);
  });
  desk.eachFrame("transaction", show);
  count();
}
