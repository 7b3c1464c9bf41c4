/* Topics as labels, found by any of their names or by kind. The plain field with commas stays what the form sends. */
import { announce, say } from "./announcer.js";
import { askFor, fitCombobox } from "./combobox.js";
import { button, stepIn, tell } from "./controls.js";
import { isNamed, learn, meant, named } from "./known.js";
import { listed } from "./words.js";

export function fitTopics(form, { ask, words, mayMakeTopics }) {
  const field = form.elements.topics;
  const topicOf = (value) => meant("topics", value) ?? { value, key: "", name: value, kind: "" };
  const input = stepIn(field);
  const labels = document.createElement("ul");
  labels.className = "labels";
  field.before(labels);

  const values = () => listed(field.value, ",");
  const write = (names) => {
    field.value = names.join(", ");
    tell(field);
    draw();
  };
  const add = (topic) => {
    learn("topics", [topic]);
    if (!values().includes(topic.value)) write([...values(), topic.value]);
    input.value = "";
    announce(say(words.added, topic));
  };
  const takeOut = (topic) => {
    write(values().filter((value) => value !== topic.value));
    announce(say(words.removed, topic));
    input.focus();
  };
  const labelOf = (value) => {
    const topic = topicOf(value);
    const item = document.createElement("li");
    const name = document.createElement("span");
    const kind = document.createElement("span");
    kind.className = "quiet";
    kind.textContent = ` · ${topic.kind || (mayMakeTopics ? words.new : words.unknown)}`;
    name.append(topic.name, kind);
    item.append(name, button("×", say(words.remove, topic), () => takeOut(topic)));
    return item;
  };
  const draw = () => labels.replaceChildren(...values().map(labelOf));

  fitCombobox(input, {
    address: ask.topics,
    words,
    choose: add,
    more(question, found) {
      learn("topics", found);
      if (!mayMakeTopics || question.includes(",") || found.some((topic) => isNamed(topic, question))) return [];
      return [{ ...topicOf(question), label: say(words.make, { name: question }) }];
    },
  });
  /* A name written out, then Enter or a comma: the topic of that name, or a new one where they may make one. */
  const addNamed = async (name) => {
    const found = await askFor(ask.topics, name);
    const topic = found?.find((one) => isNamed(one, name));
    if (topic) add(topic);
    else if (found && mayMakeTopics) add(topicOf(name));
    else announce(words.none);
  };
  input.addEventListener("keydown", (event) => {
    const last = values().at(-1);
    if (event.key === "Backspace" && !input.value && last) takeOut(topicOf(last));
    if ((event.key !== "Enter" && event.key !== ",") || event.isComposing) return;
    if (!event.defaultPrevented && input.value.trim()) addNamed(input.value.trim());
    event.preventDefault(); // neither a comma in the field nor the whole form sent
  });
  // What was typed and not taken still counts, but half a word makes no new topic.
  form.addEventListener("submit", () => {
    const typed = input.value.trim();
    const topic = named("topics", typed);
    if (topic || (typed && !mayMakeTopics)) field.value = [...values(), topic?.value ?? typed].join(", ");
  });
  field.addEventListener("change", draw);
  draw();
}
