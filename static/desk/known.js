/* What stands behind the names in the form: `key` is what the newsroom keeps, `value` what the field says of it. */

const registers = { topics: new Map(), authors: new Map(), stories: new Map() };

export function learn(register, rows) {
  for (const row of rows) registers[register].set(row.value, row);
}

/* What the field's `value` stands for, or nothing where nobody knows it yet. */
export function meant(register, value) {
  return registers[register].get(value);
}

export const isNamed = ({ name, said, value }, text) => [name, said, value].some((one) => one?.toLowerCase() === text.toLowerCase());

/* The row that is called `text`, in any case. */
export function named(register, text) {
  return [...registers[register].values()].find((row) => isNamed(row, text));
}

/* How the field says `key`. Where no name is known the key stands for itself, which the server understands too. */
export function spelled(register, key) {
  for (const row of registers[register].values()) {
    if (row.key === key) return row.value;
  }
  learn(register, [{ value: key, key, name: key, kind: "" }]);
  return key;
}
