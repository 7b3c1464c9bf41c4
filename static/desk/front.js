/*
 * A front by mouse: a story is dragged to a place among the others, and its form is sent as if the place had been chosen.
 * By keyboard the same is each story's own buttons and its list of places; they keep the focus when the page comes back.
 */
const form = document.getElementById("dropped");
let dragged = null;

document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });

function placeAt(zone, y) {
  const others = [...zone.querySelectorAll(".slot")].filter((slot) => slot !== dragged);
  const after = others.findIndex((slot) => y < slot.getBoundingClientRect().top + slot.offsetHeight / 2);
  return { others, place: after < 0 ? others.length : after };
}

function mark(zone, y) {
  const { others, place } = placeAt(zone, y);
  unmark();
  zone.classList.add("aimed-at");
  (others[place] ?? others.at(-1))?.classList.add(others[place] ? "goes-before" : "goes-after");
}

function unmark() {
  for (const marked of document.querySelectorAll(".aimed-at, .goes-before, .goes-after")) {
    marked.classList.remove("aimed-at", "goes-before", "goes-after");
  }
}

for (const slot of document.querySelectorAll("[data-story]")) {
  slot.draggable = true;
  slot.addEventListener("dragstart", (event) => {
    dragged = slot;
    event.dataTransfer.setData("text/plain", slot.dataset.story);
    event.dataTransfer.effectAllowed = "move";
    slot.classList.add("dragged");
  });
  slot.addEventListener("dragend", () => {
    slot.classList.remove("dragged");
    dragged = null;
    unmark();
  });
}

for (const zone of document.querySelectorAll("[data-zone]")) {
  zone.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    mark(zone, event.clientY);
  });
  zone.addEventListener("dragleave", (event) => zone.contains(event.relatedTarget) || unmark());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!dragged) return;
    form.elements.story.value = dragged.dataset.story;
    form.elements.at.value = `${zone.dataset.zone}:${placeAt(zone, event.clientY).place}`;
    form.requestSubmit();
  });
}
