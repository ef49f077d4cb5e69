"""Data sets larger than memory: the totals of one process, to the cent, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster

from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.policy import load
from sellersheet.summary import summarise, total
from sellersheet_workbook.batch.dataset import typed_rows
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.problems import FileProblem, ScaleProblem
from sellersheet_workbook.scale import Place, Scaled, run_scale
from sellersheet_workbook.scale.cluster import local_cluster
from tests.benchmarks.inputs import typed_orders
from tests.command_line import call

CAPSYS = pytest.CaptureFixture[str]
SAID = Asked(remembered={"W": "实重"})
TERMS = Terms(load(), shipped_card(), FxRates.fixed({}), None, date(2024, 7, 1), asked=SAID)
MONTHS = ds.partitioning(pa.schema([("month", pa.string())]), flavor="hive")
ORDERED = [("source", "ascending"), ("row", "ascending")]


pytestmark = pytest.mark.usefixtures("forked_workers")


@pytest.fixture(scope="module")
def cluster(forked_workers: None) -> Iterator[LocalCluster]:
    """Two worker processes that are there for all tests, as a cluster is."""
    with local_cluster(2) as found:
        yield found


def _orders(rows: int) -> pd.DataFrame:
    """Lines of one order also stand far apart, with different months and countries."""
    frame = typed_orders(rows)
    frame["order_date"] = frame["order_date"].astype("datetime64[ms]")
    far = np.random.default_rng(7).choice(rows, rows // 10, replace=False)
    frame.loc[far, "order_id"] = frame["order_id"].to_numpy()[rows // 2 - far // 3]
    frame.loc[far, "sku"] = "=1+1"
    return frame


def _write(frame: pd.DataFrame, path: Path, group: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=group)


def _run(folder: Path, out: Path, cluster: LocalCluster, **options: Any) -> Scaled:
    place = Place(cluster.scheduler_address)
    return run_scale([folder], out, TERMS, "en", place, **options)


def _rows(out: Path) -> pa.Table:
    return ds.dataset(out, partitioning=MONTHS).to_table().drop_columns(["month"]).sort_by(ORDERED)


def _same_as_one_process(done: Scaled, frame: pd.DataFrame) -> None:
    _same_totals(done, compute_orders(frame, TERMS.policy, TERMS.card.rates, as_of=TERMS.as_of))


def _same_totals(done: Scaled, results: OrderResults) -> None:
    pd.testing.assert_frame_equal(done.totals.whole, total(results, "en"), check_dtype=False)
    for by, found in done.totals.by.items():
        expected = summarise(results, by, "en").astype({"group": object})
        pd.testing.assert_frame_equal(
            found.astype({"group": object}), expected, check_dtype=False, check_exact=True
        )
    assert done.totals.counts.refused == results.refused.sum()


def test_orders_across_partitions_and_files_give_the_same_rows_and_totals(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    frame = _orders(2_400)
    _write(frame.iloc[:1_400], tmp_path / "in/a.parquet", 80)
    _write(frame.iloc[1_400:], tmp_path / "in/b/a.parquet", 1_000)
    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=200)
    assert done.partitions > 10
    _same_as_one_process(done, frame)
    results = compute_orders(
        frame, TERMS.policy, TERMS.card.rates, as_of=TERMS.as_of,
        rows=np.concatenate([np.arange(1_400), np.arange(1_000)]) + 2,
    )  # fmt: skip
    sources = pa.array(["a.parquet"] * 1_400 + ["b/a.parquet"] * 1_000)
    # Every row once, with the same cents, status and reason; formulas are still text.
    assert _rows(tmp_path / "out").equals(typed_rows(results, "en", sources).sort_by(ORDERED))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    again = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=10_000)
    assert again.partitions == 2
    assert _rows(tmp_path / "out").num_rows == frame.notna().any(axis=1).sum()
    _same_as_one_process(again, frame)


def test_a_worker_killed_midway_changes_nothing(tmp_path: Path, cluster: LocalCluster) -> None:
    frame = _orders(5_000)
    _write(frame, tmp_path / "in/a.parquet", 250)
    killed: list[int] = []

    def kill(step: str, done: int, total: int) -> None:
        if step == "compute" and done == total // 2 and not killed:
            with Client(cluster, set_as_default=False) as client:
                address = sorted(client.scheduler_info()["workers"])[0]
                pid = client.run(os.getpid, workers=[address])[address]
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=250, on_step=kill)
    assert killed
    _same_as_one_process(done, frame)
    rows = _rows(tmp_path / "out")
    used = frame.notna().any(axis=1)
    assert rows["row"].to_pylist() == (np.flatnonzero(used) + 2).tolist()
    assert [*tmp_path.rglob(".*")] == []


def test_what_others_put_there_meanwhile_is_not_swept_away(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    _write(_orders(1_000), tmp_path / "in/a.parquet", 500)
    out = tmp_path / "out"

    def others(step: str, done: int, total: int) -> None:
        out.mkdir(exist_ok=True)
        (out / "orders-result.xlsx").write_text("of another run")

    with pytest.raises(ScaleProblem) as problem:
        _run(tmp_path / "in", out, cluster, on_step=others)
    assert problem.value.code == "not_a_result"
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [
        ("orders-result.xlsx", "of another run")
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_files_with_other_headers_types_and_columns_go_together(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    """An order number is the same order as number and as text, with or without a shop column."""
    first = pd.DataFrame(
        {"订单号": ["70 ", " 71", "", None], "订单实付金额": ["100", "¥50", "1", "soon"],
         "物流费(系统报价)": [20, 10, 5, 5], "目的国": ["西班牙", "FR", "FR", "FR"]}
    )  # fmt: skip
    second = pd.DataFrame({"order_id": [70, 72], "paid_cny": [33.33, 7.0], "logistics_cny": [1, 2]})
    third = pd.DataFrame({"shop": ["x", None], "order_id": ["71", "71"], "paid_cny": [5, 6]})
    for name, frame in (("a", first), ("b", second), ("c", third)):
        _write(frame, tmp_path / f"in/{name}.parquet", 1)
    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=1)
    keys = {"订单号": "order_id", "订单实付金额": "paid_cny", "目的国": "country"}
    keys["物流费(系统报价)"] = "logistics_cny"
    frames = [first.rename(columns=keys), second, third]
    whole = pd.concat([frame.astype(object) for frame in frames], ignore_index=True)
    _same_as_one_process(done, whole)
    rows = _rows(tmp_path / "out").to_pylist()
    assert [row["order_id"] for row in rows] == ["70", "71", None, None, "70", "72", "71", "71"]
    assert rows[3]["reason"].startswith("订单实付金额")


N = 24
# Columns of which most parts alone would be read otherwise than the whole, by form.
FORMS: dict[str, dict[str, list[Any]]] = {
    "kilograms": {"实重": [25.0] * 13 + [40.0] * 11},
    "grams": {"实重": [25.0] * 11 + [40.0] * 13},
    "median": {"实重": [20.0] * 12 + [39.0] * 12},
    "points": {"实付金额": ["1.234"] * 23 + ["12.5"]},
    "thousands": {"实付金额": ["1.5", *["1.234"] * 22, "1.234,50"]},
    "days": {"下单时间": ["05/08/2024 10:00"] * 23 + ["13/08/2024 9:05"]},
    "two orders of days": {"下单时间": ["13/08/2024", *["05/08/2024"] * 22, "08/13/2024"]},
    "paid": {"付款时间": [""] * 23 + ["2024-08-05 10:00:00"]},
    "none paid": {"付款时间": [""] * 24},
    "numbers": {"订单号": [8.19e15 + 10 * at for at in range(23)] + [8.19e15 + 1001]},
    "decimal numbers": {
        "订单号": [Decimal(8390000000000000 + (10 * at if at < 23 else 1001)) for at in range(24)]
    },
    "decimals with places": {
        "订单号": [Decimal(f"{8490000000000000 + (10 * at or 1001)}.00") for at in range(24)]
    },
    "cut numbers": {"订单号": [8.29e15 + 10 * at for at in range(24)]},
    "currencies": {"币种": ["USD", "", *["CNY"] * 22]},
    "equal headers": {"Amount Paid": [f"{100 + at}.50" for at in range(24)]},
    "costs": {"佣金": ["1.50"] * 24, "平台佣金": ["2.5"] * 24, "佣金率": ["3%"] * 24},
    "twice": {"实付金额": ["5"] * 24, "颜色": ["red"] * 23 + ["blue"]},
    "totals": {"目的国": ["ES"] * 23 + ["小计"], "备注": ["x", *[None] * 22, "合计"]},
    # In a part of its own; were it an order's weight, the others would be kilograms.
    "lone total": {
        "实重": [25.0] * 10 + [40.0] * 10 + [20.0] * 4,
        "备注": [None] * 20 + ["合计"] * 4,
    },
    "named by the user": {"W": [25.0] * 24},
}


def _of_form(at: int, form: str) -> pd.DataFrame:
    ids = [f"{at}0{row // 2}" for row in range(N)]
    last = {"totals": 1, "lone total": 4}.get(form, 0)
    ids[N - last :] = [""] * last
    columns = {
        "订单号": ids,
        "实付金额": [f"{100 + row}.50" for row in range(N)],
        "目的国": ["ES"] * N,
        "实重": [80.0 + row // 2 for row in range(N)],
    }
    if form in ("named by the user", "decimal numbers", "decimals with places"):  # no other doubt
        del columns["实重"]
    return pd.DataFrame({**columns, **FORMS[form]})


def test_a_column_means_the_same_in_every_part_of_a_file(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    """Parts of a few rows give what one reading of the whole file gives, row by row."""
    for at, form in enumerate(FORMS):
        _write(_of_form(at, form), tmp_path / f"in/{form}.parquet", 5)
    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=5)
    assert done.partitions == 5 * len(FORMS)
    rows, told = _rows(tmp_path / "out"), ""
    for form in FORMS:
        results = TERMS.compute(read_grid(tmp_path / f"in/{form}.parquet"))
        found = rows.filter(pc.equal(rows["source"], f"{form}.parquet"))
        assert found.equals(typed_rows(results, "en", f"{form}.parquet")), form
        told += " ".join(results.reasons("en"))
    for words in ("kilograms", "two ways", "more than one way", "not paid", "cut", "earlier row"):
        assert words in told, words


def test_what_is_told_of_the_table_is_what_batch_tells(
    capsys: CAPSYS, tmp_path: Path, cluster: LocalCluster
) -> None:
    """Rows of totals and cancelled orders, a column that may be asked for, no time of payment."""
    frame = pd.DataFrame(
        {"Order ID": ["A1", "A1", "A2", "", None], "Sales": ["100", "20", "100", "220", None],
         "Order status": ["Completed", "Completed", "Cancelled", "Total", None],
         "Paid on": [""] * 5, "入仓时间": ["x"] * 5, "Order date": ["2026-01-01"] * 4 + [None]}
    )  # fmt: skip
    _write(frame, tmp_path / "in/a.parquet", 1)
    _write(frame.drop(columns="入仓时间"), tmp_path / "in/b.parquet", 1)
    columns = ("--column", "Sales=paid_cny", "--column", "Paid on=paid_on", "--lang", "en")
    one = call(capsys, "batch", tmp_path / "in/a.parquet", "-o", tmp_path / "a.csv", *columns)
    place = ("--scheduler", cluster.scheduler_address)
    alone = call(
        capsys, "scale", tmp_path / "in/a.parquet", "-o", tmp_path / "out", *place, *columns
    )
    told = [line for line in one.out.splitlines() if line.startswith(("5 rows", "  1 row", "No"))]
    told += [line for line in one.out.splitlines() if line.startswith(("“", "Columns", "In 2"))]
    assert len(told) >= 8, one.out
    assert [line for line in told if line not in alone.out.splitlines()] == []
    both = call(capsys, "scale", tmp_path / "in", "-o", tmp_path / "out", *place, *columns).out
    assert "10 rows of the table: 4 computed, 0 refused, 4 left out, 2 blank." in both
    assert "  2 rows: The order is cancelled" in both
    assert "\na.parquet: No column is “Inbound days”" in both
    assert "\n“Paid on” is blank in every row" in both
    assert "\nIn 4 rows the order date" in both


def test_times_with_a_zone_are_counted_once_and_on_beijings_days(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    """Rows of their own and lines of orders that stand in several partitions."""
    moments = pd.to_datetime(["2024-07-31 15:59:59", "2024-07-31 16:00:00"] * 6, utc=True)
    numbers = ["1", "1", "2", "3", "4", "5", "1", "6", "7", "8", "1", "1"]
    frame = pd.DataFrame({"order_id": numbers, "order_date": moments, "paid_cny": 100.0})
    _write(frame, tmp_path / "in/a.parquet", 2)
    _write(frame.astype({"order_date": "str"}), tmp_path / "in/b.parquet", 2)
    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=2)
    days = _rows(tmp_path / "out")["order_date"].to_pylist()
    assert days == [date(2024, 7, 31), date(2024, 8, 1)] * 12
    said = [remark for source in done.forms for remark in done.remarks(source)]
    assert [item.fields["count"] for item in said if item.code == "beijing_day"] == [6, 6]


def test_files_of_several_forms_are_each_read_in_their_own(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    """An order whose lines stand in a file with the day first and in one with the month first,
    in one in kilograms and in one in grams."""
    first = pd.DataFrame(
        {"订单号": ["1", "2", "3"], "实付金额": ["1.234", "5.5", "7.25"],
         "实重": [0.1, 0.2, 0.3], "下单时间": ["05/08/2024", "05/08/2024", "13/08/2024"]}
    )  # fmt: skip
    second = pd.DataFrame(
        {"order_id": ["1", "2", "4"], "paid_cny": ["3", "4", "1.234"], "weight_g": [50] * 3,
         "order_date": ["08/05/2024", "08/05/2024", "08/13/2024"], "qty": [2, 1, 1]}
    )  # fmt: skip
    _write(first, tmp_path / "in/a.parquet", 3)
    _write(second, tmp_path / "in/b.parquet", 3)
    _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=3)
    rows = {(row["source"], row["row"]): row for row in _rows(tmp_path / "out").to_pylist()}
    days = {key: row["order_date"] for key, row in rows.items()}
    assert days["a.parquet", 2] == days["b.parquet", 2] == date(2024, 8, 5)
    assert rows["a.parquet", 2]["paid_cny"] == Decimal("1.23")
    assert "“1.234” can be read in two ways" in rows["b.parquet", 4]["reason"]
    assert rows["a.parquet", 2]["weight_g"] is None  # kilograms, it seems
    assert [rows["b.parquet", row]["weight_g"] for row in (2, 3)] == [50, 50]
    assert rows["b.parquet", 2]["qty"] == 2
    assert rows["a.parquet", 2]["qty"] == 1


@pytest.mark.parametrize("above", ["units", "titles"])
def test_what_stands_above_the_orders_is_looked_for_as_in_every_file(
    tmp_path: Path, cluster: LocalCluster, above: str
) -> None:
    orders = {
        "订单号": [str(8_190_000_000_000_001 + at) for at in range(30)],
        "订单实付金额": [f"{90 + at}.50" for at in range(30)],
        "实重": ["0.080"] * 30,
        "物流费(系统报价)": ["22.6"] * 29 + ["abc"],
    }
    frame = pd.DataFrame(orders)
    if above == "units":
        frame.loc[-1] = [None, "元", "kg", "元"]
        frame = frame.sort_index()
    else:
        frame.loc[-1] = list(orders)
        frame = frame.sort_index().set_axis(
            ["八月订单", *map("Unnamed: {}".format, range(3))], axis=1
        )
    _write(frame, tmp_path / "in/a.parquet", 10)
    results = TERMS.compute(read_grid(tmp_path / "in/a.parquet"))
    assert results.table.n == 30
    assert results.refused.sum() == 1
    done = _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=7)
    assert done.partitions > 3
    _same_totals(done, results)
    assert _rows(tmp_path / "out")["row"].to_pylist() == list(range(3, 33))


def test_the_command_computes_on_this_machine(capsys: CAPSYS, tmp_path: Path) -> None:
    _write(_orders(2_000), tmp_path / "in/a.parquet", 500)
    done = call(
        capsys, "scale", tmp_path / "in", "-o", tmp_path / "out",
        "--workers", "1", "--totals-only", "--lang", "zh",
    )  # fmt: skip
    assert done.code == 1, done.err
    assert done.err == ""
    assert "行有问题" in done.out
    assert "西班牙" in done.out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["_summary.csv"]
    text = (tmp_path / "out/_summary.csv").read_text(encoding="utf-8")
    assert text.startswith('"by","group","orders","lines","incomplete","paid_cny",')
    totals = pd.read_csv(tmp_path / "out/_summary.csv")
    assert totals["by"].unique().tolist() == ["all", "month", "country"]


def test_what_can_not_be_done_is_said(capsys: CAPSYS, tmp_path: Path) -> None:
    source = tmp_path / "in/a.parquet"
    _write(_orders(300), source, 500)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/letter.txt").write_text("mine")
    (tmp_path / "b.csv").write_text("order_id\n1\n")
    for words, said in (
        ([source, "-o", tmp_path / "in"], "holds the input"),
        ([source, "-o", tmp_path / "other"], "something else than an earlier result"),
        ([tmp_path / "b.csv", "-o", tmp_path / "out"], "is not a Parquet file"),
        ([tmp_path / "none.parquet", "-o", tmp_path / "out"], "There is no file"),
        ([source, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9"], "can't be reached"),
        ([source, "-o", tmp_path / "out", "--scheduler", "nowhere"], "can't be reached"),
        ([source, "-o", "out", "--scheduler", "tcp://127.0.0.1:9", "--workers", "2"], "Leave one"),
    ):
        done = call(capsys, "scale", *words, "--lang", "en")
        assert (done.code, done.out) == (2, ""), words
        assert said in done.err, words
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv", "in", "other"]


def test_a_file_that_breaks_midway_leaves_the_old_result(
    tmp_path: Path, cluster: LocalCluster
) -> None:
    source = tmp_path / "in/a.parquet"
    _write(_orders(3_000), source, 500)
    _run(tmp_path / "in", tmp_path / "out", cluster)
    before = _rows(tmp_path / "out")
    damaged = bytearray(source.read_bytes())
    damaged[2_000:40_000] = b"x" * 38_000
    source.write_bytes(damaged)
    with pytest.raises(FileProblem) as problem:
        _run(tmp_path / "in", tmp_path / "out", cluster, most_rows=500)
    assert problem.value.code == "damaged"
    assert _rows(tmp_path / "out").equals(before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_without_dask_the_way_to_get_it_is_named(tmp_path: Path) -> None:
    """A real interpreter in which the package can't be found."""
    _write(_orders(300), tmp_path / "in/a.parquet", 500)
    code = "import sys; sys.modules['distributed'] = None; from sellersheet_addin.cli import main; "
    words = ["scale", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-c", f"{code}main({words!r})"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert 'pip install "sellersheet[scale]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cluster_without_workers_is_said(tmp_path: Path) -> None:
    _write(_orders(300), tmp_path / "in/a.parquet", 500)
    with local_cluster(0) as empty, pytest.raises(ScaleProblem) as problem:
        _run(tmp_path / "in", tmp_path / "out", empty)
    assert problem.value.code == "no_workers"
