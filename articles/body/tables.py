"""Tables: rows of cells with inline text, all equally long; what spanned several cells stands in the first of them."""

from .allowlist import MOST_COLUMNS
from .inline import inline_html
from .tree import Element

Row = list[str]
_EMPTY = "<td></td>"
_ROWS_AT_MOST = 1000  # that one cell may span


def table_html(element: Element) -> str:
    """The canonical table, or an empty text where there is none to make: no words, one cell, or too many columns."""
    caption, rows = _parts(element)
    laid_out = _laid_out(rows)
    width = max(map(len, laid_out), default=0)
    if width > MOST_COLUMNS or width * len(laid_out) < 2 or not (caption or any(map(_has_words, laid_out))):
        return ""
    caption_html = f"<caption>{caption}</caption>" if caption else ""
    written = "".join(f"<tr>{''.join(row)}{_EMPTY * (width - len(row))}</tr>" for row in laid_out)
    return f"<table>{caption_html}{written}</table>"


def _parts(element: Element) -> tuple[str, list[Element]]:
    """The caption's text, and the rows of the table and of its thead, tbody and tfoot."""
    caption, rows = [], []
    for node in element.children:
        if not isinstance(node, Element):
            continue
        if node.tag == "caption":
            caption.append(inline_html(node.children))
        elif node.tag == "tr":
            rows.append(node)
        elif node.tag in ("thead", "tbody", "tfoot"):
            rows += _parts(node)[1]
    return "<br>".join(filter(None, caption)), rows


def _laid_out(rows: list[Element]) -> list[Row]:
    """The cells of each row, with an empty one wherever another spreads to."""
    laid_out: list[Row] = []
    spread: dict[int, int] = {}  # how many rows further down a cell of the column reaches
    for row in rows:
        cells: Row = []
        for cell in row.children:
            if isinstance(cell, Element) and cell.tag in ("td", "th") and len(cells) <= MOST_COLUMNS:
                _skip(cells, spread)
                _place(cells, spread, cell)
        _skip(cells, spread)
        laid_out.append(cells)
    return laid_out


def _skip(cells: Row, spread: dict[int, int]) -> None:
    while len(cells) <= MOST_COLUMNS and spread.get(len(cells), 0):
        spread[len(cells)] -= 1
        cells.append(_EMPTY)


def _place(cells: Row, spread: dict[int, int], cell: Element) -> None:
    broad = _span(cell, "colspan", MOST_COLUMNS)
    tall = _span(cell, "rowspan", _ROWS_AT_MOST)
    for column in range(len(cells), len(cells) + broad):
        spread[column] = tall - 1
    cells += [f"<{cell.tag}>{inline_html(cell.children)}</{cell.tag}>"] + [_EMPTY] * (broad - 1)


def _span(cell: Element, name: str, most: int) -> int:
    written = cell.attrs.get(name, "")
    return min(max(int(written), 1), most) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _has_words(row: Row) -> bool:
    return any(cell not in (_EMPTY, "<th></th>") for cell in row)
