/* How the story will look elsewhere: the cards beside the other headlines, kept true while somebody types. */
import { thumbnailAt } from "./asking.js";

export function fitLooks(form, { lengths, ask, words }) {
  const shown = [...document.querySelectorAll("[data-show]")];
  const said = (name) => form.elements[name].value.trim().replace(/\s+/g, " ");
  const texts = {
    kicker: () => said("kicker"),
    standfirst: () => said("standfirst"),
    ...Object.fromEntries(
      ["short_headline", "search_headline", "feed_headline"].map((name) => [name, () => said(name) || said("headline") || words.noHeadline]),
    ),
  };
  const show = () => {
    for (const place of shown) {
      const text = texts[place.dataset.show]?.();
      if (text !== undefined) place.textContent = cut(text, lengths[place.dataset.cut]?.most);
    }
  };
  const showPicture = () => {
    const uid = form.elements.cover.value;
    for (const place of shown.filter((one) => one.dataset.show === "picture")) {
      place.hidden = !uid;
      if (uid) place.src = thumbnailAt(ask.thumbnail, uid);
    }
  };
  // Not at each key in the story's text.
  const showIf = ({ target }) => (target.name in texts || target.name === "headline") && show();
  form.addEventListener("input", showIf);
  form.addEventListener("change", showIf);
  form.elements.cover.addEventListener("change", showPicture);
  show();
}

/* As a search engine does it: at a word's end, with an ellipsis. */
function cut(text, most) {
  const letters = [...text];
  if (!most || letters.length <= most) return text;
  const kept = letters.slice(0, most).join("");
  const end = kept.lastIndexOf(" ");
  return `${(end > most / 2 ? kept.slice(0, end) : kept).trimEnd()} …`;
}
