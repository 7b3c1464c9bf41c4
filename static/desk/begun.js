/* A new story that has saved itself for the first time: what its own page shows above and beside the text comes here too. */
const PARTS = [".breadcrumbs", ".title-row", ".sheet > .submit-row", "[aria-labelledby=status]", "#preview-panel"];

export async function showItsOwn(url) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  for (const part of PARTS) {
    const now = document.querySelector(part);
    const own = page.querySelector(part);
    if (!own || now.contains(document.activeElement)) continue;
    now.replaceWith(own);
    for (const script of own.querySelectorAll("script")) wake(script);
  }
  const versions = page.querySelector("[aria-labelledby=versions]");
  if (versions) document.querySelector(".beside").append(versions);
}

/* A script that came as text does not run; one that is made here does. */
function wake(asleep) {
  const script = document.createElement("script");
  script.type = asleep.type;
  script.src = asleep.src;
  asleep.replaceWith(script);
}
