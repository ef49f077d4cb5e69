"""One file in, one file out, against the fastest reader and writer alone on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from sellersheet import FxRates, load_policy, shipped_card
from sellersheet_workbook.batch.one import Terms, run_batch
from sellersheet_workbook.files.writing import write_frame
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns


def measure(scale: Scale) -> Iterator[Line]:
    """100,000 rows of 15 columns; the result has 28."""
    terms = Terms(load_policy(), shipped_card(), FxRates.fixed({}), None, date(2024, 7, 1))
    rows = scale.rows(100_000)
    typed, written = inputs.typed_orders(rows), inputs.written_orders(rows)
    with TemporaryDirectory() as folder:
        for frame, suffix, least in (
            (written, ".csv", _least_csv),
            (typed, ".xlsx", _least_xlsx),
        ):
            source, target = Path(folder) / f"in{suffix}", Path(folder) / f"out{suffix}"
            write_frame(frame, source)
            results = run_batch(source, target, terms, "zh").results.frame("zh")
            against, run = least(source, Path(folder) / f"least{suffix}", results)
            yield in_turns(
                f"batch {suffix} → {suffix}, {rows:,} rows",
                lambda source=source, target=target: run_batch(source, target, terms, "zh"),
                against,
                run,
                scale,
                aim=2,
            )


def _least_csv(
    source: Path, target: Path, results: pd.DataFrame
) -> tuple[str, Callable[[], object]]:
    table = pa.Table.from_pandas(results, preserve_index=False)

    def run() -> None:
        pacsv.read_csv(source)
        pacsv.write_csv(table, target)

    return "pyarrow reads it, writes the same rows", run


def _least_xlsx(
    source: Path, target: Path, results: pd.DataFrame
) -> tuple[str, Callable[[], object]]:
    writer, write = _fastest_writer(target, results)

    def run() -> None:
        CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
        write()

    return f"calamine reads it, {writer} writes the same rows", run


def _fastest_writer(target: Path, results: pd.DataFrame) -> tuple[str, Callable[[], object]]:
    if find_spec("rustpy_xlsxwriter"):
        from rustpy_xlsxwriter import write_worksheet

        return "rustpy-xlsxwriter", lambda: write_worksheet(results, str(target))
    cells = results.astype(object).where(results.notna(), None)
    rows: list[tuple[Any, ...]] = list(cells.itertuples(index=False, name=None))

    def write() -> None:
        with Workbook(target, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)

    return "XlsxWriter", write
