"""Whether the functions answer here and now, asked by every line that says how things are.

``Live`` has no saved answer that a program would believe: LibreOffice calculates a saved yes/no
anew when it opens a file, Excel a formula with a range up to INDEX. ``Saved`` is an ordinary cell
beside the orders' results: as long as it has its text, the results that were saved stand. Results
themselves ask neither, so that without the functions they stay as they were saved.

A line that says how things are is written without a value, so that it is calculated on opening;
one that a program saved is not, so a conditional format covers its words where ``Live`` says no.
NOW() would calculate the lines as well, but with it LibreOffice calculates everything on opening,
and without the functions no saved result is left.
"""

from __future__ import annotations

from typing import Any, Final

from sellersheet.columns import OUTPUT
from sellersheet.wording import Wording
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Span, cell

WORDS: Final = Wording("sellersheet_workbook.template", "pieces.toml")
PLACE: Final = (0, 2)  # of Live on the last sheet, row and column from 0: C1
_EXPECTED: Final = 31.3  # the published example: 100 paid, 22.60 freight
_SIGNS: Final = (
    ("✔", palette.OK), ("△", palette.WARNING), ("⚠", palette.WARNING), ("✘", palette.ERROR),
)  # fmt: skip


def add(book: Book) -> None:
    """The three names, on the calculation sheet."""
    sheet, lang = book["calculation"], book.lang
    call = sheet.text_of("SEMIFEE", 100, 22.6, None, None, None, None, DAY)
    when_opened = "0*ROWS($A$1:INDEX($A$1:$A$2,1))"
    sheet.formula("C1", f"=IFERROR(ROUND({call}+{when_opened},2)={_EXPECTED},FALSE)", False)
    book.name("Live", sheet["C1"])
    sheet.formula("E1", '=A3&""', OUTPUT[0].title(lang))
    book.name("Saved", sheet["E1"])
    saved, gone = WORDS("saved", lang), WORDS("gone", lang)
    sheet.formula("D1", f'=IF(ISERROR(Saved),"{gone}","{saved}")', saved)
    book.name("NotLive", sheet["D1"])


def put(sheet: Sheet, row: int, column: int, of: str, style: Any, last: int | None = None) -> None:
    """A line that says how things are, up to the column ``last``: this expression where the
    functions answer, else why there is nothing to say; coloured by the sign that it begins with."""
    sheet.formula_at(row, column, f"=IF(Live,{of},NotLive)", None, style)
    cover(sheet, Span(row, column, row, column if last is None else last), "saved", "gone")


def put_below(sheet: Sheet, row: int, column: int, of: str, style: Any) -> None:
    """A line of a part of the sheet: it says nothing where the line on top says why."""
    sheet.formula_at(row, column, f'=IF(Live,{of},"")', None, style)
    cover(sheet, Span(row, column, row, column), "short")


def cover(sheet: Sheet, area: Span, saved: str, gone: str = "") -> None:
    """Words in the place of those of a program that had the functions; no green either."""
    # A line that has nothing to say keeps saying nothing, but for the one on top.
    here = "" if gone else f',{cell(area.top, area.left)}<>""'
    for test, code, colour in (
        ("=AND(NOT(Live),ISERROR(Saved))", gone, palette.ERROR),
        (f"=AND(NOT(Live){here})", saved, palette.WARNING),
    ):
        if code:
            look = {"font_color": colour[0], "bg_color": colour[1]}
            shown = f';;;"{WORDS(code, sheet.book.lang)}"'
            rule = {"type": "formula", "criteria": test, "stop_if_true": True}
            rule["format"] = sheet.book.added({**look, "num_format": shown})
            sheet.page.conditional_format(*area, rule)


def colours(sheet: Sheet, area: Span, *, fine: tuple[str, str] | None = None) -> None:
    """Green, amber and red by the first sign of the first cell; ``fine``: of a line without one."""
    first = f"${cell(area.top, area.left)}"
    for sign, colour in _SIGNS:
        rule = {"type": "formula", "criteria": f'=LEFT({first},1)="{sign}"', "stop_if_true": True}
        rule["format"] = sheet.book.light(colour)
        sheet.page.conditional_format(*area, rule)
    if fine:
        rule = {"type": "no_blanks", "format": sheet.book.light(fine)}
        sheet.page.conditional_format(*area, rule)
