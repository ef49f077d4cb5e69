"""Cells that call the worksheet functions through xlwings' own CallUDF, without Excel.

What Excel and pywin32 would hand over is made here: numbers as float, error cells as
status codes, currency as Decimal, dates in UTC, blanks as None, ranges as tuples of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from sellersheet_addin.excel.wrappers import windows_branch

OMITTED = -2147352572
NOT_AVAILABLE = -2146826246  # a cell with #N/A
WRONG_VALUE = -2146826273  # a cell with #VALUE!
DIVIDED_BY_ZERO = -2146826281  # a cell with #DIV/0!
UTC = dt.UTC

Rows = tuple[tuple[Any, ...], ...]


class Block:
    """A Range object, counting how often it is asked for something: each is a call to Excel."""

    def __init__(self, *rows: tuple[Any, ...]) -> None:
        self.rows = rows
        self.asked = 0

    @property
    def Value(self) -> Any:  # noqa: N802
        return self._answer(_only(self.rows))

    @property
    def Value2(self) -> Any:  # noqa: N802
        return self._answer(_only(tuple(tuple(map(plain_value, row)) for row in self.rows)))

    @property
    def Rows(self) -> Any:  # noqa: N802
        return self._answer(SimpleNamespace(Count=len(self.rows)))

    @property
    def Columns(self) -> Any:  # noqa: N802
        return self._answer(SimpleNamespace(Count=len(self.rows[0])))

    @property
    def Row(self) -> int:  # noqa: N802
        return int(self._answer(1))

    @property
    def Column(self) -> int:  # noqa: N802
        return int(self._answer(1))

    @property
    def Worksheet(self) -> Any:  # noqa: N802
        application = SimpleNamespace(Hwnd=1)
        return self._answer(SimpleNamespace(Parent=SimpleNamespace(Application=application)))

    def GetAddress(self, *_: Any) -> str:  # noqa: N802
        return str(self._answer("$A$1"))

    def _answer(self, answer: Any) -> Any:
        self.asked += 1
        return answer


def plain_value(cell: Any) -> Any:
    """A cell's Value2: no currency, no dates."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return cell


def _only(rows: Rows) -> Any:
    """Excel hands over a single cell as its value."""
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


class Sheet:
    """Calls functions of UDF modules as a cell's wrapper does."""

    def __init__(self, modules: tuple[ModuleType, ...]) -> None:
        self.modules = modules
        self._server = import_module("xlwings.com_server").XLPython()

    def call(self, name: str, *arguments: Any, module: int = 0) -> Any:
        """The result as it reaches VBA; ranges go over as their values."""
        values = tuple(a.Value2 if isinstance(a, Block) else a for a in arguments)
        return self.call_with_ranges(name, *values, module=module)

    def call_with_ranges(self, name: str, *arguments: Any, module: int = 0) -> Any:
        """The same, ranges handed over as objects: what xlwings' own wrappers do."""
        return self._server.CallUDF(self.modules[module].__name__, name, arguments)


@contextmanager
def sheet(*udf_modules: str) -> Iterator[Sheet]:
    """A sheet whose cells can call the functions of these modules."""
    with windows_branch(*udf_modules) as (_, *modules):
        windows = import_module("xlwings._xlwindows")
        process = import_module("win32process")
        process.GetWindowThreadProcessId.return_value = (0, 1)
        with patch.object(windows, "is_range_instance", lambda cells: isinstance(cells, Block)):
            yield Sheet(tuple(modules))
