"""Cells as they stand, and beside them what a value can't say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray
from pandas.arrays import NumpyExtensionArray

from sellersheet.money import Ints
from sellersheet.rawcells import RawCells, split
from sellersheet.text_bytes import blanks_missing

SEARCHED: Final = 100  # rows in which a header is looked for
TEXT: Final = pd.StringDtype("pyarrow")
_TEXT_ARRAY: Final[Callable[[pa.Array], ExtensionArray]] = TEXT.construct_array_type()
Row = Sequence[Any]
Mend = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the number formats of a column show beside its numbers, by row of the grid.

    ``currency`` is a three-letter code, ``unit`` a unit such as kg.
    """

    rows: Ints
    currency: str = ""
    unit: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above a header: ``titles``, and the heads of groups of its columns, where the row
    directly above has several texts, each with the columns from its own to the next text's."""

    titles: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __or__(self, other: Above) -> Above:
        return Above((*self.titles, *other.titles), (*self.groups, *other.groups))


@dataclass(frozen=True, slots=True)
class Beside:
    """Places count rows and columns of the grid from 0.

    ``uncached`` are formulas without a saved value. ``merged`` are areas as (top, left,
    bottom, right). ``totals`` are the totals rows of Excel tables. ``absent`` are by column the
    rows of sheets that have no such column: their blanks say nothing. ``above`` is what stands
    above the table and is not in the grid.
    """

    uncached: Sequence[tuple[int, int]] = ()
    shown: Mapping[int, Sequence[Shown]] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    totals: Sequence[int] = ()
    absent: Mapping[int, Ints] = field(default_factory=dict)
    above: Above = Above()


