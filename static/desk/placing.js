/* Where pictures go in the story's text, wherever they come from. */
import { insertBlock } from "./cards.js";

const figureOf = ({ uid }) => ({ type: "figure", attrs: { image: uid } });

/* Place pictures where the cursor is: one by one, or as a gallery. */
export function insertPictures(desk, pictures, { together = pictures.length > 1 } = {}) {
  if (together) return insertBlock(desk, { type: "gallery", content: pictures.map(figureOf) });
  return pictures.forEach((picture) => insertBlock(desk, figureOf(picture)));
}
