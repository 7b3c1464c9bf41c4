/*
 * The newsroom's text into the editor, while its writer goes on writing.
 *
 *   const then = sent(editor);                       when the text is sent: begins to note what is changed from now on
 *   applyIncoming(editor, then, html);               when an answer comes: puts in what others changed since
 *
 * Block by block: what differs between the text that was sent and the one that came in is put where it belongs now, unless
 * the writer has touched that block since. The cursor stays, nothing enters the history of undoing, and no block that is the
 * same is drawn anew. True when all of it could be put in; false when nothing or only a part could, and then the same may be
 * asked again, for what is in already differs no more.
 */
const recordings = new WeakMap(); // editor: [{doc, mapping}], the latest last
const KEPT = 8;
const MOST_COMPARED = 4_000_000; // pairs of blocks

/* The document as it is now; what happens to its places from now on is noted. */
export function sent(editor) {
  if (!recordings.has(editor)) {
    recordings.set(editor, []);
    editor.on("transaction", ({ transaction, appendedTransactions = [] }) => {
      for (const one of [transaction, ...appendedTransactions]) {
        for (const { mapping } of recordings.get(editor)) mapping.appendMapping(one.mapping);
      }
    });
  }
  const { doc, tr } = editor.state;
  const all = recordings.get(editor);
  all.push({ doc, mapping: tr.mapping });
  all.splice(0, all.length - KEPT);
  return doc;
}

export function applyIncoming(editor, sentDoc, incomingHTML) {
  const recording = recordings.get(editor)?.findLast(({ doc }) => doc === sentDoc);
  if (!recording) return false;
  const incoming = blocksOf(editor.newsroom.parse(incomingHTML), editor);
  const hunks = differences(blocksOf(sentDoc, editor), incoming).flatMap(apart);

  const { tr } = editor.state;
  let isWhole = true;
  for (const hunk of hunks) isWhole = put(tr, hunk, recording.mapping, editor.state.doc) && isWhole;
  if (tr.docChanged) editor.view.dispatch(tr.setMeta("addToHistory", false).setMeta("incoming", true));
  return isWhole;
}

/* The blocks that mean something, with their places: the lines that are kept empty for writing on are no text. */
function blocksOf(doc, editor) {
  const blocks = [];
  doc.forEach((node, place) => {
    const text = editor.newsroom.textOf(node);
    if (text) blocks.push({ node, place, end: place + node.nodeSize, key: plain(text) });
  });
  return blocks;
}

/* Two blocks are the same to a reader whatever spaces stand at the ends of their lines. */
function plain(html) {
  return html
    .replace(/[ \n\t]+/g, " ")
    .replace(/ ?(<\/?(?:p|h2|h3|li|td|th|dt|dd|caption|blockquote|br)\b[^>]*>) ?/g, "$1")
    .trim();
}

/* What differs: [{was: blocks, now: blocks, at}], where `at` is a place in the document that was sent. */
function differences(was, now) {
  const kept = common(was.map(({ key }) => key), now.map(({ key }) => key));
  const found = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...kept, [was.length, now.length]]) {
    if (nextI > i || nextJ > j) {
      found.push({ was: was.slice(i, nextI), now: now.slice(j, nextJ), at: was[i]?.place ?? was.at(-1)?.end ?? 0 });
    }
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return found;
}

/* The longest common run of keys, as pairs of indexes. Equal ends are taken off first: mostly that is all there is. */
function common(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let tail = 0;
  while (tail < a.length - start && tail < b.length - start && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  let [n, m] = [a.length - start - tail, b.length - start - tail];
  if (n * m > MOST_COMPARED) n = m = 0; // so much is another text: all between the equal ends is taken as one difference
  const best = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let j = m - 1; j >= 0; j -= 1) {
      best[i][j] = a[start + i] === b[start + j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs = Array.from({ length: start }, (_, index) => [index, index]);
  for (let i = 0, j = 0; i < n && j < m; ) {
    if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++]);
    else if (best[i + 1][j] >= best[i][j + 1]) i += 1;
    else j += 1;
  }
  for (let index = tail; index > 0; index -= 1) pairs.push([a.length - index, b.length - index]);
  return pairs;
}

/* As many blocks for as many are taken one by one, so that one that was touched holds no other back. */
function apart({ was, now, at }) {
  if (was.length !== now.length) return [{ was, now, at }];
  return was.map((block, index) => ({ was: [block], now: [now[index]], at: block.place }));
}

/* Put one difference in, or see that it is in already; false where the writer has been there since. */
function put(tr, { was, now, at }, mapping, doc) {
  const start = mapping.map(at, was.length ? 1 : -1);
  const end = was.length ? mapping.map(was.at(-1).end, -1) : start;
  if (end < start || end > doc.content.size || doc.resolve(start).depth || doc.resolve(end).depth) return false;
  const there = was.length ? blocksBetween(doc, start, end) : blocksBetween(doc, start, doc.content.size).slice(0, now.length);
  if (areSame(there, now)) return true;
  if (was.length && !areSame(there, was)) return false;
  const [from, to] = [tr.mapping.map(start, 1), tr.mapping.map(end, was.length ? -1 : 1)];
  if (was.length === 1 && now.length === 1 && was[0].node.sameMarkup(now[0].node)) replaceInside(tr, from, was[0].node, now[0].node);
  else tr.replaceWith(from, to, now.map(({ node }) => node));
  return true;
}

function blocksBetween(doc, start, end) {
  const found = [];
  doc.forEach((node, place) => {
    const isLine = node.type.name === "paragraph" && !node.content.size;
    if (place >= start && place + node.nodeSize <= end && !isLine) found.push(node);
  });
  return found;
}

const areSame = (nodes, blocks) => nodes.length === blocks.length && nodes.every((node, index) => node.eq(blocks[index].node));

/* Of a block that stays what it is only the differing part is replaced, so that a cursor elsewhere in it stays. */
function replaceInside(tr, place, was, now) {
  const start = was.content.findDiffStart(now.content);
  if (start === null) return;
  let { a, b } = was.content.findDiffEnd(now.content);
  const overlap = start - Math.min(a, b);
  if (overlap > 0) [a, b] = [a + overlap, b + overlap];
  tr.replace(place + 1 + start, place + 1 + a, now.slice(start, b));
}
