/* Our own stories in a text: a link that stays right when its story moves, and a list of stories to read on. */
import { searching } from "./asking.js";
import { framed } from "./cards.js";

/* A link to a story of ours, by its uid. It and a plain link take each other's place. */
export function storyLink({ Mark }) {
  return Mark.create({
    name: "storyLink",
    priority: 1000,
    inclusive: false,
    excludes: "link storyLink",
    addAttributes: () => ({
      article: {
        default: "",
        parseHTML: (element) => element.dataset.article,
        renderHTML: ({ article }) => ({ "data-article": article }),
      },
    }),
    parseHTML: () => [{ tag: "a[data-article]", priority: 60 }],
    renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
  });
}

export function related({ Node }, desk) {
  return Node.create({
    name: "related",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => ({
      stories: {
        default: [],
        parseHTML: (element) => element.dataset.related.split(/\s+/).filter(Boolean),
        renderHTML: ({ stories }) => ({ "data-related": stories.join(" ") }),
      },
    }),
    parseHTML: () => [{ tag: "div[data-related]" }],
    renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
    addNodeView: () =>
      framed(desk, "related", {
        acts: ({ node, change }) => ({ choose: () => openRelated(desk, node().attrs.stories, change) }),
        show: ({ dom, node }) => showStories(desk, dom, node),
      }),
  });
}

async function showStories(desk, dom, node) {
  const { stories } = node().attrs;
  const found = await Promise.all(stories.map((uid) => desk.stories.of(uid)));
  if (node().attrs.stories !== stories) return;
  const lines = found.map((story) => {
    const line = document.createElement("li");
    line.textContent = story?.headline || desk.word("no-story");
    if (story && !story.live) line.append(` (${story.state})`);
    return line;
  });
  dom.querySelector("ol").replaceChildren(...lines);
}

/* The stories that fit what is typed in `field`, each with a button; `take` gets the one that is chosen. */
export function offerStories(desk, field, list, take) {
  const refuse = (sentence) => desk.say("plain", sentence);
  const offer = (story) => {
    const entry = desk.part(".found-story");
    const button = entry.querySelector("button");
    button.textContent = story.headline || desk.word("no-headline");
    entry.querySelector("p").textContent = [story.section, story.live ? desk.word("live") : story.state, story.saved]
      .filter(Boolean)
      .join(" · ");
    button.addEventListener("click", () => {
      desk.stories.learn(story);
      take(story);
    });
    return entry;
  };
  return searching(field, list, (words) => desk.stories.find(words, refuse), offer);
}

/* The dialog for the stories to read on: found by words, in an order that can be changed. */
export async function openRelated(desk, chosen, keep) {
  const dialog = desk.dialogs["story-related"];
  const [list, found] = dialog.querySelectorAll("ol, ul");
  const field = dialog.querySelector("input");
  let stories = [...chosen];

  const place = (uid, index) => {
    stories = stories.filter((other) => other !== uid);
    if (index !== undefined) stories.splice(index, 0, uid);
    return show();
  };
  const entry = async (uid, index) => {
    const line = desk.part(".chosen-story");
    line.querySelector("span").textContent = (await desk.stories.of(uid))?.headline ?? desk.word("no-story");
    const acts = { up: () => place(uid, Math.max(index - 1, 0)), down: () => place(uid, index + 1), out: () => place(uid) };
    for (const button of line.querySelectorAll("button")) {
      button.addEventListener("click", async () => {
        await acts[button.dataset.act]();
        (list.children[stories.indexOf(uid)]?.querySelector(`[data-act="${button.dataset.act}"]`) ?? field).focus();
      });
    }
    return line;
  };
  const show = async () => {
    const lines = await Promise.all(stories.map(entry));
    list.replaceChildren(...lines);
    list.hidden = !lines.length;
  };

  field.value = "";
  await show();
  offerStories(desk, field, found, ({ uid }) => place(uid, stories.length));
  desk.open(dialog, () => keep({ stories }));
}
