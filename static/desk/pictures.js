/* Pictures for the story's text: the choice of one, and this story's own words for it. */
import { searching, thumbnailOf } from "./asking.js";
import { insertPictures } from "./placing.js";
import { receiveFiles } from "./uploads.js";

/*
 * The dialog with the newest pictures; typing narrows them down. One click places one; for a gallery several are chosen
 * first. A file that is chosen there is uploaded and placed like one that is dropped into the text.
 */
export function openPictures(desk, { place } = {}) {
  const dialog = desk.dialogs["story-pictures"];
  const [field, files] = dialog.querySelectorAll('input[type="search"], input[type="file"]');
  const list = dialog.querySelector("ul");
  const several = dialog.querySelector('[value="several"]');
  let chosen = [];

  const finish = (pictures) => {
    dialog.close();
    if (place) place(pictures);
    else insertPictures(desk, pictures);
  };
  const toggle = (picture, box) => {
    chosen = box.checked ? [...chosen, picture] : chosen.filter((other) => other.uid !== picture.uid);
    several.hidden = chosen.length === 0;
    several.querySelector("span").textContent = chosen.length;
  };
  const offer = (picture) => {
    const item = desk.part(".shot");
    thumbnailOf(picture, item.querySelector("img"));
    const [button, box] = item.querySelectorAll("button, input");
    button.textContent = picture.title;
    item.querySelector("p").textContent = picture.credit;
    box.setAttribute("aria-label", `${box.parentElement.textContent.trim()}: ${picture.title}`);
    box.checked = chosen.some((other) => other.uid === picture.uid);
    box.addEventListener("change", () => toggle(picture, box));
    button.addEventListener("click", () => finish([picture]));
    desk.pictures.learn(picture);
    return item;
  };

  field.value = "";
  several.hidden = true;
  several.onclick = () => finish(chosen);
  if (files) {
    files.value = "";
    files.onchange = () => {
      const received = [...files.files];
      dialog.close();
      receiveFiles(desk, received, place);
    };
  }
  searching(field, list, (words) => desk.pictures.find(words), offer);
  desk.open(dialog);
}

/* Ask for this story's own caption and text alternative; left empty, the picture's own words stand. */
export function openWords(desk, { caption, alt }, keep) {
  const dialog = desk.dialogs["picture-words"];
  const fields = { caption: dialog.querySelector('[name="caption"]'), alt: dialog.querySelector('[name="alt"]') };
  fields.caption.value = caption;
  fields.alt.value = alt;
  const typed = (field) => field.value.split(/\s+/).join(" ").trim();
  desk.open(dialog, () => keep({ caption: typed(fields.caption), alt: typed(fields.alt) }));
}
