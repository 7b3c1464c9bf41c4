/*
 * The queue by mouse: a version that waits is dragged to another day, and its page asks for the time and a confirmation.
 * Nothing is moved by letting go. By keyboard the same is each line's own link.
 */
for (const entry of document.querySelectorAll(".queue-entry")) {
  entry.draggable = true;
  entry.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", entry.dataset.move);
    event.dataTransfer.effectAllowed = "move";
    entry.classList.add("dragged");
  });
  entry.addEventListener("dragend", () => entry.classList.remove("dragged"));
}

for (const day of document.querySelectorAll(".queue-day")) {
  day.addEventListener("dragover", (event) => {
    if (!document.querySelector(".queue-entry.dragged")) return;
    event.preventDefault();
    day.classList.add("aimed-at");
  });
  day.addEventListener("dragleave", () => day.classList.remove("aimed-at"));
  day.addEventListener("drop", (event) => {
    event.preventDefault();
    day.classList.remove("aimed-at");
    const entry = document.querySelector(".queue-entry.dragged");
    if (!entry) return;
    const to = new URL(entry.dataset.move, location.href);
    to.searchParams.set("day", day.dataset.day);
    to.searchParams.set("clock", entry.dataset.clock);
    location.assign(to);
  });
}
