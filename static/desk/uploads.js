/* Picture files that come right into the text: sent one by one, asked for what they lack, then placed. */
import { sentenceOf, tell, thumbnailOf } from "./asking.js";
import { insertPictures } from "./placing.js";
import { sendFile } from "./sending.js";

const FACTS = ["caption", "alt_text", "credit", "rights_basis"];

/* Send the files in, ask for what is missing, place them: `place` says where, else they go where the cursor is. */
export async function receiveFiles(desk, files, place) {
  const dialog = desk.dialogs["story-upload"];
  const list = dialog.querySelector("ul");
  const ends = [...dialog.querySelectorAll('[value="yes"], [value="together"]')];
  const rows = files.map((file) => waiting(desk, file));
  list.replaceChildren(...rows.map(({ line }) => line));
  for (const end of ends) end.hidden = true;

  desk.open(dialog, async (end) => {
    const received = rows.filter(({ picture }) => picture);
    for (const row of received) {
      if (!(await described(desk, row))) return false;
    }
    const pictures = received.map(({ picture }) => picture);
    for (const picture of pictures) desk.pictures.learn(picture);
    if (place) place(pictures);
    else insertPictures(desk, pictures, { together: end === "together" });
    return true;
  });

  for (const row of rows) await receive(desk, row);
  const here = rows.filter(({ picture }) => picture).length;
  ends[0].hidden = !here;
  ends[1].hidden = here < 2 || Boolean(place);
  if (here) (list.querySelector(".lacks") ?? ends[0]).focus();
}

function waiting(desk, file) {
  const line = desk.part(".upload");
  line.querySelector("b").textContent = file.name;
  line.querySelector("progress").setAttribute("aria-label", file.name);
  return { file, line, picture: null };
}

async function receive(desk, row) {
  const bar = row.line.querySelector("progress");
  const say = (sentence) => (row.line.querySelector('[role="status"]').textContent = sentence);
  const { said, status } = await sendFile(desk.addresses.upload, row.file, (part) => (bar.value = part));
  bar.remove();
  if (!said?.picture) return say(sentenceOf(said) || desk.word(status === 413 ? "too-large" : "no-answer"));
  row.picture = said.picture;
  say(said.sentence);
  return offerFacts(row, said);
}

/* The fields, filled with what the file and its name said; those that lack something are marked. */
function offerFacts({ line, picture }, { wanting, may_describe }) {
  thumbnailOf(picture, line.querySelector("img"));
  for (const name of FACTS) {
    const field = line.querySelector(`[name="${name}"]`);
    field.value = picture.facts[name];
    field.disabled = !may_describe;
    field.classList.toggle("lacks", wanting.includes(name) && may_describe);
  }
  line.querySelector(".facts-of-it").hidden = false;
}

async function described(desk, { line, picture }) {
  const typed = Object.fromEntries(FACTS.map((name) => [name, line.querySelector(`[name="${name}"]`).value.trim()]));
  if (line.querySelector('[name="caption"]').disabled || FACTS.every((name) => typed[name] === picture.facts[name])) return true;
  const said = await tell(desk.addresses.describe, { uid: picture.uid, seen: picture.version, ...typed });
  if (said?.picture) Object.assign(picture, said.picture);
  else line.querySelector('[role="status"]').textContent = sentenceOf(said) || desk.word("no-answer");
  return Boolean(said?.picture);
}

/* A file that is dropped beside the text never takes the newsroom's place in the browser. */
export function keepFilesOut(desk) {
  const carries = (event) => event.dataTransfer?.types.includes("Files") && !event.target.closest?.('input[type="file"]');
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event) || event.defaultPrevented) return;
    event.preventDefault();
    desk.say("drop-here");
  });
}
