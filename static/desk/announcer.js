/* Says a sentence to those who hear the page, without moving anything. */

let region = null;

export function announce(sentence) {
  if (!region) {
    region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = sentence;
}

/* “{count} characters” with its numbers and names. */
export function say(pattern, facts) {
  return pattern.replace(/\{(\w+)\}/g, (braces, name) => facts[name] ?? braces);
}
