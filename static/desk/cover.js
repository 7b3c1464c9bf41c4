/* The cover is chosen by looking: a search among all pictures. The plain list stays what the form sends. */
import { announce, say } from "./announcer.js";
import { register, searching, thumbnailAt, thumbnailOf } from "./asking.js";
import { tell } from "./controls.js";

export function fitCover(form, { ask, words }) {
  const select = form.elements.cover;
  const parts = document.getElementById("cover-furniture").content.cloneNode(true);
  const acts = parts.querySelector(".cover-acts");
  const dialog = parts.querySelector("dialog");
  const pattern = parts.querySelector("li.shot");
  const choose = acts.querySelector("[data-act=choose]");
  const none = acts.querySelector("[data-act=none]");
  const row = select.closest(".form-row");
  const title = document.createElement("p");
  const find = dialog.querySelector("input");
  const grid = dialog.querySelector("ul");
  const link = document.getElementById("cover-shown")?.nextElementSibling;
  const kept = select.value;
  const pictures = register(ask.pictures, "pictures");
  let shown = document.getElementById("cover-shown");

  const show = () => {
    const chosen = select.selectedOptions[0];
    title.textContent = chosen?.textContent ?? "";
    none.hidden = !select.value;
    if (!shown) {
      shown = document.createElement("img");
      Object.assign(shown, { width: 320, height: 214, alt: "" });
      row.after(shown);
    }
    shown.hidden = !select.value;
    if (select.value) shown.src = thumbnailAt(ask.thumbnail, select.value);
    if (link) link.hidden = select.value !== kept;
  };
  const set = (uid, name) => {
    if (uid && ![...select.options].some((option) => option.value === uid)) select.add(new Option(name, uid));
    select.value = uid;
    show();
    tell(select);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const offer = (picture) => {
    const item = pattern.cloneNode(true);
    thumbnailOf(picture, item.querySelector("img"));
    item.querySelector("button").textContent = picture.title;
    item.querySelector("p").textContent = picture.credit;
    item.querySelector("button").addEventListener("click", () => {
      dialog.close();
      set(picture.uid, picture.title);
      announce(say(words.chosen, { name: picture.title }));
    });
    return item;
  };

  // The button says itself what it does; the label was the list's.
  row.querySelector("label").hidden = true;
  row.querySelector("label").removeAttribute("for");
  choose.id = select.id;
  select.id = `${select.id}_sent`;
  title.className = "small";
  choose.setAttribute("aria-describedby", (title.id = "cover-title"));
  select.hidden = true;
  select.after(title, acts);
  document.body.append(dialog);
  choose.addEventListener("click", () => {
    dialog.showModal();
    find.focus();
    searching(find, grid, (question) => pictures.find(question), offer);
  });
  none.addEventListener("click", () => {
    set("", "");
    choose.focus();
  });
  dialog.querySelector("[data-act=close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => choose.focus());
  select.addEventListener("change", show);
  show();
}
