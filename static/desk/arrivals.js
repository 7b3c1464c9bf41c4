/* The page on which pictures arrive: files that are chosen or dropped are sent one by one, two at a time, each with its own
   result. After a break they go on from the last piece that came, by themselves or when all of them are dropped again. */
import { sentenceOf, thumbnailOf } from "./asking.js";
import { sendFile } from "./sending.js";

const AT_ONCE = 2;

const form = document.querySelector("[data-arrivals]");
const place = document.querySelector(".arrivals");
const list = place.querySelector("ul");
const rows = [];
let busy = 0;

function arrive(files) {
  for (const file of files) rows.push(row(file));
  place.hidden = false;
  go();
}

function row(file) {
  const line = place.querySelector("template").content.firstElementChild.cloneNode(true);
  line.querySelector("b").textContent = file.name;
  line.querySelector("progress").setAttribute("aria-label", file.name);
  const entry = { file, line };
  line.querySelector("button").addEventListener("click", () => {
    wait(entry);
    go();
  });
  wait(entry);
  list.append(line);
  return entry;
}

function wait(entry) {
  entry.state = "waiting";
  say(entry, place.dataset.waiting);
}

function say({ line }, sentence) {
  line.querySelector("[data-said]").textContent = sentence;
}

function go() {
  const next = rows.find(({ state }) => state === "waiting");
  tellAll();
  if (!next || busy >= AT_ONCE) return;
  busy += 1;
  receive(next).finally(() => {
    busy -= 1;
    go();
  });
  go();
}

function tellAll() {
  const here = rows.filter(({ state }) => state === "here").length;
  const [first, second] = [here, rows.length];
  place.querySelector("[data-all-of-them]").textContent = place.dataset.all.replace("%d", first).replace("%d", second);
}

async function receive(entry) {
  const bar = entry.line.querySelector("progress");
  const again = entry.line.querySelector("button");
  entry.state = "sending";
  bar.hidden = false;
  again.hidden = true;
  say(entry, place.dataset.sending);
  const { said, status } = await sendFile(form.dataset.arrivals, entry.file, (part) => (bar.value = part));
  bar.hidden = true;
  const pictures = said?.pictures ?? (said?.picture ? [said.picture] : []);
  if (pictures.length) return show(entry, said, pictures);
  entry.state = said || status ? "refused" : "unanswered";
  again.hidden = Boolean(said);
  const refusal = status === 413 ? place.dataset.tooLarge : place.dataset.noAnswer;
  say(entry, sentenceOf(said) || refusal);
}

function show(entry, said, pictures) {
  entry.state = "here";
  say(entry, said.sentence);
  const [first] = pictures;
  thumbnailOf(first, entry.line.querySelector("img"));
  entry.line.querySelector("b").replaceChildren(linkTo(first, first.title));
  const beside = [...pictures.slice(1), ...(said.near ?? [])];
  const others = entry.line.querySelector(".thumbs");
  others.hidden = beside.length === 0;
  others.replaceChildren(...beside.map(small));
  if (said.near?.length) say(entry, `${said.sentence} ${place.dataset.alike}:`);
}

function linkTo({ page }, text) {
  const link = document.createElement("a");
  link.href = page;
  link.textContent = text;
  return link;
}

function small(picture) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.alt = picture.title;
  image.width = 96;
  image.height = 64;
  thumbnailOf(picture, image);
  const link = linkTo(picture, "");
  link.append(image);
  item.append(link);
  return item;
}

function isOpen() {
  return rows.some(({ state }) => state === "waiting" || state === "sending");
}

const chooser = form.querySelector('input[type="file"]');
chooser.addEventListener("change", () => {
  arrive([...chooser.files]);
  chooser.value = "";
});
addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  arrive([...event.dataTransfer.files]);
});
addEventListener("online", () => {
  rows.filter(({ state }) => state === "unanswered").forEach(wait);
  go();
});
addEventListener("beforeunload", (event) => isOpen() && event.preventDefault());
for (const help of document.querySelectorAll("[data-drop-help]")) help.hidden = false;
