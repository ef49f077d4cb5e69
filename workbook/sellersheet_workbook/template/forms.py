"""Forms: arguments to fill in under their own titles, and the table that a function makes of them.

The table's array stands on the calculation sheet; what is shown is taken from it cell by cell, so
that rows that a result doesn't have are blank and a mistake is told in one line above the table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.functions.reading import ARGUMENTS
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Area, Ref, Sheet, cell
from sellersheet_workbook.template.cells import Given, is_error
from sellersheet_workbook.template.samples import yes_no

CALCULATION_LEFT: Final = 60  # on the calculation sheet, right of what Orders and Home have there
_LINE: Final = 15.5  # points
LIGHTS: Final = {"PASS": palette.OK, "FAIL": palette.ERROR, "UNKNOWN": palette.WARNING}


class Field(NamedTuple):
    """An argument to fill in: its name, what stands there at first, how it is shown."""

    name: str
    value: Any = None
    number: str = "general"
    choices: Sequence[str] = ()
    title: str = ""


def inputs(sheet: Sheet, top: int, fields: Sequence[Field], left: int = 0) -> dict[str, Given]:
    """Titles and cells to fill in, one below another; the cells as arguments, by name."""
    book, lang = sheet.book, sheet.book.lang
    given = {}
    for row, field in enumerate(fields, top):
        item = ARGUMENTS.get(field.name)
        title = field.title or (item.title(lang) if item else field.name)
        sheet.put_at(row, left, title, book.style("label", indent=1 if left else 0))
        sheet.put_at(row, left + 1, field.value, book.style("input", field.number, align="left"))
        sheet.page.set_row(row, 19)
        choices = list(field.choices)
        if item and item.kind == "yes_no" and not choices:
            choices = list(yes_no(lang))
        rule: dict[str, Any] = {"validate": "any"}
        if choices:
            rule = {"validate": "list", "source": choices, "error_type": "warning"}
        if item:
            help_text = item.help_zh if lang == "zh" else item.help_en
            rule |= {"input_title": title[:32], "input_message": help_text[:255]}
        if choices or item:
            sheet.page.data_validation(row, left + 1, row, left + 1, rule)
        given[field.name] = sheet[cell(row, left + 1)].if_given()
    return given


class Table(NamedTuple):
    """A table as it is shown: its cells below the header, and the array behind it."""

    body: Ref
    source: Ref

    def column(self, at: int) -> Ref:
        """The shown cells of a column, below the header."""
        area = self.body.area
        left = area.left + at
        return self.body.sheet.ref(Area(area.top, left, area.bottom, left))


def table(
    sheet: Sheet,
    place: tuple[int, int],
    calculation_row: int,
    size: tuple[int, int],
    call: Sequence[Any],
    numbers: Sequence[str],
    widths: Sequence[float],
    last_over: int = 1,
) -> Table:
    """A function's table from that place on: a line for what is wrong, the header, the rows.

    ``size`` are the most rows it can have, header included, and its columns; ``numbers`` says of
    each column how it is shown ("text" for words); ``widths`` are those of the columns, of which
    the last one goes over ``last_over`` columns of the sheet.
    """
    book, (top, left), (rows, columns) = sheet.book, place, size
    behind = book["calculation"]
    area = Area(
        calculation_row,
        CALCULATION_LEFT,
        calculation_row + rows - 1,
        CALCULATION_LEFT + columns - 1,
    )
    behind.call(area.text.replace("$", ""), *call)
    source = behind.ref(area)
    found = source.rows
    first = behind.ref(Area(area.top, area.left, area.top, area.left)).text
    last = behind.ref(Area(area.top, area.right, area.top, area.right)).text
    wrong = is_error(found[0][0])
    told = book.style("text", bold=True, font_color=palette.RED, text_wrap=False)
    why = str(found[0][-1]) if wrong else ""
    sheet.formula_at(top, left, f'=IF(ISERROR({first}),{last}&"","")', why, told)
    sheet.page.set_row(top + 1, 21)
    for right in range(columns):
        title = "" if wrong else found[0][right]
        at = behind.ref(Area(area.top, area.left + right, area.top, area.left + right)).text
        text = f'=IF(ISERROR({first}),"",{at}&"")'
        style = book.style("result_header")
        if last_over > 1 and right == columns - 1:
            far = left + right + last_over - 1
            sheet.page.merge_range(top + 1, left + right, top + 1, far, "", style)
        sheet.formula_at(top + 1, left + right, text, title, style)
    for down in range(1, rows):
        lines = 1
        for right, number in enumerate(numbers):
            at = behind.ref(Area(*((area.top + down, area.left + right) * 2))).text
            joined = '&""' if number == "text" else ""
            text = f'=IF(ISERROR({first}),"",IFERROR({at}{joined},""))'
            value = found[down][right]
            value = "" if wrong or is_error(value) else value
            style = book.style("result", number, text_wrap=True, align="left", font_size=10)
            row = top + 1 + down
            if last_over > 1 and right == columns - 1:
                sheet.page.merge_range(
                    row, left + right, row, left + right + last_over - 1, "", style
                )
            sheet.formula_at(row, left + right, text, value, style)
            lines = max(lines, lines_of(value, widths[right]))
        sheet.page.set_row(top + 1 + down, max(20, _LINE * lines + 4))
    body = Area(top + 2, left, top + rows, left + columns - 1)
    return Table(sheet.ref(body), source)


def lines_of(value: Any, width: float) -> int:
    """How many lines a text needs in a column of that width."""
    text = value if isinstance(value, str) else ""
    return sum(max(1, math.ceil(wide(part) / (width * 0.95))) for part in text.split("\n"))


def wide(text: str) -> int:
    """The width of a text in Latin characters."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def lights(sheet: Sheet, area: Area, colours: dict[str, tuple[str, str]]) -> None:
    """Colours by the words of the cells."""
    for word, colour in colours.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        rule |= {"format": sheet.book.light(colour)}
        sheet.page.conditional_format(area.top, area.left, area.bottom, area.right, rule)


def head(sheet: Sheet, title: str, about: str, home: str) -> None:
    """The title, the way back, and what the sheet is for."""
    book = sheet.book
    sheet.page.set_row(0, 32)
    sheet.put("A1", title, book.style("title"))
    sheet.link("A2", book["home"], home)
    sheet.put("B2", about, book.style("note"))


def heading(sheet: Sheet, row: int, text: str, note: str = "", column: int = 0) -> None:
    """A heading of a part of the sheet, a note below it."""
    sheet.page.set_row(row, 24)
    sheet.put_at(row, column, text, sheet.book.style("heading"))
    if note:
        sheet.put_at(row + 1, column, note, sheet.book.style("note"))


def result(sheet: Sheet, row: int, column: int, title: str) -> None:
    """The title of a result that stands beside it."""
    sheet.put_at(row, column, title, sheet.book.style("label", indent=1))
