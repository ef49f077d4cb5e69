"""What sheets are put together of: heads and headings, key figures, what the articles tell, texts
across a row, lights by words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.facts import catalogue
from sellersheet.functions import cases
from sellersheet.policy import load, standing_word
from sellersheet.policy.model import Standing
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import live, palette
from sellersheet_workbook.template.book import DAY, Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_number, quoted
from sellersheet_workbook.template.live import WORDS
from sellersheet_workbook.template.policy_rules import IS_WRONG

LINE: Final = 15.5  # points of a line of text
_SHOWN: Final = {
    "#,##0": ",.0f", "#,##0.00": ",.2f", "0.0%": ".1%", "0.00": ".2f", "0": ".0f",
}  # fmt: skip
_VERDICTS: Final = {"PASS": palette.OK, "FAIL": palette.ERROR, "UNKNOWN": palette.WARNING}


def head(sheet: Sheet, words: Wording, *, line: bool = True, **fields: object) -> None:
    """The title, the way back, what the sheet is for; and over all columns a ``line`` where
    something is wrong, unless the sheet has its own."""
    book, last = sheet.book, len(sheet.widths) - 1
    sheet.page.set_row(0, 32)
    sheet.put("A1", words("title", book.lang), book.style("title"))
    sheet.link_home("A2")
    sheet.put("B2", words("about", book.lang, **fields), book.style("note"))
    if line:
        told = f'IF({IS_WRONG},"✘ "&PolicyWrong,"")'
        style = book.style("text", bold=True, valign="vcenter", text_wrap=False)
        live.put(sheet, 2, 0, told, style, last)
        live.colours(sheet, Span(2, 0, 2, last))


def heading(sheet: Sheet, row: int, text: str, note: str = "", column: int = 0) -> None:
    """A heading of a part of the sheet in a band across it, a note below it.

    One of a block at the right comes after that at the left, in the same band.
    """
    band = sheet.book.style("section")
    sheet.page.set_row(row, 24)
    for at in range(len(sheet.widths) if column == 0 else 0):
        sheet.put_at(row, at, None, band)
    sheet.put_at(row, column, text, band)
    if note:
        sheet.put_at(row + 1, column, note, sheet.book.style("note"))


def contents(sheet: Sheet, row: int, words: str, parts: Sequence[int]) -> None:
    """Links to the parts of a long sheet, side by side: a word each, and the rows."""
    wide_enough = (at for at, width in enumerate(sheet.widths) if width > palette.GAP)
    for word, part, at in zip(words.split("|"), parts, wide_enough, strict=False):
        sheet.link(cell(row, at), sheet, word, cell(part, 0))


def result(sheet: Sheet, row: int, column: int, title: str, over: int = 1) -> None:
    """The title of a cell that stands beside it, over so many columns."""
    style = sheet.book.style("label")
    sheet.over(row, column, column + over - 1, style)
    sheet.put_at(row, column, title, style)


def across(
    sheet: Sheet, row: int, texts: Sequence[str | Written], places: Sequence[tuple[int, int]],
    style: Any,
) -> int:  # fmt: skip
    """Texts in one row, each over its columns, first and last; how many lines they need."""
    lines = 1
    for text, (left, right) in zip(texts, places, strict=True):
        sheet.over(row, left, right, style)
        if isinstance(text, Written):
            sheet.show(row, left, text, style)
        else:
            sheet.put_at(row, left, text, style)
        words = text.value if isinstance(text, Written) else text
        lines = max(lines, lines_of(words, sheet.width(left, right)))
    return lines


def facts(
    sheet: Sheet,
    top: int,
    topic: str,
    values: Sequence[str],
    spans: tuple[int, int, int],
) -> int:
    """What the articles tell under a topic: in words, and these values as the policy has them;
    the row after it.

    ``spans`` are the columns of the fact, of its standing with its scope, and of its source.
    """
    book, lang = sheet.book, sheet.book.lang
    named = catalogue().topics[topic]
    heading(sheet, top, WORDS("told", lang, topic=named.title(lang)))
    policy = load()
    rows: list[Sequence[str | Written]] = []
    for fact in catalogue().facts:
        if fact.topic == topic:
            about = " · ".join(filter(None, (standing_word("stated", lang), fact.scope(lang))))
            source = policy.sources[fact.source].text(lang, fact.section)
            rows.append((fact.text(lang), about, source))
    rows += [_of_policy(sheet, name) for name in values]
    lefts = [sum(spans[:at]) for at in range(len(spans))]
    places = [(left, left + span - 1) for left, span in zip(lefts, spans, strict=True)]
    titles = [WORDS(code, lang) for code in ("fact", "about", "source")]
    across(sheet, top + 1, titles, places, book.style("header"))
    style = book.style("result", text_wrap=True, font_size=10)
    for down, told in enumerate(rows, top + 2):
        high(sheet, down, across(sheet, down, told, places, style))
    return top + 2 + len(rows)


def _of_policy(sheet: Sheet, name: str) -> list[Written]:
    """A value with standing and source, as formulas that follow the user's own."""
    own, lang = sheet.book.names["Overrides"], sheet.book.lang
    row = load().row(name, DAY, lang)
    title, shown, standing, source = (
        sheet.text_of("POLICYVALUE", name, DAY, field, own)
        for field in ("title", "shown", "standing", "source")
    )
    fact = WORDS("valued", lang, fact=row["title"], value=row["value"])
    return [
        Written(f'{title}&"{WORDS("colon", lang)}"&{shown}', fact).joined,
        Written(standing, row["standing_word"]).joined,
        Written(source, row["source"]).joined,
    ]


