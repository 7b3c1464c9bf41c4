/* The device's own share sheet, where it has one. Without this script the links beside it do the same. */
const button = document.getElementById("share-sheet");

if (button && navigator.share) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const title = document.querySelector("h1").textContent;
    const url = document.querySelector("link[rel=canonical]").href;
    navigator.share({ title, url }).catch((refusal) => {
      if (refusal.name !== "AbortError") throw refusal; // whoever changes their mind has done nothing wrong
    });
  });
}
