/* Pictures for the story's text: what is known of them, the choice of one, and this story's own words for it. */

const asked = new Map();

/* What the newsroom knows of a picture, asked once; null where it is not known or cannot be asked. */
export function factsOf(address, uid) {
  if (!asked.has(uid)) {
    const question = ask(address, "uid", uid).then((found) => found[0] ?? null);
    asked.set(uid, question);
  }
  return asked.get(uid);
}

async function ask(address, name, value) {
  const answer = await fetch(`${address}?${name}=${encodeURIComponent(value)}`).catch(() => null);
  return answer?.ok ? (await answer.json()).pictures : [];
}

/* The dialog with the newest pictures; typing narrows them down, a click places one behind the cursor. */
export function openPictures(dialog, editor, address) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const pattern = dialog.querySelector("template").content.firstElementChild;

  const place = (picture) => {
    asked.set(picture.uid, Promise.resolve(picture));
    dialog.close();
    editor.chain().focus().insertContent({ type: "figure", attrs: { image: picture.uid } }).run();
  };
  const offer = (picture) => {
    const item = pattern.cloneNode(true);
    item.querySelector("img").src = picture.thumbnail;
    item.querySelector("button").textContent = picture.title;
    item.querySelector("p").textContent = picture.credit;
    item.querySelector("button").addEventListener("click", () => place(picture));
    return item;
  };
  let latest = 0;
  const show = async () => {
    const mine = (latest += 1);
    const found = await ask(address, "q", field.value);
    if (mine === latest) list.replaceChildren(...found.map(offer));
  };

  field.oninput = show;
  dialog.onclose = () => editor.commands.focus();
  show();
  dialog.showModal();
}

/* Ask for this story's own caption and text alternative; left empty, the picture's own words stand. */
export function openWords(dialog, { image, caption, alt }, keep) {
  dialog.querySelector('[name="caption"]').value = caption;
  dialog.querySelector('[name="alt"]').value = alt;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    const said = (name) => dialog.querySelector(`[name="${name}"]`).value.split(/\s+/).join(" ").trim();
    keep({ image, caption: said("caption"), alt: said("alt") });
  };
  dialog.showModal();
}
