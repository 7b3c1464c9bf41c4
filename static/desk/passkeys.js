/*
 * Passkeys: asks the newsroom for a question, the browser for a key, and sends the answer with the page's own form. A form
 * says with data-passkey what is meant: "show" a key or "make" one. Without a script, or in a browser that knows no passkeys,
 * the button stays hidden, and password and code are there.
 */
const canRead = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

for (const form of canRead ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector("button[data-act=passkey]");
  for (const part of form.querySelectorAll("[data-passkey-part]")) part.hidden = false;
  button.addEventListener("click", () => use(form, button));
}

async function use(form, button) {
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = "";
  button.disabled = true;
  try {
    const { options, word, wrong } = await question(form);
    if (wrong) said.textContent = wrong;
    else await answer(form, options, word);
  } catch (fault) {
    said.textContent = fault.name === "InvalidStateError" ? said.dataset.known : said.dataset.none;
  } finally {
    button.disabled = false;
  }
}

async function question(form) {
  const sent = new FormData();
  for (const name of ["csrfmiddlewaretoken", "passed", "own"]) {
    const field = form.elements.namedItem(name);
    if (field) sent.set(name, field.value);
  }
  const asked = await fetch(form.dataset.passkeyAt, { method: "POST", body: sent, headers: { Accept: "application/json" } });
  return asked.json();
}

async function answer(form, options, word) {
  const makes = form.dataset.passkey === "make";
  const key = makes
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.namedItem("word").value = word;
  form.elements.namedItem("key").value = JSON.stringify(key.toJSON());
  form.submit();
}
