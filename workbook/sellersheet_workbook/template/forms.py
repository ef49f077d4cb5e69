"""Forms: arguments to fill in under their own titles, and the table that a function makes of them.

The table's array stands on the calculation sheet; what is shown is taken from it cell by cell, so
that rows that a result doesn't have are blank and a mistake is told in one line above the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.functions import cases
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.wording import Lang
from sellersheet_workbook.template import live, palette
from sellersheet_workbook.template.book import Sheet, hint
from sellersheet_workbook.template.cells import Given, Ref, Span, Written, cell, is_error
from sellersheet_workbook.template.content import yes_no
from sellersheet_workbook.template.pieces import LINE, high, lines_of, result

CALCULATION_LEFT: Final = 60  # on the calculation sheet, right of what Orders and Home have there


class Field(NamedTuple):
    """An argument to fill in: its name, what stands there at first, how it is shown."""

    name: str
    value: Any = None
    number: str = "general"
    choices: Sequence[str] = ()
    title: str = ""


def inputs(
    sheet: Sheet, top: int, fields: Sequence[Field], left: int = 0, over: int = 1
) -> dict[str, Given]:
    """Titles and cells to fill in, one below another; the cells as arguments, by name.

    A title goes ``over`` so many columns.
    """
    book, lang = sheet.book, sheet.book.lang
    given = {}
    at = left + over
    for row, field in enumerate(fields, top):
        item = ARGUMENTS.get(field.name)
        title = field.title or (item.title(lang) if item else field.name)
        result(sheet, row, left, title, over)
        sheet.put_at(row, at, field.value, book.style("input", field.number))
        sheet.page.set_row(row, 20)
        choices = list(field.choices)
        if item and item.kind == "yes_no" and not choices:
            choices = list(yes_no(lang))
        rule: dict[str, Any] = {"validate": "any"}
        if choices:
            rule = {"validate": "list", "source": choices, "error_type": "warning"}
        if item:
            rule |= hint(title, item.help(lang))
        if choices or item:
            sheet.page.data_validation(cell(row, at), rule)
        given[field.name] = sheet.at(row, at).if_given()
    return given


class FormTable(NamedTuple):
    """A table as it is shown: its cells below the header, the first column of each of its own,
    and the array behind it."""

    body: Ref
    lefts: Sequence[int]
    source: Ref

    @property
    def whole(self) -> Span:
        """With its header."""
        return self.body.area._replace(top=self.body.area.top - 1)

    def column(self, at: int) -> Ref:
        """The shown cells of a column, below the header."""
        area, left = self.body.area, self.lefts[at]
        return self.body.sheet.ref(Span(area.top, left, area.bottom, left))


def table(
    sheet: Sheet,
    place: tuple[int, int],
    calculation_row: int,
    size: tuple[int, int],
    call: Sequence[Any],
    numbers: Sequence[str],
    spans: Sequence[int] = (),
    picked: Sequence[int] = (),
    only: Written | None = None,
) -> FormTable:
    """A function's table from that place on: a line for what is wrong, the header, the rows.

    ``size`` are the most rows it can have, header included, and its columns; ``numbers`` says of
    each column how it is shown ("text" for words, "verdict" where some are PASS or FAIL);
    ``spans`` over how many of the sheet's it goes. Of a wide table the columns ``picked`` are
    shown, in that order; where ``only`` does not hold nothing is asked.
    """
    book, (top, left), (rows, columns) = sheet.book, place, size
    behind = book["calculation"]
    area = Span(
        calculation_row,
        CALCULATION_LEFT,
        calculation_row + rows - 1,
        CALCULATION_LEFT + columns - 1,
    )
    behind.growing(area, *call, only=only)
    source = behind.ref(area)
    found = source.rows
    first = behind.at(area.top, area.left).text
    last = behind.at(area.top, area.right).text
    wrong = is_error(found[0][0])
    told = book.style("text", bold=True, font_color=palette.RED, text_wrap=False)
    live.put_below(sheet, top, left, f'IF(ISERROR({first}),{last}&"","")', told)
    picked = picked or range(columns)
    spans = spans or (1,) * len(picked)
    lefts = [left + sum(spans[:at]) for at in range(len(spans))]
    rights = [start + span - 1 for start, span in zip(lefts, spans, strict=True)]
    widths = [sheet.width(*ends) for ends in zip(lefts, rights, strict=True)]
    titles = [found[0][of] for of in picked]
    # What has no title yet gets one of two lines at the most.
    lines = 2 if only and not only.value else max(map(lines_of, titles, widths))
    sheet.page.set_row(top + 1, max(24, LINE * lines + 7))
    for of, title, start, end in zip(picked, titles, lefts, rights, strict=True):
        at = behind.at(area.top, area.left + of).text
        text = f"={where_sound(first, at)}"
        style = book.style("plain", bold=True, text_wrap=True, align="center")
        style = book.style("result_header") if title and not wrong else style
        sheet.over(top + 1, start, end, style)
        sheet.formula_at(top + 1, start, text, "" if wrong else title, style)
    # Rows that the result has not now are drawn when it has them.
    has = sum(row[0] != "" for row in found) if not wrong else 0
    below = Span(top + 1 + max(has, 1), left, top + rows, rights[-1])
    if has < rows:
        _drawn(sheet, top + 1, below, head=not has)
    for down in range(1, rows):
        lines, row, beside_number = 1, top + 1 + down, False
        for of, number, start, end in zip(picked, numbers, lefts, rights, strict=True):
            at = behind.at(area.top + down, area.left + of).text
            words, joined = number in ("text", "verdict"), ""
            value = found[down][of]
            if words:
                joined = '&""'
            if number == "verdict":
                at, value = in_words(Written(at, value), book.lang)
            text = f"={where_sound(first, at, joined)}"
            value = "" if wrong or is_error(value) else value
            aligned: dict[str, Any] = {"align": "left"} if words else {}
            if words and beside_number:  # which stands at the right of its cell
                aligned["indent"] = 1
            beside_number = not words
            number = "text" if words else number
            base = "result" if down < has else "plain"
            style = book.style(base, number, text_wrap=True, **aligned)
            sheet.over(row, start, end, style)
            sheet.formula_at(row, start, text, value, style)
            room = sheet.width(start, end) - 2 * aligned.get("indent", 0)
            lines = max(lines, lines_of(value, room))
        high(sheet, row, lines)
    body = Span(top + 2, left, top + rows, rights[-1])
    loss = {"type": "cell", "criteria": "<", "value": 0}
    loss["format"] = book.added({"font_color": palette.RED})
    sheet.page.conditional_format(body.top, body.left, body.bottom, body.right, loss)
    return FormTable(sheet.ref(body), lefts, source)


def _drawn(sheet: Sheet, header: int, area: Span, *, head: bool) -> None:
    """Lines of rows that have a result, and the header of one: a saved blank is a space."""
    lines = {"border": 1, "border_color": palette.LINE}
    blocks = [(area, lines)]
    if head:
        look = {**lines, "font_color": palette.WHITE, "bg_color": palette.BLUE}
        blocks.append((Span(header, area.left, header, area.right), look))
    for block, look in blocks:
        test = f"=LEN(TRIM(${cell(block.top, block.left)}))>0"
        rule = {"type": "formula", "criteria": test, "format": sheet.book.added(look)}
        sheet.page.conditional_format(*block, rule)


def where_sound(first: str, at: str, joined: str = '&""') -> str:
    """A cell of a table: blank where the inputs are wrong, which a line above tells.

    Any other error than #VALUE! stands: without the functions there is no result.
    """
    return f'IFERROR(IF(ERROR.TYPE({first})=3,"",{at}{joined}),{at}{joined})'


def in_words(told: Written, lang: Lang) -> tuple[str, Any]:
    """A text of a function with its verdicts as the sheet's language has them."""
    text, value = told.text, told.value
    for code, word in cases.verdict_words(lang).items():
        for here in (f" {code} ", code) if word != code else ():  # as cases.told has it
            text = f'SUBSTITUTE({text},"{here}","{word}")'
    return text, cases.told(value, lang) if isinstance(value, str) else value
