/* The comforts of the story's form, one module each. Every one works on the plain fields that the form sends anyway. */
import { fitAddress } from "./address.js";
import { fitBylines } from "./bylines.js";
import { fitChecks } from "./checks.js";
import { fitCounters } from "./counters.js";
import { fitCover } from "./cover.js";
import { learn } from "./known.js";
import { fitLooks } from "./looks.js";
import { fitRelated } from "./related.js";
import { fitTopics } from "./topics.js";

export function fitForm(form) {
  const data = JSON.parse(document.getElementById("story-form").textContent);
  learn("topics", data.topics);
  learn("authors", data.authors);
  learn("stories", data.related);
  fitCounters(form, data);
  fitLooks(form, data);
  fitAddress(form, data);
  fitTopics(form, data);
  fitBylines(form, data);
  fitRelated(form, data);
  fitCover(form, data);
  fitChecks(data);
}
