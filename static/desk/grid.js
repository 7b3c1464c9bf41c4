// The photo desk by keyboard: arrows move from picture to picture, x ticks, Enter opens (it is a link), / looks for words.

const grid = document.querySelector("[data-grid]");
const links = [...(grid?.querySelectorAll(".shot > a") ?? [])];

function columns() {
  const top = links[0].closest(".shot").offsetTop;
  const after = links.findIndex((link) => link.closest(".shot").offsetTop > top);
  return after < 0 ? links.length : after;
}

function steps(key) {
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() }[key];
}

function move(event) {
  const here = links.indexOf(document.activeElement);
  const there = links[here < 0 ? 0 : here + steps(event.key)];
  if (there) {
    event.preventDefault();
    there.focus();
  }
}

function tick() {
  document.activeElement?.closest(".shot")?.querySelector('[name="pk"]')?.click();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !grid.contains(event.target)) return;
  if (event.key.startsWith("Arrow") && links.includes(document.activeElement)) move(event);
  else if (event.key === "x") tick();
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("filter-q").focus();
  }
}

if (links.length) {
  document.addEventListener("keydown", onKey);
  for (const help of grid.querySelectorAll("[data-grid-help]")) help.hidden = false;
}
