/* What stands between the story and its readers: asked when the form opens and after each saving, beside the text. */
import { send } from "./session.js";

export function fitChecks({ ask }) {
  const place = document.getElementById("checks-found");
  let isAsking = false;
  let isOld = false;

  /* A story that saved itself for the first time has its own address from then on. */
  const address = () => ask.checks || (/\/\d+\/change\/$/.test(location.pathname) && location.pathname.replace(/change\/$/, "checks/"));

  const refresh = async () => {
    isOld = true;
    if (isAsking) return;
    isAsking = true;
    while (isOld) {
      isOld = false;
      const from = address();
      const answer = from && (await send(`${from}?bare`).catch(() => null));
      if (answer?.ok) show(await answer.text());
    }
    isAsking = false;
  };
  const show = (html) => {
    const found = new DOMParser().parseFromString(html, "text/html").body;
    if (found.innerHTML === place.dataset.shown) return;
    place.dataset.shown = found.innerHTML;
    place.replaceChildren(...found.childNodes);
  };

  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && goTo(link.hash.slice(1))) event.preventDefault();
  });
  document.addEventListener("story:saved", refresh);
  refresh();
}

/* Puts the cursor where it is mended, also where the editor stands in for its field, or a fold hides it. */
function goTo(id) {
  const field = document.getElementById(id);
  if (!field) return false;
  field.closest("details")?.setAttribute("open", "");
  const stands = field.hidden ? field.parentElement.querySelector(".ProseMirror") : field;
  (stands ?? field).focus();
  (stands ?? field).scrollIntoView({ block: "center" });
  return true;
}
