/* Sending files in: a large one in pieces, so that after a break only what is missing has to go. */
import { send, session } from "./session.js";

const PIECE = 4 * 1024 * 1024; // bytes
const PAUSES = [1000, 2000, 4000, 8000]; // ms before another attempt, where no answer came

/* Send a file in: {status, said} with what the newsroom answered, null where it did not. `progress` hears parts of 1. */
export async function sendFile(address, file, progress) {
  // Without a secure connection browsers do not reckon what a file is named by.
  if (file.size <= PIECE || !globalThis.crypto?.subtle) return post(address, { file }, progress);
  try {
    return await sendPieces(address, file, progress);
  } catch {
    return { status: 0, said: null }; // the file was changed or taken away while it was read
  }
}

async function sendPieces(address, file, progress) {
  const named = { key: await contentOf(file), name: file.name, size: file.size };
  const pauses = [...PAUSES];
  let answer = await post(address, named);
  for (;;) {
    const at = answer.said?.got;
    if (at !== undefined) {
      const piece = file.slice(at, at + PIECE);
      answer = await post(address, { ...named, at, piece }, (part) => progress((at + part * piece.size) / file.size));
    } else if (answer.status === 0 && pauses.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, pauses.shift()));
      answer = await post(address, named);
    } else return answer;
  }
}

/* The SHA-256 of the SHA-256 of each piece: what names a file by its content, without all of it in memory. */
async function contentOf(file) {
  const digests = [];
  for (let at = 0; at < file.size; at += PIECE) {
    digests.push(await crypto.subtle.digest("SHA-256", await file.slice(at, at + PIECE).arrayBuffer()));
  }
  const whole = await crypto.subtle.digest("SHA-256", await new Blob(digests).arrayBuffer());
  return Array.from(new Uint8Array(whole), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Once more where the session was over. */
async function post(address, fields, progress) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const { status, said } = await posted(address, form, progress);
  if (status !== 401 && !said?.token) return { status, said };
  const answer = await send(address, { form }).catch(() => null);
  return { status: answer?.status ?? 0, said: (await answer?.json().catch(() => null)) ?? null };
}

/* By XMLHttpRequest, for fetch does not say how far it has come. */
function posted(address, form, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", session.token);
    request.setRequestHeader("Accept", "application/json");
    if (progress) request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onloadend = () => resolve({ status: request.status, said: read(request.responseText) });
    request.send(form);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
