"""What is wrong in a table: at most one issue a row, kept as arrays and worded when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pydantic import BaseModel, ConfigDict, Field

from sellersheet.amounts import read_amount
from sellersheet.columns import Column, Wrong
from sellersheet.money import Ints
from sellersheet.rawcells import shown
from sellersheet.wording import Lang, Problem, Wording

WORDS: Final = Wording("sellersheet", "tables.toml")
Texts = npt.NDArray[np.object_]
_SEEN: Final = 60  # characters of a value that are shown
_OPEN: Final = "\0"  # where a value is to stand
_ROW, _WHAT = "\0row", "\0what"
_NAME_A_CURRENCY: Final = (
    Wrong.NO_RATE, Wrong.NO_RATE_YET, Wrong.SPOILT_RATE, Wrong.OTHER_CURRENCY,
)  # fmt: skip


class CellProblem(Problem):
    """One value that its column can't take."""

    wording = WORDS

    def __init__(self, column: Column, wrong: Wrong, value: str) -> None:
        super().__init__(wrong.code, value=value)
        self.column = column
        self.wrong = wrong
        self.value = value

    def text(self, lang: Lang) -> str:
        """What is wrong, the value seen, what is allowed."""
        return explained(self.column, self.wrong, self.value, lang)


class Issue(BaseModel):
    """The first wrong cell of a row. ``further`` counts the row's other wrong columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int = Field(ge=1)
    key: str
    header: str
    code: str
    value: str = Field(max_length=_SEEN)
    further: int = Field(ge=0)
    column: Column = Field(exclude=True, repr=False)

    def text(self, lang: Lang) -> str:
        """One sentence: where, what is wrong, the value seen, what to do."""
        what = explained(self.column, Wrong[self.code.upper()], self.value, lang)
        return _placed("cell", self.row, self.header, what, self.further, lang)


@dataclass(frozen=True, slots=True)
class Issues(Sequence[Issue]):
    """The issues of a table in row order; an Issue is made when it is asked for.

    ``at`` are positions in the table; ``which`` are positions in ``columns``, whose headers
    and cells stand beside them in ``titles`` and ``cells``. ``rows`` are the sheet rows of the
    table's rows where they do not follow each other from ``first_row`` on. ``headers`` are
    those of each row, by position in ``columns``, where the rows are of tables with several.
    """

    first_row: int
    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    cells: tuple[ExtensionArray, ...]
    at: Ints
    which: npt.NDArray[np.int16]
    wrong: npt.NDArray[np.uint8]
    further: npt.NDArray[np.int16]
    rows: Ints | None = None
    headers: Mapping[int, Texts] = field(default_factory=dict)
    _worded: dict[Lang, tuple[Texts, Texts, Texts]] = field(default_factory=dict, repr=False)

    def sheet_rows(self, at: Ints) -> Ints:
        """The sheet rows of positions in the table."""
        return at + self.first_row if self.rows is None else self.rows[at]

    def places(self, sheet_rows: Ints) -> Ints:
        """The positions in the table of sheet rows."""
        if self.rows is None:
            return sheet_rows - self.first_row
        order = np.argsort(self.rows, kind="stable")
        return order[np.searchsorted(self.rows[order], sheet_rows)]

    def of_rows(self, at: Ints) -> Issues:
        """The issues at positions in the table that have one."""
        found = np.searchsorted(self.at, at)
        names = ("at", "which", "wrong", "further")
        return replace(self, **{name: getattr(self, name)[found] for name in names}, _worded={})

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, index: int) -> Issue: ...
    @overload
    def __getitem__(self, index: slice) -> list[Issue]: ...
    def __getitem__(self, index: int | slice) -> Issue | list[Issue]:
        if isinstance(index, slice):
            return [self._issue(at) for at in range(*index.indices(len(self)))]
        return self._issue(range(len(self))[index])

    def __iter__(self) -> Iterator[Issue]:
        return map(self._issue, range(len(self)))

    def frame(self, lang: Lang) -> pd.DataFrame:
        """row, column, value, message: one line an issue."""
        header, value, _ = self._told(lang)
        row = self.sheet_rows(self.at)
        placed = self._sentences("cell", lang, row)
        return pd.DataFrame({"row": row, "column": header, "value": value, "message": placed})

    def reasons(self, lang: Lang) -> list[str]:
        """What is wrong, to stand in the row itself: no row number, which sorting would spoil."""
        return self._sentences("column", lang, self.at)

    def _sentences(self, code: str, lang: Lang, rows: Ints) -> list[str]:
        """One an issue: that of its header, made once, with its own row and what is wrong."""
        header, _, what = self._told(lang)
        places = list(zip(header, self.further.tolist(), strict=True))
        made = {
            (name, further): _placed(code, _ROW, name, _WHAT, further, lang)
            for name, further in set(places)
        }
        lines = zip(places, rows.tolist(), what, strict=True)
        return [made[at].replace(_ROW, str(row)).replace(_WHAT, said) for at, row, said in lines]

    def _told(self, lang: Lang) -> tuple[Texts, Texts, Texts]:
        """The header, the value seen and what is wrong of each issue; worded once."""
        if lang not in self._worded:
            self._worded[lang] = self._tell(lang)
        return self._worded[lang]

    def _tell(self, lang: Lang) -> tuple[Texts, Texts, Texts]:
        header = np.array(self.titles, dtype=object)[self.which]
        for which, own in self.headers.items():
            here = self.which == which
            header[here] = own[self.at[here]]
        value = np.full(len(self), "", dtype=object)
        message = np.full(len(self), "", dtype=object)
        for which, wrong in set(zip(self.which.tolist(), self.wrong.tolist(), strict=True)):
            here = np.flatnonzero((self.which == which) & (self.wrong == wrong))
            taken = self.cells[which].take(self.at[here]).astype(object)
            cells = [seen(cell) for cell in taken]
            distinct = list(dict.fromkeys(cells))
            what = _explained(self.columns[which], Wrong(wrong), distinct, lang)
            said = dict(zip(distinct, what, strict=True))
            value[here] = cells
            message[here] = [said[cell] for cell in cells]
        return header, value, message

    def _issue(self, index: int) -> Issue:
        which, at = int(self.which[index]), int(self.at[index])
        column, cells = self.columns[which], self.cells[which]
        return Issue(
            row=int(self.sheet_rows(self.at[index])),
            key=column.key,
            header=str(self.headers[which][at] if which in self.headers else self.titles[which]),
            code=Wrong(self.wrong[index]).code,
            value=seen(cells[at]),
            further=int(self.further[index]),
            column=column,
        )


def seen(value: object) -> str:
    """A raw value as shown in a message."""
    text = " ".join(shown(value).split())
    return text if len(text) <= _SEEN else text[: _SEEN - 1] + "…"


def explained(column: Column, wrong: Wrong, value: str, lang: Lang) -> str:
    """What is wrong with the value and what the column allows."""
    fields = {"value": value, "low": _plain(column.low), "high": _plain(column.high)}
    if wrong in _NAME_A_CURRENCY:
        fields["currency"] = read_amount(value, "money").currency
    return WORDS(wrong.code, lang, allowed=allowed(column, lang), **fields)


def _explained(column: Column, wrong: Wrong, values: list[str], lang: Lang) -> list[str]:
    """The same of several values: a sentence that only quotes them is made once."""
    if wrong in _NAME_A_CURRENCY:
        return [explained(column, wrong, value, lang) for value in values]
    before, *after = explained(column, wrong, _OPEN, lang).split(_OPEN)
    return [before + "".join(value + text for text in after) for value in values]


def _placed(code: str, row: int | str, header: str, what: str, further: int, lang: Lang) -> str:
    code = f"{code}_and_further" if further else code
    return WORDS(code, lang, row=row, header=header, what=what, further=further)


@cache
def allowed(column: Column, lang: Lang) -> str:
    """What the column takes."""
    choices = " / ".join(choice.zh if lang == "zh" else choice.en for choice in column.choices)
    return WORDS(f"allowed_{column.kind}", lang, range=_range(column, lang), choices=choices)


def _range(column: Column, lang: Lang) -> str:
    if column.low is None and column.high is None:
        return ""
    code = "range" if None not in (column.low, column.high) else "range_low"
    code = "range_high" if column.low is None else code
    return WORDS(code, lang, low=_plain(column.low), high=_plain(column.high))


def _plain(bound: float | None) -> str:
    if bound is None:
        return ""
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:.9f}".rstrip("0")
