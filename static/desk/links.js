/* Where a link leads: an address that is typed, or one of our stories that is found by its words. */
import { offerStories } from "./stories.js";
import { recognised } from "./embeds.js";

/*
 * Ask where a link leads. An empty answer takes the link away; without a selection the address itself is written, or the
 * story's headline. A browser tells of a selection some frames late, so the library is made to look at it now: whoever
 * selects and asks at once would else lose what they selected.
 */
export async function openLink(desk) {
  const { editor } = desk;
  editor.view.domObserver.flush();
  const dialog = desk.dialogs["story-link"];
  const [address, words] = dialog.querySelectorAll("input");
  const now = linkHere(editor);
  address.value = now?.href ?? "";
  words.value = "";
  dialog.querySelector('[data-say="now"]').textContent = now?.article
    ? `${desk.word("now-story")} ${(await desk.stories.of(now.article))?.headline ?? desk.word("no-story")}`
    : "";
  offerStories(desk, words, dialog.querySelector("ul"), (story) => {
    dialog.close();
    setLink(editor, "storyLink", { article: story.uid }, story.headline);
  });
  desk.open(dialog, async () => {
    const href = withScheme(address.value.trim());
    if (!href && !now?.article) return setLink(editor, null);
    if (!href) return true;
    const story = (await recognised(desk, href))?.story;
    if (story) desk.stories.learn(story);
    return story ? setLink(editor, "storyLink", { article: story.uid }, story.headline) : setLink(editor, "link", { href }, href);
  });
  dialog.querySelector('[data-act="unlink"]').onclick = () => {
    dialog.close();
    setLink(editor, null);
  };
}

/* Where the link under the cursor leads: {href} or {article}, or null. */
export function linkHere(editor) {
  for (const name of ["link", "storyLink"]) {
    if (editor.isActive(name)) return editor.getAttributes(name);
  }
  return null;
}

/* Make the selection, or the link that the cursor is in, a link of this kind; no kind makes it plain text. */
function setLink(editor, kind, attrs, text) {
  const chain = editor.chain().focus();
  const old = ["link", "storyLink"].find((name) => editor.isActive(name));
  if (old) chain.extendMarkRange(old);
  else if (editor.state.selection.empty) {
    return kind ? chain.insertContent({ type: "text", text, marks: [{ type: kind, attrs }] }).run() : chain.run();
  }
  chain.unsetMark("link").unsetMark("storyLink");
  return kind ? chain.setMark(kind, attrs).run() : chain.run();
}

function withScheme(address) {
  if (!address || /^(https?:|mailto:|\/)/i.test(address)) return address;
  return address.includes("@") ? `mailto:${address}` : `https://${address}`;
}
