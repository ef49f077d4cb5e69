"""Headers of results: names in the language for people, keys that never change for programs."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sellersheet.columns import OUTPUT
from sellersheet.wording import LANGS
from sellersheet_addin.cli import main
from sellersheet_workbook.batch import dataset
from sellersheet_workbook.files.writing import bears_keys
from sellersheet_workbook.problems import FileProblem

ORDERS = """订单号,下单日期,实付金额,物流费(系统报价),采购成本,佣金,联盟佣金
A1,2025-03-01,100,22.60,40,8%,3
A2,2025-03-01,x,22.60,40,,
"""
BILL = "订单号,基础服务费,操作费,物流费\nA1,3.5,5.2,25.6\n"
KEYS = [item.key for item in OUTPUT]
OWN = ["订单号", "下单日期", "实付金额", "物流费(系统报价)", "采购成本", "佣金", "联盟佣金"]
FOUND = ["order_id", "part", "due", "charged", "difference", "cause", "why", "action", "claim"]
FOUND += ["order_row", "bill_row"]


class Runs:
    """The command in a folder with orders and a bill."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
        (folder / "bill.csv").write_text(BILL, encoding="utf-8")

    def __call__(self, *words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as done:
            main([str(self.folder / word) if "." in word[1:] else word for word in words])
        told = self.capsys.readouterr()
        assert isinstance(done.value.code, int)
        return done.value.code, told.out + told.err

    def header(self, name: str) -> list[str]:
        path = self.folder / name
        if path.suffix == ".parquet":
            return list(pq.read_schema(path).names)
        separator = "\t" if path.suffix == ".tsv" else ","
        line = path.read_text(encoding="utf-8").splitlines()[0]  # a mark would stay in it
        return [text.strip('"') for text in line.split(separator)]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runs:
    return Runs(tmp_path, capsys)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.parquet"])
def test_keys_are_the_same_in_every_language(run: Runs, lang: str, name: str) -> None:
    run("batch", "orders.csv", "-o", name, "--headers", "key", "--lang", lang)
    assert run.header(name) == OWN + KEYS
    refused = next(run.folder.glob("out-*.csv"))
    assert run.header(refused.name) == ["row", "column", "value", "message", *OWN]
    run("reconcile", "orders.csv", "bill.csv", "-o", name, "--headers", "key", "--lang", lang)
    assert run.header(name) == FOUND


@pytest.mark.parametrize("more", [(), ("--headers", "title")])
@pytest.mark.parametrize("lang", LANGS)
def test_titles_are_those_of_the_language(run: Runs, lang: Any, more: tuple[str, ...]) -> None:
    run("batch", "orders.csv", "-o", "out.csv", "--lang", lang, *more)
    assert run.header("out.csv") == ['\ufeff"订单号', *OWN[1:], *(o.title(lang) for o in OUTPUT)]
    run("reconcile", "orders.csv", "bill.csv", "-o", "out.csv", "--lang", lang, *more)
    titles = {"zh": ["项目", "应收", "实收"], "en": ["Part", "Due", "Charged"]}
    assert run.header("out.csv")[1:4] == titles[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_parquet_has_keys_without_being_asked(run: Runs, lang: str) -> None:
    run("batch", "orders.csv", "-o", "out.parquet", "--lang", lang)
    assert run.header("out.parquet") == OWN + KEYS
    run("reconcile", "orders.csv", "bill.csv", "-o", "out.parquet", "--lang", lang)
    assert run.header("out.parquet") == FOUND


def test_the_amounts_are_the_same_under_either(run: Runs) -> None:
    run("batch", "orders.csv", "-o", "key.csv", "--headers", "key", "--lang", "zh")
    run("batch", "orders.csv", "-o", "title.csv", "--lang", "zh")
    by_key, by_title = (pd.read_csv(run.folder / name) for name in ("key.csv", "title.csv"))
    assert by_key["profit_cny"][0] == by_title["毛利"][0] == 17.7
    assert by_key.set_axis(by_title.columns, axis=1).equals(by_title)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("batch", "orders.csv", "-o", "out.xlsx", "--headers", "key"), ".csv、.tsv 或 .parquet"),
        (("batch", "orders.csv", "--headers", "key"), ".csv、.tsv 或 .parquet"),
        (("batch", "orders.csv", "bill.csv", "--headers", "key"), ".csv、.tsv 或 .parquet"),
        (("batch", "orders.csv", "-o", "out.parquet", "--headers", "title"), "Parquet"),
        (("reconcile", "orders.csv", "bill.csv", "--headers", "key"), ".csv、.tsv 或 .parquet"),
        (("batch", "orders.csv", "-o", "out.csv", "--headers", "both"), "title"),
    ],
)
def test_what_can_not_be_had_is_said(run: Runs, words: tuple[str, ...], said: str) -> None:
    code, told = run(*words, "--lang", "zh")
    assert code == 2
    assert said in told
    assert {path.name for path in run.folder.iterdir()} == {"orders.csv", "bill.csv"}


def test_help_tells_of_keys(run: Runs) -> None:
    for command in ("batch", "reconcile"):
        code, told = run(command, "--help", "--lang", "zh")
        assert code == 0
        assert "--headers [key|title]" in told
        assert "total_fee_cny" in told


def test_what_a_kind_of_file_bears() -> None:
    kinds = (".csv", ".tsv", ".parquet", ".xlsx")
    assert [kind for kind in kinds if bears_keys(Path(f"a{kind}"), None)] == [".parquet"]
    assert bears_keys(Path("a.csv"), "key")
    with pytest.raises(FileProblem):
        bears_keys(Path("a.xlsx"), "key")


def test_a_data_set_holds_costs_in_yuan(run: Runs) -> None:
    (run.folder / "in.d").mkdir()
    (run.folder / "in.d/a.csv").write_text(ORDERS, encoding="utf-8")
    run("batch", "in.d", "-o", "out.d", "--dataset", "set.d", "--lang", "zh")
    rows = pd.read_parquet(run.folder / "set.d").sort_values("row")
    assert [str(amount) for amount in rows["commission_cny"]] == ["8.00", "None"]
    assert str(rows["affiliate_cny"].iloc[0]) == "3.00"
    assert str(rows["profit_cny"].iloc[0]) == "17.70"
    assert dataset.UNKNOWN_MONTH not in set(rows["month"])
