"""Many files at once: each by itself, none twice, one data set by month that never doubles."""

import datetime as dt
import json
import random
import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from sellersheet.cards import shipped_card
from sellersheet.orders import compute_orders
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_PARTS
from sellersheet_workbook.batch.journal import NAME
from sellersheet_workbook.batch.overlaps import Numbers
from sellersheet_workbook.files.writing import write_frame
from tests.benchmarks.inputs import typed_orders
from tests.command_line import Called, call
from tests.grids import read_frame

CAPSYS = pytest.CaptureFixture[str]
HEADER = "订单号,下单日期,目的国,订单实付金额,物流费(系统报价),入仓天数,商品编码"
AUGUST = "A1,2024-08-01,ES,100,22.60,1,x"
SEPTEMBER = "A2,2024-09-01,ES,100,22.60,1,=1+1"
DAY = dt.date(2024, 9, 1)
UNDATED = "A3,,ES,100,22.60,1,x"


def _csv(path: Path, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def _run(capsys: CAPSYS, *words: str | Path) -> Called:
    return call(capsys, "batch", *words, "--lang", "en")


def _times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*.xlsx")}


def _fees(data: Path) -> list[tuple[str | None, str]]:
    table = ds.dataset(data, partitioning="hive").to_table(["month", "total_fee_cny"])
    assert table.schema.field("total_fee_cny").type == pa.decimal128(19, 2)
    rows = table.to_pylist()
    return sorted(((row["month"], str(row["total_fee_cny"])) for row in rows), key=str)


def test_a_folder_gives_a_result_for_each_file_and_the_totals(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    _csv(tmp_path / "in/a.csv", AUGUST)
    write_frame(pd.read_csv(tmp_path / "in/a.csv", dtype=str), tmp_path / "in/a.xlsx")
    _csv(tmp_path / "in/2024/b.csv", SEPTEMBER)
    (tmp_path / "in/~$a.xlsx").write_bytes(b"open elsewhere")
    done = _run(capsys, tmp_path / "in")
    assert done.code == 0, done.err
    assert "3 files: 3 computed now, 0 done before, 0 failed" in done.out
    assert "3 rows, 3 orders: paid ¥300.00, fees ¥93.90 (31.3%)" in done.out
    out = tmp_path / "in/results"
    names = {path.relative_to(out).as_posix() for path in out.rglob("*.xlsx")}
    assert names == {"a-csv-result.xlsx", "a-xlsx-result.xlsx", "2024/b-result.xlsx"}


def test_a_second_run_does_only_what_changed(capsys: CAPSYS, tmp_path: Path) -> None:
    source = tmp_path / "in"
    for name in "abc":
        _csv(source / f"{name}.csv", AUGUST)
    assert _run(capsys, source).code == 0
    before = _times(source)
    again = _run(capsys, source)
    assert "0 computed now, 3 done before" in again.out
    assert "paid ¥300.00, fees ¥93.90" in again.out
    assert _times(source) == before
    _csv(source / "b.csv", AUGUST, SEPTEMBER)
    (source / "results/c-result.xlsx").unlink()
    changed = _run(capsys, source)
    assert "2 computed now, 1 done before" in changed.out
    assert "4 rows" in changed.out
    assert "3 computed now" in _run(capsys, source, "--fx", "USD=7.1").out


def test_another_column_of_a_file_beside_is_computed_anew(capsys: CAPSYS, tmp_path: Path) -> None:
    for name in "ab":
        _csv(tmp_path / f"in/{name}.csv", AUGUST)
    rates = tmp_path / "fx.csv"
    rates.write_text("currency,买入,卖出\nUSD,7.0,8.0\n", encoding="utf-8")
    words = (tmp_path / "in", "--currency", "USD", "--fx", rates, "--column")
    assert "paid ¥1,400.00" in _run(capsys, *words, "买入=rate").out
    other = _run(capsys, *words, "卖出=rate").out
    assert "2 computed now, 0 done before" in other
    assert "paid ¥1,600.00" in other


def test_a_day_without_dates_is_part_of_what_was_done(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "dated.csv", AUGUST)
    _csv(tmp_path / "undated.csv", UNDATED)
    assert _run(capsys, tmp_path, "--as-of", "2024-08-01").code == 0
    later = _run(capsys, tmp_path, "--as-of", "2024-08-02")
    assert "1 computed now, 1 done before" in later.out


def test_a_damaged_journal_only_costs_time(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "a.csv", AUGUST)
    assert _run(capsys, tmp_path).code == 0
    journal = tmp_path / "results" / NAME
    for text in ("{", "[]", '{"kind": 1, "files": {"a-result.xlsx": {"content": 1}}}'):
        journal.write_text(text)
        assert "1 computed now" in _run(capsys, tmp_path).out
        assert json.loads(journal.read_text(encoding="utf-8"))["files"]


def test_bad_files_are_named_at_the_end_and_stop_no_other(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "a.csv", AUGUST)
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (tmp_path / "c.csv").write_text("订单号,到账\nA1,100\n", encoding="utf-8")
    _csv(tmp_path / "d.csv", AUGUST, AUGUST.replace("100", "soon"))
    done = _run(capsys, tmp_path, tmp_path / "missing.csv")
    assert done.code == 1
    assert "5 files: 2 computed now, 0 done before, 3 failed" in done.out
    tail = done.out[done.out.index("could not be computed") :]
    for name in ("b.xlsx", "c.csv", "missing.csv"):
        assert name in tail
    assert "d.csv: 1 row was refused, listed in d-result-refused.csv" in done.out


def test_patterns_are_expanded_here(
    capsys: CAPSYS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _csv(tmp_path / "2024-08/a.csv", AUGUST)
    _csv(tmp_path / "2024-09/a.csv", SEPTEMBER)
    _csv(tmp_path / "2023-09/a.csv", "broken")
    monkeypatch.chdir(tmp_path)
    done = _run(capsys, "2024-*/*.csv", "2024-08/a.csv", "-o", "out")
    assert done.code == 0, done.err
    assert "2 files" in done.out
    assert (tmp_path / "out/2024-09/a-result.xlsx").exists()
    nothing = _run(capsys, "2022-*/*.csv")
    assert (nothing.code, nothing.out) == (2, "")
    assert "2022-*/*.csv has no files of orders" in nothing.err


def test_the_data_set_has_every_row_once(capsys: CAPSYS, tmp_path: Path) -> None:
    source, data = tmp_path / "in", tmp_path / "data"
    _csv(source / "a.csv", AUGUST, SEPTEMBER, "B1,soon,ES,100,22.60,1,x")
    _csv(source / "b.csv", SEPTEMBER, UNDATED)
    assert _run(capsys, source, "--dataset", data, "--as-of", "2024-08-01").code == 1
    once = [
        ("2024-08", "31.30"),
        ("2024-09", "31.30"),
        ("2024-09", "31.30"),
        ("unknown", "31.30"),
        ("unknown", "None"),
    ]
    assert _fees(data) == sorted(once, key=str)
    # As people read it: with a month without a name pandas would not.
    read = pd.read_parquet(data)
    assert read["month"].astype(str).tolist().count("unknown") == 2
    # What is wrong in a refused row, and in one that is left out, is no 0; all else is told.
    refused = read[read["order_id"] == "B1"].iloc[0]
    assert (refused["order_date"], str(refused["paid_cny"])) == (None, "100.00")
    for more in ((), ("-o", tmp_path / "elsewhere")):
        (source / "results" / NAME).unlink(missing_ok=True)
        _run(capsys, source, "--dataset", data, "--as-of", "2024-08-01", *more)
        assert _fees(data) == sorted(once, key=str)
    shutil.rmtree(data)
    _run(capsys, source, "--dataset", data, "--as-of", "2024-08-01", "-o", tmp_path / "elsewhere")
    assert _fees(data) == sorted(once, key=str)
    # A file that changed takes its old rows away, also from months it no longer has.
    _csv(source / "a.csv", "A9,2024-10-01,ES,100,22.60,1,x")
    assert _run(capsys, source, "--dataset", data, "--as-of", "2024-08-01").code == 0
    assert {month for month, _ in _fees(data)} == {"2024-09", "2024-10", "unknown"}
    assert len(_fees(data)) == 3


def test_a_source_that_moved_does_not_double_its_rows(capsys: CAPSYS, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for month, row in (("2024-08", AUGUST), ("2024-09", SEPTEMBER)):
        # The same name in two folders, each computed by itself: two sources.
        _csv(tmp_path / month / "a.csv", row)
        assert _run(capsys, tmp_path / month, "--dataset", data).code == 0
    once = [("2024-08", "31.30"), ("2024-09", "31.30")]
    assert _fees(data) == once
    (tmp_path / "2024-08").rename(tmp_path / "august")
    assert _run(capsys, tmp_path / "august", "--dataset", data, "--fx", "USD=7").code == 0
    assert _fees(data) == once
    assert _run(capsys, tmp_path / "*/a.csv", "--dataset", data).code == 0
    assert _fees(data) == once
    _csv(tmp_path / "august/a.csv", UNDATED)
    assert _run(capsys, tmp_path / "august", "--dataset", data).code == 0
    assert _fees(data) == [("2024-09", "31.30"), ("unknown", "31.30")]


def test_a_damaged_record_of_the_parts_is_told(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "in/a.csv", AUGUST)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/_parts.json").write_text("[1")
    done = _run(capsys, tmp_path / "in", "--dataset", tmp_path / "data")
    assert done.code == 2
    assert "_parts.json, is damaged" in done.err


def test_text_that_looks_like_a_formula_stays_text(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "in/a.csv", SEPTEMBER)
    assert _run(capsys, tmp_path / "in", "--dataset", tmp_path / "data").code == 0
    table = ds.dataset(tmp_path / "data", partitioning="hive").to_table()
    assert table["sku"].to_pylist() == ["=1+1"]
    book = read_frame(tmp_path / "in/results/a-result.xlsx", sheet="Orders").frame
    assert book["商品编码"].tolist() == ["=1+1"]


def test_the_data_set_agrees_with_the_single_file_to_the_cent(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    frame = typed_orders(2_000)
    (tmp_path / "in").mkdir()
    write_frame(frame, tmp_path / "in/a.parquet")
    _run(capsys, tmp_path / "in", "--dataset", tmp_path / "data")
    call(capsys, "batch", tmp_path / "in/a.parquet", "-o", tmp_path / "one.parquet")
    one = pq.read_table(tmp_path / "one.parquet")
    many = ds.dataset(tmp_path / "data", partitioning="hive").to_table()
    many = many.sort_by("row")
    filled = frame.notna().any(axis=1).to_numpy()
    for key in (*FEE_PARTS, "total_fee_cny", "profit_cny"):
        exact = [None if cell is None else int(cell * 100) for cell in many[key].to_pylist()]
        told = one[key].to_numpy()[filled]
        assert exact == [None if np.isnan(cell) else round(cell * 100) for cell in told], key


def test_the_data_set_option_needs_several_files(capsys: CAPSYS, tmp_path: Path) -> None:
    done = _run(capsys, _csv(tmp_path / "a.csv", AUGUST), "--dataset", tmp_path / "data")
    assert (done.code, done.out) == (2, "")
    assert "--dataset goes with folders" in done.err


def test_orders_of_several_files_are_told_also_when_none_is_read_again(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    """Of exports that overlap the totals hold some orders twice."""
    shared = AUGUST.replace("A1", "A9")
    _csv(tmp_path / "in/a.csv", AUGUST, shared, shared.replace(",x", ",y"))
    _csv(tmp_path / "in/2024/b.csv", SEPTEMBER, shared, UNDATED)
    _csv(tmp_path / "in/c.csv", UNDATED, ",2024-08-01,ES,100,22.60,1,x")
    _csv(tmp_path / "in/d.csv", ",2024-08-01,ES,100,22.60,1,x")
    told = "2 orders stand in several files, and the totals above have them once for each."
    for count in ("4 computed now, 0 done before", "0 computed now, 4 done before"):
        done = _run(capsys, tmp_path / "in", "-o", tmp_path / "out")
        assert count in done.out
        assert told in done.out
        assert "2024/b.csv, a.csv: 1 order (such as A9)" in done.out
        assert "2024/b.csv, c.csv: 1 order (such as A3)" in done.out
        assert done.out.count("(such as") == 2
    numbers = sorted((tmp_path / "out/.sellersheet-orders").iterdir())
    assert len(numbers) == 4
    numbers[0].unlink()
    assert (
        "1 computed now, 3 done before" in _run(capsys, tmp_path / "in", "-o", tmp_path / "out").out
    )
    for path in numbers:
        path.write_bytes(b"x")
    assert told not in _run(capsys, tmp_path / "in", "-o", tmp_path / "out").out
    alone = _run(capsys, tmp_path / "in/a.csv", tmp_path / "in/d.csv", "-o", tmp_path / "two")
    assert "several files, and" not in alone.out


def test_an_order_of_a_file_without_shops_may_be_that_of_any(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    """Orders of one number in two shops are two orders, where both are named."""
    folder, header = tmp_path / "in", "order_id,paid_cny,logistics_cny"
    folder.mkdir()
    lines = {"a": "X\n2,10,2,X\n3,10,2,Y\n5,10,2,X", "b": "Y\n5,10,2,Y"}
    for name, more in lines.items():
        (folder / f"{name}.csv").write_text(f"{header},shop\n1,10,2,{more}\n", "utf-8")
    told = "stands in several files|stand in several files"
    assert not re.search(told, _run(capsys, folder, "-o", tmp_path / "one").out)
    (folder / "c.csv").write_text(f"{header}\n2,10,2\n3,10,2\n4,10,2\n5,10,2\n", "utf-8")
    out = _run(capsys, folder, "-o", tmp_path / "out").out
    assert "3 orders stand in several files" in out
    assert "a.csv, c.csv: 2 orders (such as 2)" in out
    assert "a.csv, b.csv, c.csv: 1 order (such as 5)" in out


def test_how_several_files_were_read_is_told_once_for_all_that_are_alike(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    other = HEADER.replace("订单实付金额", "Order Total").replace("商品编码", "运费险金额")
    for name, header in (("a", HEADER), ("b", other), ("c", other), ("d", HEADER)):
        path = tmp_path / f"in/{name}.csv"
        _csv(path, AUGUST.replace("A1", name), AUGUST.replace("A1", name), "合计,,,200,,,")
        path.write_text(path.read_text("utf-8").replace(HEADER, header), "utf-8")
    done = _run(capsys, tmp_path / "in", "-o", tmp_path / "out")
    assert "12 rows of the table: 8 computed, 0 refused, 4 left out, 0 blank." in done.out
    assert "4 rows: A row of totals, not an order: left out." in done.out
    assert "4 rows: The same as an earlier row in every cell" in done.out
    lines = done.out.splitlines()
    read = "b.csv and 1 more file: Headers taken by their meaning: Order Total = Amount paid"
    assert [line for line in lines if "Headers taken" in line] == [read]
    _csv(tmp_path / "in/e.csv", AUGUST.replace("A1", "e"), "合计,,,100,,,")
    again = _run(capsys, tmp_path / "in", "-o", tmp_path / "out").out
    assert "14 rows, 5 orders" in again
    assert "1 file computed now: 2 rows of the table: 1 computed, 0 refused, 1 left out" in again
    unused = [line for line in lines if line.endswith("Columns not used: 运费险金额.")]
    assert unused == ["b.csv and 1 more file: Columns not used: 运费险金额."]


def test_which_files_have_orders_in_common(tmp_path: Path) -> None:
    """Against the same said order by order."""
    chance = random.Random(3)
    for trial in range(40):
        numbers = Numbers(tmp_path / str(trial))
        files = [f"{at}.csv" for at in range(chance.randint(1, 5))]
        of_order: dict[str, list[str]] = {}
        for file in files:
            ids = sorted({str(chance.randrange(9)) for _ in range(chance.randint(0, 6))})
            frame = pd.DataFrame({"订单号": ids, "实付金额": 100, "物流费(系统报价)": 1})
            numbers._folder.mkdir(parents=True, exist_ok=True)
            if ids:
                numbers.put(file, compute_orders(frame, load(), shipped_card().rates, as_of=DAY))
            for number in ids:
                of_order.setdefault(number, []).append(file)
        wanted = Counter(tuple(held) for held in of_order.values() if len(held) > 1)
        found = numbers.overlaps(files)
        assert {item.sources: item.orders for item in found} == wanted
        assert [item.orders for item in found] == sorted(wanted.values(), reverse=True)
        for item in found:
            assert tuple(of_order[item.example]) == item.sources
