// Focus and crops of a picture: a click or a drag on it, previews of each shape, and shapes cut by hand. It changes the
// form's own fields and nothing else; without it they are numbers to be typed.

const WHOLE = 1000;
const SHAPES = { wide: 16 / 9, card: 3 / 2, classic: 4 / 3, square: 1 };
const BROAD = 240;

const picture = document.querySelector("img[data-cropped]");
const field = (name) => document.getElementById(`id_${name}`);

function clamped(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

function size() {
  return [Number(picture.dataset.width), Number(picture.dataset.height)];
}

// --- Where a shape lies: [left, top, width, height] in pixels of the original ---

function roundFocus(ratio) {
  const [width, height] = size();
  const [w, h] = width > height * ratio ? [height * ratio, height] : [width, width / ratio];
  const left = clamped((width * field("focal_x").value) / 100 - w / 2, 0, width - w);
  const top = clamped((height * field("focal_y").value) / 100 - h / 2, 0, height - h);
  return [left, top, w, h];
}

function numbers(shape) {
  return [0, 1, 2].map((edge) => field(`crop_${shape}_${edge}`));
}

function byHand(shape) {
  const [width, height] = size();
  const typed = numbers(shape).map((input) => input.value);
  if (typed.includes("")) return null;
  const [left, top, across] = typed.map(Number);
  const w = (across * width) / WHOLE;
  return [(left * width) / WHOLE, (top * height) / WHOLE, w, w / SHAPES[shape]];
}

function boxOf(shape) {
  return byHand(shape) ?? roundFocus(SHAPES[shape]);
}

function cut(shape, [left, top, w, h]) {
  const [width, height] = size();
  const across = clamped(w, width / 10, Math.min(width, height * SHAPES[shape]));
  const down = across / SHAPES[shape];
  const values = [
    (clamped(left, 0, width - across) / width) * WHOLE,
    (clamped(top, 0, height - down) / height) * WHOLE,
    (across / width) * WHOLE,
  ];
  numbers(shape).forEach((input, edge) => {
    input.value = Math.floor(values[edge]);
  });
  draw(shape);
}

// --- Previews ---

const previews = new Map();

function preview(shape) {
  const row = document.querySelector(`.field-crop_${shape}`);
  const canvas = document.createElement("canvas");
  canvas.width = BROAD;
  canvas.height = Math.round(BROAD / SHAPES[shape]);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", row.querySelector("legend").textContent);
  canvas.className = "cut-preview";
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = picture.dataset.again;
  again.addEventListener("click", () => {
    for (const input of numbers(shape)) input.value = "";
    draw(shape);
    canvas.focus();
  });
  row.querySelector("legend").after(canvas, again);
  previews.set(shape, { canvas, again });
  canvas.addEventListener("keydown", (event) => onKey(event, shape));
  canvas.addEventListener("pointerdown", (event) => drag(event, shape));
}

function draw(shape) {
  const { canvas, again } = previews.get(shape);
  const [width] = size();
  const scale = picture.naturalWidth / width;
  const box = boxOf(shape).map((edge) => edge * scale);
  const brush = canvas.getContext("2d");
  brush.clearRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, ...box, 0, 0, canvas.width, canvas.height);
  again.hidden = byHand(shape) === null;
}

function drawAll() {
  for (const shape of previews.keys()) draw(shape);
  placeMarker();
}

function onKey(event, shape) {
  const [left, top, w, h] = boxOf(shape);
  const step = w / 50;
  const to = {
    ArrowLeft: [left - step, top, w, h],
    ArrowRight: [left + step, top, w, h],
    ArrowUp: [left, top - step, w, h],
    ArrowDown: [left, top + step, w, h],
    "+": [left + step / 2, top + step / 2 / SHAPES[shape], w - step, h],
    "-": [left - step / 2, top - step / 2 / SHAPES[shape], w + step, h],
  }[event.key];
  if (!to) return;
  event.preventDefault();
  cut(shape, to);
}

function drag(event, shape) {
  const { canvas } = previews.get(shape);
  const [left, top, w, h] = boxOf(shape);
  const perPixel = w / canvas.getBoundingClientRect().width;
  canvas.setPointerCapture(event.pointerId);
  const move = (now) =>
    cut(shape, [left - (now.clientX - event.clientX) * perPixel, top - (now.clientY - event.clientY) * perPixel, w, h]);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", () => canvas.removeEventListener("pointermove", move), { once: true });
}

// --- The focus ---

const marker = document.createElement("span");

function placeMarker() {
  marker.style.insetInlineStart = `${field("focal_x").value}%`;
  marker.style.insetBlockStart = `${field("focal_y").value}%`;
}

function focus(event) {
  const box = picture.getBoundingClientRect();
  field("focal_x").value = Math.round(clamped((event.clientX - box.left) / box.width, 0, 1) * 100);
  field("focal_y").value = Math.round(clamped((event.clientY - box.top) / box.height, 0, 1) * 100);
  drawAll();
}

function begin() {
  const around = document.createElement("div");
  around.className = "focal";
  picture.before(around);
  marker.className = "focal-marker";
  around.append(picture, marker);
  if (field("focal_x").disabled || field("focal_x").tagName !== "INPUT") return;
  around.addEventListener("pointerdown", focus);
  for (const help of document.querySelectorAll("[data-focal-help]")) help.hidden = false;
  Object.keys(SHAPES).forEach(preview);
  document.getElementById("image_form").addEventListener("input", drawAll);
  drawAll();
}

if (picture && field("focal_x")) {
  if (picture.complete) begin();
  else picture.addEventListener("load", begin, { once: true });
}
