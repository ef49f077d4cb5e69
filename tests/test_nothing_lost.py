"""Killed, run twice at once, or on a full disk: nothing is lost, doubled or half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir, suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from sellersheet_workbook.batch.journal import NAME
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.locks import held
from sellersheet_workbook.problems import FileProblem
from tests.at_each_operation import Stopped, at_each, digests, visible
from tests.benchmarks.inputs import typed_orders
from tests.command_line import COMMAND, Called, at_once, call
from tests.grids import read_frame

CAPSYS = pytest.CaptureFixture[str]
HEADER = "订单号,下单日期,目的国,订单实付金额,物流费(系统报价),入仓天数,商品编码"
GOOD = "A{n},2024-0{month}-01,ES,100,22.60,1,x"


def _csv(path: Path, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def _rows(count: int, month: int = 8) -> list[str]:
    return [GOOD.format(n=f"{month}{number}", month=month) for number in range(count)]


def _run(capsys: CAPSYS, *words: str | Path) -> Called:
    return call(capsys, *words, "--lang", "en")


def _run_in(capsys: CAPSYS, folder: Path, *words: str | Path) -> Called:
    """As ``_run``, from that folder."""
    with chdir(folder):
        return _run(capsys, *words)


def _orders(data: Path) -> list[str]:
    table = ds.dataset(data, partitioning="hive").to_table(["order_id"])
    return sorted(table["order_id"].to_pylist())


# ---------------------------------------------------------------------------
# Data sets: every row once


def test_two_runs_at_once_put_every_row_into_a_data_set_once(
    capsys: CAPSYS, tmp_path: Path, quick_python: str
) -> None:
    sources = {}
    for folder in ("one", "two"):
        for number in range(6):
            month = 7 + number % 3
            rows = [f"{folder}{number}-{n},2024-0{month}-01,ES,100,22.60,1,x" for n in range(300)]
            _csv(tmp_path / folder / f"{number}.csv", *rows)
            sources[f"{folder}{number}"] = [row.split(",")[0] for row in rows]
    words = [["batch", folder, "--dataset", "data"] for folder in ("one", "two")]
    first = at_once(quick_python, *words, cwd=tmp_path)
    codes = sorted(one.returncode for one in first)
    assert codes in ([0, 0], [0, 2]), [one.stderr for one in first]
    for one in first:
        assert (one.returncode == 2) == ("Another run is writing" in one.stderr)
    for again in words:
        done = _run_in(capsys, tmp_path, *again)
        assert done.code == 0, done.err
        assert _orders(tmp_path / "data") == sorted(set(_orders(tmp_path / "data")))
    assert _orders(tmp_path / "data") == sorted(
        name for names in sources.values() for name in names
    )


def test_a_lock_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    code = (
        "import sys, pathlib, time; from sellersheet_workbook.keeping.locks import held\n"
        "p = pathlib.Path(sys.argv[1])\n"
        "with held(p, p): print('held', flush=True); time.sleep(600)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, lock], stdout=subprocess.PIPE)
    assert other.stdout
    assert other.stdout.readline().strip() == b"held"
    with pytest.raises(FileProblem) as problem, held(lock, tmp_path):
        pass
    assert problem.value.code == "in_use"
    other.kill()
    other.communicate()
    with held(lock, tmp_path), held(lock, tmp_path):
        assert lock.exists()
    assert not lock.exists()


def test_a_missing_record_is_refused(capsys: CAPSYS, tmp_path: Path) -> None:
    _csv(tmp_path / "in/a.csv", *_rows(2))
    assert _run(capsys, "batch", tmp_path / "in", "--dataset", tmp_path / "data").code == 0
    (tmp_path / "data/_parts.json").unlink()
    before = digests(tmp_path / "data")
    done = _run(capsys, "batch", tmp_path / "in", "--dataset", tmp_path / "data")
    assert done.code == 2
    assert "has rows but no record" in done.err
    assert digests(tmp_path / "data") == before


def test_a_source_that_moved_and_changed_is_asked_about(capsys: CAPSYS, tmp_path: Path) -> None:
    source, data = tmp_path / "in", tmp_path / "data"
    _csv(source / "a.csv", *_rows(2))
    words = ("batch", source, "--dataset", data)
    assert _run(capsys, *words).code == 0
    (source / "a.csv").unlink()
    _csv(source / "b.csv", *_rows(3))
    asked = _run(capsys, *words)
    assert asked.code == 1
    assert "moved and edited" in asked.out
    assert _orders(data) == ["A80", "A81"]
    dropped = _run(capsys, *words, "--gone", "drop")
    assert dropped.code == 0, dropped.out
    assert _orders(data) == ["A80", "A81", "A82"]
    # A file that was put away and whose rows stay.
    (source / "b.csv").unlink()
    _csv(source / "c.csv", *_rows(1, month=9))
    assert _run(capsys, *words, "--gone", "keep").code == 0
    assert _orders(data) == ["A80", "A81", "A82", "A90"]
    again = _run(capsys, *words)
    assert again.code == 0, again.out


def test_deleted_and_changed_sources_are_told(capsys: CAPSYS, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in "ab":
        _csv(tmp_path / f"{name}/{name}.csv", *_rows(2, month=8 if name == "a" else 9))
        assert _run(capsys, "batch", tmp_path / name, "--dataset", data).code == 0
    _csv(tmp_path / "a/a.csv", *_rows(3))
    told = _run(capsys, "batch", tmp_path / "b", "--dataset", data)
    assert told.code == 1
    assert "have changed since" in told.out
    assert f"  {tmp_path / 'a/a.csv'}" in told.out.splitlines()
    (tmp_path / "a/a.csv").unlink()
    told = _run(capsys, "batch", tmp_path / "b", "--dataset", data)
    assert told.code == 1
    assert "no longer there" in told.out
    assert "--gone keep" in told.out
    wrong = _run(capsys, "batch", tmp_path / "b", "--dataset", data, "--gone", "lose")
    assert wrong.code == 2
    assert "keep / drop" in wrong.err
    assert "goes with --dataset" in _run(capsys, "batch", tmp_path / "b", "--gone", "keep").err


def test_other_settings_reach_the_rows_whatever_the_folder(capsys: CAPSYS, tmp_path: Path) -> None:
    """The results of one folder are up to date, those of the data set are of another run."""
    source, data = tmp_path / "in", tmp_path / "data"
    _csv(source / "a.csv", "A1,2024-08-01,ES,$100,22.60,1,x")
    words = ("batch", source, "--dataset", data)
    assert _run(capsys, *words, "-o", tmp_path / "one", "--fx", "USD=7").code == 0
    assert _run(capsys, *words, "-o", tmp_path / "two", "--fx", "USD=7.2").code == 0
    assert _run(capsys, *words, "-o", tmp_path / "one", "--fx", "USD=7").code == 0
    table = ds.dataset(data, partitioning="hive").to_table(["paid_cny"])
    assert [str(cell) for cell in table["paid_cny"].to_pylist()] == ["700.00"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_data_set_is_whole_or_told_whenever_the_run_is_killed(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    """A source whose rows move from two months to two others."""
    work = tmp_path / "work"
    source = _csv(work / "in/a.csv", *_rows(2, 7), *_rows(2, 8))
    _csv(work / "in/b.csv", *_rows(2, 9))
    assert _run_in(capsys, work, "batch", "in", "--dataset", "data").code == 0
    old = _orders(work / "data")
    _csv(source, *_rows(3, 8), *_rows(3, 7)[:1], "Z,2024-10-01,ES,100,22.60,1,x")
    found = at_each(work, ["batch", "in", "--dataset", "data", "--lang", "en"], "kill")
    new = {name: digest for name, digest in found[-1].then.items() if "month=" in name}
    was = {name: digest for name, digest in found[0].then.items() if "month=" in name}
    assert was != new
    assert len(old) == 6
    half = 0
    for stopped in found:
        rows = {name: digest for name, digest in visible(stopped.then).items() if "month=" in name}
        if "data/_unfinished.json" not in stopped.then:
            assert rows in (was, new), stopped.operation
        else:
            half += 1
            # Old and new months of one source never stand side by side.
            assert not (rows.items() - new.items() and rows.items() - was.items())
        again = {name: digest for name, digest in stopped.again.items() if "month=" in name}
        assert visible(again) == new, stopped.operation
        assert stopped.again_code == 0
        assert "data/_unfinished.json" not in stopped.again
    assert half >= 3


def test_a_killed_run_leaves_no_half_file_and_goes_on(capsys: CAPSYS, tmp_path: Path) -> None:
    source, data = tmp_path / "in", tmp_path / "data"
    source.mkdir()
    for name in "abcdef":
        write_frame(typed_orders(3_000, ord(name)), source / f"{name}.parquet")
    words = ["batch", source, "--dataset", data]
    running = subprocess.Popen([*COMMAND, *words, "--lang", "en"], stdout=subprocess.DEVNULL)
    journal = source / "results" / NAME
    while not journal.exists() and running.poll() is None:
        time.sleep(0.01)
    running.kill()
    running.wait()
    for path in (source / "results").glob("[!.]*.xlsx"):
        read_frame(path)
    for path in data.rglob("[!.]*.parquet"):
        pq.read_metadata(path)
    left = len(json.loads(journal.read_text(encoding="utf-8"))["files"])
    assert 1 <= left < 6
    done = _run(capsys, "batch", source, "--dataset", data)
    assert f"6 files: {6 - left} computed now, {left} done before" in done.out
    files = [*data.rglob("[!.]*.parquet")]
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    fresh = tmp_path / "fresh"
    shutil.rmtree(source / "results")
    _run(capsys, "batch", source, "--dataset", fresh)
    whole = ds.dataset(fresh, partitioning="hive").to_table(["total_fee_cny"])
    assert rows == whole.num_rows


# ---------------------------------------------------------------------------
# Scale: results are no orders, one writer, no moment without a result


def _parquet(path: Path, rows: int) -> Path:
    frame = typed_orders(rows)
    frame["order_date"] = frame["order_date"].astype("datetime64[ms]")
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=500)
    return path


def _counted(out: Path) -> int:
    parts = [*out.rglob("[!._]*.parquet")]
    return sum(pq.read_metadata(path).num_rows for path in parts)


@pytest.mark.usefixtures("forked_workers")
def test_results_are_no_orders_to_scale(capsys: CAPSYS, tmp_path: Path) -> None:
    _parquet(tmp_path / "a.parquet", 1_000)
    for out in ("res", "res2"):
        done = _run_in(capsys, tmp_path, "scale", ".", "-o", out, "--workers", "1")
        assert done.code == 1, done.err  # some orders of the sample are refused
    assert _counted(tmp_path / "res2") == _counted(tmp_path / "res") > 900
    nothing = _run_in(capsys, tmp_path, "scale", "res", "-o", "res4")
    assert nothing.code == 2
    assert "has no files of orders" in nothing.err


@pytest.mark.usefixtures("forked_workers")
def test_what_stands_in_a_result_of_scale_is_not_swept_away(capsys: CAPSYS, tmp_path: Path) -> None:
    source = _parquet(tmp_path / "a.parquet", 300)
    out = tmp_path / "out"
    words = ("scale", source, "-o", out, "--workers", "1", "--totals-only")
    assert _run(capsys, *words).code == 1
    (out / "notes.txt").write_text("mine")
    refused = _run(capsys, *words)
    assert refused.code == 2
    assert "notes.txt" in refused.err
    assert (out / "notes.txt").read_text() == "mine"
    (out / "notes.txt").unlink()
    (out / "_summary.csv").write_text("mine too")
    assert _run(capsys, *words).code == 2
    assert (out / "_summary.csv").read_text() == "mine too"


def test_two_runs_of_scale_at_once_leave_a_whole_result(tmp_path: Path, quick_python: str) -> None:
    _parquet(tmp_path / "a.parquet", 3_000)
    words = ["scale", "a.parquet", "-o", "out", "--workers", "1"]
    done = at_once(quick_python, words, words, cwd=tmp_path)
    assert sorted(one.returncode for one in done) in ([1, 2], [1, 1]), [d.stderr for d in done]
    assert _counted(tmp_path / "out") > 2_700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "out"]


_KILLED_IN_PLACE = """
import os, sys, signal, pathlib
from sellersheet_workbook.scale import run as scale_run
if sys.argv[2] == "no":
    scale_run._exchanged = lambda one, other: False