def as_shown(told: Written, number: str) -> Written:
    """A number as a text, in that format."""
    return Written(f'TEXT({told.text},"{number}")', format(told.value, _SHOWN[number]))


def sentence(words: Wording, code: str, lang: Lang, **fields: Written) -> Written:
    """A sentence that tells what is worked out, and how it reads now."""
    texts = {name: f'"&{field.text}&"' for name, field in fields.items()}
    values = {name: field.value for name, field in fields.items()}
    return Written(f'"{words(code, lang, **texts)}"', words(code, lang, **values))


def high(sheet: Sheet, row: int, lines: int) -> None:
    """The height of a row for so many lines."""
    sheet.page.set_row(row, max(20, LINE * lines + 4))


def lines_of(value: Any, width: float) -> int:
    """How many lines a text needs in a column of that width."""
    text = value if isinstance(value, str) else ""
    return sum(max(1, math.ceil(wide(part) / width)) for part in text.split("\n"))


def wide(text: str) -> float:
    """About the width of a small text, in the units of a column's width."""
    return sum(1.85 if ord(character) > 0x2E7F else 0.86 for character in text)


def lights(sheet: Sheet, area: Span, colours: dict[str, tuple[str, str]]) -> None:
    """Colours by the words of the cells."""
    for word, colour in colours.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        rule |= {"format": sheet.book.light(colour)}
        sheet.page.conditional_format(*area, rule)


def verdict_lights(lang: Lang) -> dict[str, tuple[str, str]]:
    """Green, red and amber for the words of verdicts."""
    return {word: _VERDICTS[code] for code, word in cases.verdict_words(lang).items()}


def standing_lights(lang: Lang) -> dict[str, tuple[str, str]]:
    """For the words of how a value of the policy stands."""
    lights: dict[Standing, tuple[str, str]] = {
        "stated": palette.OK, "read": palette.NOTE, "assumed": palette.WARNING, "own": palette.OWN,
    }  # fmt: skip
    return {standing_word(standing, lang): colour for standing, colour in lights.items()}


def grey_errors(sheet: Sheet, area: Span) -> None:
    """Error values keep what they are, but do not cry: a line in words says why."""
    test = f"=ISERROR({cell(area.top, area.left)})"
    faint = sheet.book.added({"font_color": palette.FAINT})
    rule = {"type": "formula", "criteria": test, "format": faint}
    sheet.page.conditional_format(*area, rule)


def total(ref: Ref) -> Written:
    """The sum of the numbers; error cells and texts are passed over."""
    cells = (cell for row in ref.rows for cell in row if is_number(cell))
    return Written(f"AGGREGATE(9,6,{ref.text})", math.fsum(cells))


def not_above(rate: Written) -> Written:
    """A highest rate in whole hundredths of a per cent: rounded up it would be too high."""
    text, value = rate.text, rate.value
    if is_number(value):
        value = math.floor(value * 10_000 + 1e-9) / 10_000
    return Written(f"IF(ISNUMBER({text}),ROUNDDOWN({text},4),{text})", value)


class Figure(NamedTuple):
    """A key figure: its label, what is shown large, and a line that compares or explains."""

    label: str
    shown: Written
    number: str = ""
    note: Written = quoted("")


def large(sheet: Sheet, top: int, spans: Sequence[tuple[int, int]], them: Sequence[Figure]) -> None:
    """Label, figure and note in three rows, each over its columns (first and last)."""
    book = sheet.book
    for row, height in ((top, 20), (top + 1, 36), (top + 2, 20)):
        sheet.page.set_row(row, height)
    for (left, right), figure in zip(spans, them, strict=True):
        label, big = book.style("figure_label"), book.style("figure", figure.number)
        for row, style in ((top, label), (top + 1, big), (top + 2, label)):
            sheet.over(row, left, right, style)
        sheet.put_at(top, left, figure.label, label)
        sheet.show(top + 1, left, figure.shown, big)
        sheet.show(top + 2, left, figure.note, label)
    first, last = spans[0][0], spans[-1][1]
    area = Span(top + 1, first, top + 1, last)
    loss = {"type": "cell", "criteria": "<", "value": 0}
    loss["format"] = book.added({"font_color": palette.RED})
    sheet.page.conditional_format(*area, loss)
