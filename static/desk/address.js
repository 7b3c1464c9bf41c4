/* The address as it will be: made from the headline until somebody writes its last part, or until readers know it. */

export function fitAddress(form, { site, sections, words }) {
  const slug = form.elements.slug;
  const places = [document.getElementById("address-shown"), ...document.querySelectorAll("[data-show=address]")];
  if (!slug) return;
  const anew = document.getElementById("address-anew");

  const show = () => {
    const made = slugOf(form.elements.headline.value);
    const last = slug.value.trim() || made;
    const section = sections[form.elements.section.value]?.slug ?? "…";
    const isImpossible = !last && form.elements.headline.value.trim();
    for (const place of places) {
      place.textContent = isImpossible ? words.noAddress : `${site.url}/${section}/${last || "…"}/`;
    }
    slug.placeholder = made;
    anew.hidden = !slug.value;
  };
  anew.addEventListener("click", () => {
    slug.value = "";
    slug.dispatchEvent(new Event("input", { bubbles: true }));
    slug.focus();
  });
  // Not at each key in the story's text.
  const showIf = ({ target }) => ["headline", "section", "slug"].includes(target.name) && show();
  form.addEventListener("input", showIf);
  form.addEventListener("change", showIf);
  show();
}

/* As the server makes it: accents off, Latin letters and numbers only, hyphens between. */
export function slugOf(headline) {
  return headline
    .normalize("NFKD")
    .replace(/[^\x00-\x7f]/g, "")
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, 200)
    .replace(/^-+|-+$/g, "");
}