for at in range(40):
    root, seen = pathlib.Path(sys.argv[1], str(at)), 0
    for name in ("new", "out"):
        (root / name / "month=1").mkdir(parents=True)
        (root / name / "month=1/a.parquet").write_text(name)
    def hook(event, given):
        global seen
        if event in ("os.rename", "os.remove", "os.rmdir", "shutil.rmtree"):
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1
    child = os.fork()
    if not child:
        sys.addaudithook(hook)
        scale_run.take_place(root / "new", root / "out")
        os._exit(0)
    if not os.waitpid(child, 0)[1]:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("exchange", ["yes", "no"])
def test_a_result_is_never_gone_while_another_takes_its_place(
    tmp_path: Path, exchange: str
) -> None:
    """Killed at one operation after another, each in a folder of its own; the last went through."""
    from sellersheet_workbook.scale.run import bring_back

    subprocess.run([sys.executable, "-c", _KILLED_IN_PLACE, tmp_path, exchange], check=True)
    stopped = len(list(tmp_path.iterdir()))
    assert 4 <= stopped < 40
    for at in range(stopped):
        root = tmp_path / str(at)
        if exchange == "yes":
            assert (root / "out/month=1/a.parquet").read_text() in ("new", "out")
        bring_back(root / "out")
        assert (root / "out/month=1/a.parquet").read_text() in ("new", "out")
    assert (root / "out/month=1/a.parquet").read_text() == "new"


