/* Small parts that the form's scripts share: a button, a field that stands in for another, and word of a change. */

export function button(sign, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "icon";
  made.textContent = sign;
  made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

/* A search field in front of `field`, which is hidden and stays what the form sends. The label goes with it. */
export function stepIn(field) {
  const input = document.createElement("input");
  input.type = "text";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (field.hasAttribute(name)) input.setAttribute(name, field.getAttribute(name));
  }
  input.id = field.id;
  field.id = `${field.id}_sent`;
  field.hidden = true;
  field.before(input);
  // How to part one from the next in the plain field need not be known any more.
  document.getElementById(field.getAttribute("aria-describedby"))?.querySelector(".advice")?.setAttribute("hidden", "");
  return input;
}

/* Says that a script has changed `field`, as typing would. */
export function tell(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Puts `item` one place up (-1) or down (1) among its fellows; false where there is no place. */
export function moveItem(item, by) {
  const fellow = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!fellow) return false;
  if (by < 0) fellow.before(item);
  else fellow.after(item);
  return true;
}