class Columns:
    """The columns of a table of ``rows`` rows as they came, under their labels, each sorted by
    form once."""

    def __init__(self, cells: Sequence[ExtensionArray], rows: int, labels: Sequence[Any]) -> None:
        self._cells = list(cells)
        self._rows = rows
        self.labels = labels
        self._frame: pd.DataFrame | None = None
        self._raw: dict[int, RawCells] = {}

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Columns:
        """Those of a frame."""
        made = cls([cells.array for _, cells in frame.items()], len(frame), list(frame.columns))
        made._frame = frame
        return made

    def under(self, labels: Sequence[Any]) -> Columns:
        """As many of the first columns as there are labels, under these."""
        width = len(labels)
        made = type(self)(self._cells[:width], self._rows, labels)
        if self._frame is not None:
            kept = self._frame if width == self.width else self._frame.iloc[:, :width]
            made._frame = kept.set_axis(pd.Index(labels, dtype=object), axis=1)
        return made

    def __len__(self) -> int:
        return self._rows

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self._cells)

    @property
    def frame(self) -> pd.DataFrame:
        """The frame that they came in, else one made when it is first asked for."""
        if self._frame is None:
            made = pd.DataFrame(dict(enumerate(self._cells)), index=pd.RangeIndex(self._rows))
            self._frame = made.set_axis(pd.Index(self.labels, dtype=object), axis=1)
        return self._frame

    def cells(self, at: int) -> ExtensionArray:
        """The column as it came."""
        return self._cells[at]

    def raw(self, at: int) -> RawCells:
        """The column by form; whoever changes what it holds works on a copy."""
        if at not in self._raw:
            self._raw[at] = split(self.cells(at))
        return self._raw[at]

    def forget_forms(self) -> None:
        """Keep the columns as they came alone: once typed, nobody asks for their forms."""
        self._raw.clear()

    def put(self, at: int, cells: npt.NDArray[np.object_]) -> None:
        """Other cells in place of the column, in the frame too."""
        self._cells[at] = NumpyExtensionArray(cells)
        self._raw.pop(at, None)
        if self._frame is not None:
            self._frame.isetitem(at, cells)


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a header: columns by position, blank cells missing.

    ``ragged`` are positions of rows that held more cells than the header; what stood there
    is not in the columns. ``rows`` are the sheet rows where they do not follow each other.
    """

    columns: Columns
    ragged: Sequence[int] = ()
    rows: Ints | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """The columns as a frame."""
        return self.columns.frame


@dataclass(frozen=True)
class Grid:
    """A table as it stands: ``top`` are its first rows, ``below(at)`` all under ``top[at]``.

    ``first_row`` is the number of ``top[0]`` as its user counts rows. ``others`` names the
    other sheets of the workbook that hold something.
    """

    top: Sequence[Row]
    below: Callable[[int], Body]
    first_row: int = 1
    beside: Beside = Beside()
    sheet: str | None = None
    others: Sequence[str] = ()
    encoding: str | None = None


def grid_of_rows(
    rows: Sequence[Row],
    first_row: int = 1,
    *,
    mend: Mend | None = None,
    **more: Any,
) -> Grid:
    """The grid of rows of cells; an empty text is a blank. ``mend`` is for whole numbers."""

    def below(at: int) -> Body:
        sizes = set(map(len, rows))
        width = max(sizes, default=0)
        body = rows[at + 1 :]
        if len(sizes) > 1:
            body = [(*row, *[None] * (width - len(row))) for row in body]
        cells = list(chain.from_iterable(body))  # several times faster than zip over the rows
        typed = [column_of(cells[column::width], mend) for column in range(width)]
        return Body(Columns(typed, len(body), range(width)))

    return Grid(rows[:SEARCHED], below, first_row, **more)


def grid_of_frame(
    frame: pd.DataFrame,
    first_row: int = 2,
    *,
    ragged: Sequence[int] = (),
    rows: Ints | None = None,
    **more: Any,
) -> Grid:
    """The grid of a frame whose labels are its header; ``first_row`` is that of its first row.

    ``ragged`` and ``rows`` are sheet rows, as in ``Body`` and ``Issues``.
    """
    head = frame.iloc[: SEARCHED - 1].astype(object)
    lines = head.where(head.notna(), None).to_numpy(dtype=object).tolist()

    def below(at: int) -> Body:
        # Taken, not cut off: with pyarrow 15, cells set in a part of a text column turn to garbage.
        kept = frame if at == 0 else frame.take(range(at, len(frame))).reset_index(drop=True)
        own = None if rows is None else rows[at:]
        body = kept.set_axis(range(frame.shape[1]), axis=1)
        start = first_row + at
        return Body(Columns.of(body), [row - start for row in ragged if row >= start], own)

    return Grid([list(frame.columns), *lines], below, first_row - 1, **more)


def column_of(cells: Sequence[Any], mend: Mend | None = None) -> ExtensionArray:
    """A column of cells of one type as that type; of several as objects, None where blank.

    Whole numbers go through ``mend`` first: where errors arrive as numbers.
    """
    # Each gives up at the first cell that it has no room for.
    for of_one_type in (_texts, _flags, _numbers):
        if (found := of_one_type(cells)) is not None:
            return found
    kinds = set(map(type, cells))
    if mend is not None and int in kinds:
        return column_of([mend(cell) if type(cell) is int else cell for cell in cells])
    if str in kinds and "" in cells:  # in LibreOffice every blank cell of a range is ""
        return column_of([None if cell == "" else cell for cell in cells])
    if kinds <= {dt.date, dt.datetime, type(None)}:
        days: ExtensionArray = pd.array(np.array(cells, dtype="datetime64[us]"))
        return days
    return _objects(cells)


def _flags(cells: Sequence[Any]) -> ExtensionArray | None:
    """The column of truth values and blanks; None where anything else is among them."""
    try:
        pa.array(cells, pa.bool_())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    return _objects(cells)


def _objects(cells: Sequence[Any]) -> ExtensionArray:
    return NumpyExtensionArray(np.fromiter(cells, dtype=object, count=len(cells)))


def _numbers(cells: Sequence[Any]) -> ExtensionArray | None:
    """The column of floats and blanks; None where anything else is among them."""
    try:
        found = pa.array(cells, pa.float64()).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    # Whole numbers and truth values would pass for numbers, and errors arrive as the former.
    whole = np.flatnonzero(found == np.rint(found))
    asked = cells if len(whole) > len(cells) // 8 else [cells[at] for at in whole.tolist()]
    if not {float, type(None)}.issuperset(map(type, asked)):
        return None
    return NumpyExtensionArray(found)


def _texts(cells: Sequence[Any]) -> ExtensionArray | None:
    """The column of texts and blanks; None where anything else is among them, or half of a
    surrogate pair, from a cut-off emoji."""
    try:
        text = blanks_missing(pa.array(cells, pa.large_string()))
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError):
        return None
    if text.null_count == len(text):
        return NumpyExtensionArray(np.full(len(text), np.nan))
    return _TEXT_ARRAY(text)