@pytest.fixture(scope="module")
def many_orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _parquet(tmp_path_factory.mktemp("many") / "a.parquet", 400_000)


def _workers_start(running: subprocess.Popen[str], folder: Path) -> bool:
    children: list[str] = []
    for thread in Path(f"/proc/{running.pid}/task").glob("*/children"):
        with suppress(OSError):  # it has ended
            children += thread.read_text(encoding="utf-8").split()
    return len(children) > 1  # one tracks their resources


def _rows_are_written(running: subprocess.Popen[str], folder: Path) -> bool:
    return any(path.name != "a.parquet" for path in folder.rglob("*.parquet"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes as Linux has them")
@pytest.mark.parametrize("while_", [_workers_start, _rows_are_written])
def test_ctrl_c_ends_scale_at_once_and_in_one_sentence(
    tmp_path: Path, many_orders: Path, while_: Callable[[subprocess.Popen[str], Path], bool]
) -> None:
    shutil.copy(many_orders, tmp_path)
    running = subprocess.Popen(
        [*COMMAND, "scale", "a.parquet", "-o", "out", "--workers", "2", "--lang", "en"],
        cwd=tmp_path, start_new_session=True,
        # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    give_up = time.monotonic() + 60
    while not while_(running, tmp_path):
        assert time.monotonic() < give_up
        assert running.poll() is None
        time.sleep(0.02)
    began = time.monotonic()
    os.killpg(running.pid, 2)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.startswith("Stopped.")
    assert len(err.splitlines()) == 1
    assert time.monotonic() - began < 9  # 0.4 where nothing else runs
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


# ---------------------------------------------------------------------------
# The user's own files


def test_no_command_writes_onto_what_it_was_given(capsys: CAPSYS, tmp_path: Path) -> None:
    orders = _csv(tmp_path / "orders.csv", *_rows(2))
    rates = tmp_path / "rates.csv"
    rates.write_text(
        "country,line,min_g,max_g,base,start,divisor\nES,,0,1000,20,2024-07-01,none\n",
        encoding="utf-8",
    )
    costs = tmp_path / "costs.csv"
    costs.write_text("sku,start,cost_cny\nx,2024-07-01,3\n", encoding="utf-8")
    fx = tmp_path / "fx.csv"
    fx.write_text("currency,start,rate\nUSD,2024-07-01,7.1\n", encoding="utf-8")
    bill = tmp_path / "bill.csv"
    bill.write_text("订单号,基础服务费\nA80,3.50\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(rates)
    os.link(costs, tmp_path / "other name.csv")
    before = digests(tmp_path)
    for words in (
        ("batch", orders, "-o", orders),
        ("batch", orders, "-o", costs, "--costs", costs),
        ("batch", orders, "-o", tmp_path / "other name.csv", "--costs", costs),
        ("batch", orders, "-o", fx, "--fx", fx),
        ("import", orders, "-o", orders, "--no-remember"),
        ("import", orders, "-o", fx, "--fx", fx, "--no-remember"),
        ("rates", "import", rates, "-o", rates),
        ("rates", "import", rates, "-o", tmp_path / "link.csv"),
        ("reconcile", orders, bill, "-o", orders),
        ("reconcile", orders, bill, "-o", bill),
    ):
        done = _run(capsys, *words)
        assert done.code == 2, (words, done.out)
        assert "is the input itself" in done.err, (words, done.err)
        assert digests(tmp_path) == before, words


def test_rates_that_are_the_output_too_are_refused(capsys: CAPSYS, tmp_path: Path) -> None:
    orders = _csv(tmp_path / "orders.csv", *_rows(2))
    from sellersheet.cards import shipped_card
    from sellersheet_workbook.rate_import import sound_rows

    rates = tmp_path / "rates.csv"
    write_frame(sound_rows(shipped_card(), "en"), rates, lang="en")
    before = rates.read_bytes()
    bill = tmp_path / "bill.csv"
    bill.write_text("订单号,基础服务费\nA80,3.50\n", encoding="utf-8")
    for words in (("batch", orders), ("reconcile", orders, bill)):
        done = _run(capsys, *words, "--rates", rates, "-o", rates)
        assert done.code == 2
        assert "is the input itself" in done.err
        assert rates.read_bytes() == before


def test_a_corrected_list_of_refused_rows_is_kept(capsys: CAPSYS, tmp_path: Path) -> None:
    orders = _csv(tmp_path / "orders.csv", *_rows(1), "A9,soon,ES,100,22.60,1,x")
    refused = tmp_path / "orders-result-refused.csv"
    assert _run(capsys, "batch", orders).code == 1
    again = _run(capsys, "batch", orders)
    assert "Nothing was lost" not in again.out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "orders-result-refused.csv", "orders-result.xlsx", "orders.csv",
    ]  # fmt: skip
    corrected = refused.read_text(encoding="utf-8-sig").replace("soon", "2024-08-02")
    refused.write_text(corrected, encoding="utf-8")
    done = _run(capsys, "batch", orders)
    kept = tmp_path / "orders-result-refused.kept-1.csv"
    assert str(kept) in done.out
    assert kept.read_text(encoding="utf-8") == corrected
    # Corrected again, and this time there is nothing to refuse.
    refused.write_text(corrected, encoding="utf-8")
    _csv(orders, *_rows(1))
    done = _run(capsys, "batch", orders)
    assert done.code == 0
    assert not refused.exists()
    assert (tmp_path / "orders-result-refused.kept-2.csv").read_text(encoding="utf-8") == corrected
    # What was kept are no orders of a folder.
    assert "1 file:" in _run(capsys, "batch", tmp_path).out


def test_what_sellersheet_did_not_make_is_kept(capsys: CAPSYS, tmp_path: Path) -> None:
    orders = _csv(tmp_path / "orders.csv", *_rows(1))
    bill = tmp_path / "bill.csv"
    bill.write_text("订单号,基础服务费\nA80,3.50\n", encoding="utf-8")
    quote = tmp_path / "quote.csv"
    quote.write_text("国家,重量上限(克),价格(CNY/parcel)\n西班牙,100,22.6\n", encoding="utf-8")
    out = tmp_path / "important.csv"
    for number, words in enumerate((
        ("reconcile", orders, bill, "-o", out),
        ("rates", "import", quote, "-o", out, "--start", "2024-07-01"),
        ("policy", "impact", orders, "2024-08-01", "2024-09-01", "-o", out),
        ("batch", orders, "-o", out),
    ), 1):  # fmt: skip
        out.write_text(f"years of work {number}", encoding="utf-8")
        done = _run(capsys, *words)
        assert done.code < 2, done.err
        kept = tmp_path / f"important.kept-{number}.csv"
        assert kept.read_text(encoding="utf-8") == f"years of work {number}"
        assert kept.name in done.out
        assert "kept-" not in _run(capsys, *words).out
    # Moved to another folder it is still Sellersheet's own.
    (tmp_path / "moved").mkdir()
    moved = out.rename(tmp_path / "moved/important.csv")
    assert "kept-" not in _run(capsys, "batch", orders, "-o", moved).out


def test_each_source_has_a_result_of_its_own(capsys: CAPSYS, tmp_path: Path) -> None:
    for number, name in enumerate(("a.csv", "a.txt", "a-csv.csv", "b/a.csv")):
        _csv(tmp_path / "in" / name, *_rows(number + 1))
    done = _run(capsys, "batch", tmp_path / "in", "-o", tmp_path / "out")
    assert done.code == 0, done.out
    results = {path.relative_to(tmp_path / "out").as_posix() for path in
               (tmp_path / "out").rglob("*.xlsx")}  # fmt: skip
    assert len(results) == 4
    # A file that comes later takes no name that another has.
    first = digests(tmp_path / "out")
    _csv(tmp_path / "in/b/a.txt", *_rows(9))
    assert _run(capsys, "batch", tmp_path / "in", "-o", tmp_path / "out").code == 0
    now = digests(tmp_path / "out")
    for name in results:
        assert now[name] == first[name]
    assert len([name for name in now if name.endswith(".xlsx")]) == 5
    # Another folder whose file has the same name.
    _csv(tmp_path / "next/a-csv.csv", *_rows(7))
    assert _run(capsys, "batch", tmp_path / "next", "-o", tmp_path / "out").code == 0
    then = digests(tmp_path / "out")
    for name in results:
        assert then[name] == first[name]


def test_a_result_that_would_be_a_source_stops_only_that_file(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    _csv(tmp_path / "a.csv", *_rows(1))
    _csv(tmp_path / "b.csv", *_rows(1))
    write_frame(pd.read_csv(tmp_path / "a.csv", dtype=str), tmp_path / "a-result.xlsx")
    before = (tmp_path / "a-result.xlsx").read_bytes()
    names = [tmp_path / name for name in ("a.csv", "b.csv", "a-result.xlsx")]
    done = _run(capsys, "batch", *names, "-o", tmp_path)
    assert done.code == 1
    assert "is the input itself" in done.out
    assert (tmp_path / "a-result.xlsx").read_bytes() == before
    assert (tmp_path / "b-result.xlsx").exists()


# ---------------------------------------------------------------------------
# Killed, full and twice at once, command by command


def _begin(capsys: CAPSYS, work: Path, command: str) -> list[str]:
    """A folder in which the command has something old to replace; the words that do it."""
    _csv(work / "orders.csv", *_rows(2), "B1,soon,ES,1,1,1,x")
    words = {
        "batch": ["batch", "orders.csv", "-o", "r.csv"],
        "reconcile": ["reconcile", "orders.csv", "bill.csv", "-o", "r.csv"],
        "import": ["import", "export.csv", "-o", "all.csv", "--no-remember"],
    }[command]
    (work / "bill.csv").write_text("订单号,基础服务费\nA80,3.50\nA81,9\n", encoding="utf-8")
    export = "订单编号,实付金额\nE1,{}\nE2,4\nE3,soon\n"
    (work / "export.csv").write_text(export.format(3), encoding="utf-8")
    assert _run_in(capsys, work, *words).code == 1
    _csv(work / "orders.csv", *_rows(3), "B1,soon,ES,1,1,1,x", "B2,late,ES,1,1,1,x")
    (work / "bill.csv").write_text("订单号,基础服务费\nA80,3.50\nA81,8\n", encoding="utf-8")
    (work / "export.csv").write_text(export.format(7) + "E4,never\n", encoding="utf-8")
    return words


COMMANDS = ("batch", "reconcile", "import")
GIVEN = ("orders.csv", "bill.csv", "export.csv")


def _made(state: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in visible(state).items() if name not in GIVEN}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.parametrize("command", COMMANDS)
def test_stopped_at_each_operation(capsys: CAPSYS, tmp_path: Path, command: str, how: str) -> None:
    work = tmp_path / "work"
    words = _begin(capsys, work, command)
    old = _made(digests(work))
    given = {name: digest for name, digest in digests(work).items() if name in GIVEN}
    found = at_each(work, [*words, "--lang", "en"], how)
    new = _made(found[-1].then)
    assert new.keys() >= old.keys()
    assert new != old
    assert len(found) >= 4
    for stopped in found:
        _check(stopped, old, new, given, how)


def _check(
    stopped: Stopped, old: dict[str, str], new: dict[str, str], given: dict[str, str], how: str
) -> None:
    told = f"{stopped.operation}: {stopped.code} {stopped.said}"
    assert "Traceback" not in stopped.said, told
    assert stopped.then.items() >= given.items(), told
    made = _made(stopped.then)
    noted = any(name.endswith(".unfinished") for name in stopped.then)
    if noted:
        # In the middle: nothing old beside anything new, and the next run finishes it.
        assert how == "kill", told
        assert not (made.items() - old.items() and made.items() - new.items()), told
    else:
        assert made in (old, new), told
    assert stopped.again_code == 1, told
    assert _made(stopped.again) == new, told
    if how == "full":
        assert stopped.code in ((1, 2) if stopped.operation else (1,)), told
        assert not [name for name in stopped.then if name.endswith((".tmp", ".lock"))], told


# What each of these makes bears the time, so it is not the same twice. The quickest in every run of
# the tests, all of them on demand; a save is stopped at each step in test_patch_saving too.
MAKERS = ["share"]
if os.environ.get("SELLERSHEET_EVERY_OPERATION") == "1":
    MAKERS += ["update", "undo", "new", "rates"]


def _begin_maker(capsys: CAPSYS, work: Path, command: str) -> tuple[list[str], Path]:
    """The words, and the file that is made or changed; an older one stands there."""
    work.mkdir()
    book = work / "book.xlsx"
    frame = pd.DataFrame([row.split(",") for row in _rows(3)], columns=HEADER.split(","))
    write_frame(frame, book)
    quote = work / "quote.csv"
    quote.write_text("国家,重量上限(克),价格(CNY/parcel)\n西班牙,100,22.6\n", encoding="utf-8")
    made = work / {"share": "copy.xlsx", "new": "new.xlsx", "rates": "card.csv"}.get(
        command, "book.xlsx"
    )
    words = {
        "update": ["update", "book.xlsx"],
        "undo": ["undo", "book.xlsx"],
        "share": ["share", "book.xlsx", "-o", made.name],
        "new": ["new", made.name, "--rows", "50"],
        "rates": ["rates", "import", quote.name, "-o", made.name, "--start", "2024-07-01"],
    }[command]
    if command == "undo":
        assert _run_in(capsys, work, "update", "book.xlsx").code == 0
    return [*words, "--lang", "en"], made


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("how", ["kill", "full"])
@pytest.mark.parametrize("command", MAKERS)
def test_a_workbook_is_the_old_or_the_new_one(
    capsys: CAPSYS, tmp_path: Path, command: str, how: str
) -> None:
    """Where it is the new one, the old one stands beside it; what was there is never gone."""
    work = tmp_path / "work"
    words, made = _begin_maker(capsys, work, command)
    old = digests(work)
    found = at_each(work, words, how)
    assert found[-1].code == 0, found[-1].said
    assert len(found) >= 3
    for stopped in found:
        told = f"{stopped.operation}: {stopped.code} {stopped.said}"
        assert "Traceback" not in stopped.said, told
        now = visible(stopped.then)
        assert set(visible(old).values()) <= set(now.values()), told
        if how == "full" and stopped.operation:
            assert (stopped.code, now) == (2, visible(old)), told
            assert stopped.then == old, told  # nothing hidden is left
        assert made.name in stopped.again, told


def test_two_imports_at_once_lose_no_row(tmp_path: Path, quick_python: str) -> None:
    for name in ("x", "y"):
        lines = [f"{name}{number},3" for number in range(2_000)]
        (tmp_path / f"{name}.csv").write_text("订单编号,实付金额\n" + "\n".join(lines) + "\n")
    words = [["import", f"{name}.csv", "-o", "all.csv", "--no-remember"] for name in "xy"]
    done = at_once(quick_python, *words, cwd=tmp_path)
    rows = pd.read_csv(tmp_path / "all.csv")
    taken = [name for name, one in zip("xy", done, strict=True) if one.returncode == 0]
    assert taken
    assert len(rows) == 2_000 * len(taken)


def test_a_note_moves_nothing_out_of_its_folder(capsys: CAPSYS, tmp_path: Path) -> None:
    """Whoever can put a file beside a result must not have others moved by it."""
    from sellersheet_workbook.keeping import together

    orders = _csv(tmp_path / "in/orders.csv", *_rows(1))
    victim = tmp_path / "victim.csv"
    victim.write_text("mine")
    (tmp_path / "in/.evil.tmp").write_text("evil")
    target = tmp_path / "in/r.csv"
    note = together._note_beside(target)
    for name in ("../victim.csv", str(victim)):
        note.write_text(json.dumps({"places": [[".evil.tmp", name]], "gone": [], "spare": []}))
        done = _run(capsys, "batch", orders, "-o", target)
        assert done.code == 2
        assert "is damaged" in done.err
        assert victim.read_text() == "mine"


def test_a_name_too_long_for_the_list_is_found_before_the_work(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    orders = _csv(tmp_path / "o.csv", *_rows(1), "A9,soon,ES,100,22.60,1,x")
    target = tmp_path / ("r" * 245 + ".csv")
    done = _run(capsys, "batch", orders, "-o", target)
    assert done.code == 2
    assert "The name is too long" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["o.csv"]
