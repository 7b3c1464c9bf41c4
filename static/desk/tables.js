/* A table: a caption, rows of cells with a line of text each, heads in the first row if wanted. No cell spans another. */
import { framed, insertBlock } from "./cards.js";
import { beginningWith, line } from "./boxes.js";

export function tables(tiptap, desk) {
  const { Node, Extension, pm } = tiptap;
  const ROW = { tableRole: "row", content: "(tableCell | tableHeader)*" };
  const part = (name, tag, tableRole, content, rules) =>
    Node.create({
      name,
      tableRole,
      content,
      isolating: true,
      parseHTML: () => rules,
      renderHTML: () => [tag, 0],
      ...(tableRole.endsWith("cell") && { addAttributes: spans }),
    });
  return [
    Extension.create({
      name: "tableRoles",
      extendNodeSchema: ({ config }) => (config?.tableRole ? { tableRole: config.tableRole } : {}),
      addProseMirrorPlugins: () => [pm.tables.tableEditing()],
    }),
    Node.create({
      name: "tableBox",
      group: "block",
      content: "tableCaption table",
      isolating: true,
      parseHTML: () => [{ tag: "table", contentElement: (table) => beginningWith("caption", table) }],
      renderHTML: () => ["table", 0],
      addNodeView: () => framed(desk, "table", { acts: (here) => actsOf(here, pm) }),
    }),
    line(tiptap, desk, "tableCaption", "caption", [{ tag: "caption", context: "tableBox/" }]),
    part("table", "tbody", "table", "tableRow+", [{ tag: "thead, tbody, tfoot", skip: true }]),
    part("tableRow", "tr", "row", ROW.content, [{ tag: "tr" }]),
    part("tableCell", "td", "cell", "paragraph", [{ tag: "td" }]),
    part("tableHeader", "th", "header_cell", "paragraph", [{ tag: "th" }]),
    Extension.create({
      name: "keysOfTables",
      priority: 1001,
      addKeyboardShortcuts() {
        return { Enter: () => cellBelow(this.editor, pm) };
      },
    }),
  ];
}

/* What the library asks of cells; the story's text never has them. */
const spans = () => ({
  colspan: { default: 1, parseHTML: () => 1, rendered: false },
  rowspan: { default: 1, parseHTML: () => 1, rendered: false },
  colwidth: { default: null, parseHTML: () => null, rendered: false },
});

function actsOf({ editor, node, place }, pm) {
  const inTable = (command) => () => {
    enter(editor, node(), place(), pm);
    command(editor.state, editor.view.dispatch);
    editor.commands.focus();
  };
  const { addRowAfter, addColumnAfter, deleteRow, deleteColumn, toggleHeaderRow } = pm.tables;
  return {
    "row-in": inTable(addRowAfter),
    "column-in": inTable(addColumnAfter),
    "row-out": inTable(deleteRow),
    "column-out": inTable(deleteColumn),
    heads: inTable(toggleHeaderRow),
  };
}

/* The commands work where the cursor is: a table whose button is pressed from outside is entered at its last cell. */
function enter(editor, table, place, pm) {
  const { $from } = editor.state.selection;
  const isIn = pm.tables.isInTable(editor.state) && $from.pos > place && $from.pos < place + table.nodeSize;
  if (!isIn) editor.commands.setTextSelection(place + table.nodeSize - 5);
}

/* Enter goes down the column, and makes a new row under the last one. */
function cellBelow(editor, pm) {
  const { state, view } = editor;
  if (!pm.tables.isInTable(state)) return false;
  const down = () => pm.tables.nextCell(pm.tables.selectionCell(editor.state), "vert", 1);
  if (!down()) pm.tables.addRowAfter(state, view.dispatch);
  const below = down();
  return below ? editor.chain().setTextSelection(below.pos + 2).scrollIntoView().run() : true;
}

const cell = (type) => ({ type, content: [{ type: "paragraph" }] });
const row = (type) => ({ type: "tableRow", content: [cell(type), cell(type), cell(type)] });

export function insertTable(desk) {
  const rows = [row("tableHeader"), row("tableCell"), row("tableCell")];
  return insertBlock(desk, {
    type: "tableBox",
    content: [{ type: "tableCaption" }, { type: "table", content: rows }],
  });
}
