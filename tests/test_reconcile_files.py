"""The command ``reconcile``: files in, workbook out, and what it says of bad bills."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.rules.difference_causes import Cause
from sellersheet.wording import LANGS, Lang, Wording
from sellersheet_addin.cli import main
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.reconcile.bill_table import BillProblem

ORDER: dict[str, Any] = {
    "订单号": "A1",
    "下单日期": "2024-09-05",
    "订单实付金额": 100,
    "物流费(系统报价)": 22.6,
    "件型": "标准件",
    "入仓天数": 1,
    "平台标准箱": "是",
    "退货情形": "",
}
BILL: dict[str, Any] = {
    "订单号": "A1",
    "基础服务费": 3.5,
    "操作费": 5.2,
    "加急费": 0,
    "二次打包费": 0,
    "物流费": 22.6,
    "操作费返还": 0,
    "补贴扣减": 0,
}


def table(path: Path, sheet: str | None = None) -> pd.DataFrame:
    """A sheet under the header of its first row."""
    grid = read_grid(path, sheet=sheet)
    return grid.below(0).frame.set_axis([str(cell) for cell in grid.top[0]], axis=1)


class Files:
    """Two files in a folder, and the command run on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.orders = folder / "orders.csv"
        self.bill = folder / "bill.csv"

    def write(self, orders: list[dict[str, Any]], bill: list[dict[str, Any]]) -> None:
        pd.DataFrame(orders).to_csv(self.orders, index=False, encoding="utf-8-sig")
        pd.DataFrame(bill).to_csv(self.bill, index=False, encoding="utf-8-sig")

    def run(self, *more: str, lang: str = "zh") -> tuple[int, str]:
        given = ["reconcile", str(self.orders), str(self.bill), "--as-of", "2024-10-01"]
        with pytest.raises(SystemExit) as done:
            main([*given, "--lang", lang, *more])
        told = self.capsys.readouterr()
        code = done.value.code
        assert isinstance(code, int)
        return code, told.out + told.err

    def differences(self, *more: str) -> pd.DataFrame:
        target = self.folder / "out.parquet"
        self.run("-o", str(target), *more)
        return pd.read_parquet(target)


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capsys)


def test_all_agree(files: Files) -> None:
    files.write([ORDER, {**ORDER, "订单号": "A2"}], [BILL, {**BILL, "订单号": "A2"}])
    code, told = files.run()
    assert code == 0, told
    assert "全部一致" in told
    book = files.folder / "bill-核对.xlsx"
    assert openpyxl.load_workbook(book).sheetnames == ["汇总", "申诉清单", "说明"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook(files: Files, lang: Lang) -> None:
    orders = [{**ORDER, "订单号": f"A{at}"} for at in range(5)]
    bill = [
        {**BILL, "订单号": "A0", "加急费": 3, "备注": "=1+1"},
        {**BILL, "订单号": "A1", "二次打包费": 1.5},
        {**BILL, "订单号": "A2", "操作费": 0},
        {**BILL, "订单号": "A3", "操作费": "待定"},
        {**BILL, "订单号": "Z9"},
    ]
    files.write(orders, bill)
    target = files.folder / "out.xlsx"
    code, told = files.run("-o", str(target), lang=lang)
    assert code == 1, told
    names = {
        "zh": ["汇总", "差异", "申诉清单", "未对上", "问题行", "说明"],
        "en": ["Summary", "Differences", "Claims", "Not compared", "Refused rows", "About"],
    }[lang]
    assert openpyxl.load_workbook(target).sheetnames == names
    book = openpyxl.load_workbook(target)
    found = table(target, names[1])
    assert found.iloc[:, 0].tolist() == ["A0", "A1", "A2"]
    assert found["备注"].tolist()[0] == "=1+1"
    claims = [row for row in book[names[2]].iter_rows(values_only=True) if row[1] in ("A0", "A1")]
    assert [row[5] for row in claims] == [3, 1.5]
    assert "入仓时间为 T+1" in str(claims[0][6])
    totals = [row[5] for row in book[names[2]].iter_rows(values_only=True) if row[0] == "合计"]
    assert totals == [4.5]
    missing = table(target, names[3])
    assert set(missing.iloc[:, 0]) == {"Z9", "A3", "A4"}
    assert "待定" in str(table(target, names[4]).iloc[0].tolist())
    assert len(book[names[0]]._charts) == 2


def test_a_table_of_differences(files: Files) -> None:
    files.write([ORDER], [{**BILL, "服务费备注": "x", "基础服务费": 5}])
    found = files.differences().iloc[0]
    assert found["part"] == "基础服务费"
    assert (found["due"], found["charged"], found["difference"]) == (3.5, 5.0, 1.5)
    assert "5.00%" in found["why"]
    assert "3.50%" in found["why"]
    assert found["claim"] == "是"
    target = files.folder / "out.csv"
    files.run("-o", str(target))
    assert table(target)["可能的原因"].tolist() == ["服务费率偏高"]


@pytest.mark.parametrize(
    ("days", "cause", "claimed"),
    [
        (0, "未延迟入仓却收加急费", True),
        (1, "未延迟入仓却收加急费", True),
        (2, "T+2、T+3 入仓收加急费（规则未定）", False),
        (3, "T+2、T+3 入仓收加急费（规则未定）", False),
        ("", "收了加急费，订单表未写入仓天数", False),
    ],
)
def test_the_open_days_are_not_claimed(
    files: Files, days: object, cause: str, claimed: bool
) -> None:
    files.write([{**ORDER, "入仓天数": days}], [{**BILL, "加急费": 3}])
    found = files.differences()
    assert found["cause"].tolist() == [cause]
    assert found["claim"].tolist() == ["是" if claimed else "否"]


def test_what_the_orders_do_not_tell_is_not_claimed(files: Files) -> None:
    told = {key: ORDER[key] for key in ("订单号", "下单日期", "订单实付金额", "物流费(系统报价)")}
    files.write([told], [{**BILL, "操作费": 8, "加急费": 3, "二次打包费": 1.5, "补贴扣减": 0.8}])
    found = files.differences()
    assert len(found) == 4
    assert found["claim"].tolist() == ["否"] * 4
    assert all("未写" in cause for cause in found["cause"])


def test_freight_of_quote_and_card(files: Files) -> None:
    parcel = {"目的国": "ES", "实重(克)": 80}
    quoted = {**ORDER, **parcel, "物流费(系统报价)": 20}
    files.write([quoted], [{**BILL, "物流费": 22.6}])
    assert files.differences()["cause"].tolist() == ["物流费高于报价"]
    # In one sum the freight of the rate card is a known amount.
    files.write([quoted], [{"订单号": "A1", "费用合计": 31.3}])
    found = files.differences()
    assert found["cause"].tolist() == ["物流费高于报价"]
    assert found["difference"].tolist() == [2.6]
    files.write([{**quoted, "物流费(系统报价)": ""}], [{**BILL, "物流费": 25}])
    found = files.differences()
    assert found["cause"].tolist() == ["物流费高于费率表"]
    assert found["claim"].tolist() == ["否"]
    files.write([{**ORDER, "物流费(系统报价)": ""}], [BILL])
    code, told = files.run()
    assert code == 1
    assert "未能完整核对 1 单" in told


def test_other_headers(files: Files) -> None:
    files.write([ORDER], [{"单号": "A1", "甲": 3.5, "乙": 5.2, "丙": 25.6}])
    code, told = files.run()
    assert code == 2
    assert "没有订单号列" in told
    assert "单号 | 甲 | 乙 | 丙" in told
    code, told = files.run("--column", "单号=order_id")
    assert code == 2
    assert "没有找到费用金额" in told
    assert "单号 | 甲 | 乙 | 丙" in told
    named = ("--column", "单号=order_id", "--column", "甲=service", "--column", "乙=operation")
    code, told = files.run(*named, "--column", "丙=freight")
    assert code == 1
    assert "加急费、二次打包费、补贴扣减，这些项目没有核对" in told
    assert "物流费高于报价" in told
    code, told = files.run("--column", "不存在=fee")
    assert code == 2
    assert "要改名的表头“不存在”不在文件中" in told
    code, told = files.run("--column", "甲=nonsense")
    assert code == 2
    assert "nonsense" in told


def test_a_header_that_is_named_replaces_the_one_understood(files: Files) -> None:
    files.write([ORDER], [{**BILL, "应收物流": 22.6, "物流费": 99}])
    assert files.run("--column", "应收物流=freight")[0] == 0
    code, told = files.run("--column", "物流费=ignore", "--column", "应收物流=ignore")
    assert code == 0
    assert "账单里没有物流费，这些项目没有核对" in told


def test_charge_types(files: Files) -> None:
    rows = [("基础服务费", 3.5), ("操作费", 5.2), ("物流费", 22.6), ("仓内加急", 3), ("佣金", 8)]
    bill = [{"订单号": "A1", "费用类型": word, "金额": amount} for word, amount in rows]
    files.write(
        [ORDER, {**ORDER, "订单号": "A2"}], [*bill, *({**row, "订单号": "A2"} for row in bill[:3])]
    )
    code, told = files.run()
    assert code == 1
    assert "不认识的费用类型：仓内加急" in told
    assert "其他费用 ¥8.00" in told
    assert files.differences("--charge", "仓内加急=rush")["cause"].tolist() == [
        "未延迟入仓却收加急费"
    ]
    code, told = files.run("--charge", "仓内加急=x")
    assert code == 2
    assert "不是费用项目" in told


def test_charge_types_with_the_modes_name(files: Files) -> None:
    rows = [("半托管基础服务费", 3.5), ("半托管仓内操作费", 5.2), ("半托管国际运费", 22.6)]
    bill = [{"订单号": "A1", "费用类型": word, "金额": amount} for word, amount in rows]
    files.write([ORDER], bill)
    assert files.run()[0] == 0
    files.write([ORDER], [{f"半托管{name}".replace("半托管订", "订"): BILL[name] for name in BILL}])
    assert files.run()[0] == 0


def test_charge_types_of_which_none_is_known(files: Files) -> None:
    rows = [("甲站物流费", 3.5), ("乙杂费", 5.2)]
    files.write([ORDER], [{"订单号": "A1", "费用类型": word, "金额": n} for word, n in rows])
    code, told = files.run()
    assert code == 2
    assert "2 行全部无法识别" in told
    assert "甲站物流费、乙杂费。请用 --charge" in told
    assert "--charge 甲站物流费=freight" in told
    files.write([ORDER], [{"订单号": "A1", "费用类型": word, "金额": n} for word, n in rows[1:]])
    assert "--charge 乙杂费=other" in files.run()[1]


def test_lines_above_the_header_and_totals_below(files: Files) -> None:
    rows = [["速卖通半托管账单", *[""] * 7], list(BILL), list(BILL.values())]
    rows.append(["合计", 3.5, 5.2, 0, 0, 22.6, 0, 0])
    files.write([ORDER], [BILL])
    pd.DataFrame(rows).to_csv(files.bill, index=False, header=False)
    code, told = files.run()
    assert code == 0, told


def test_currencies(files: Files) -> None:
    dollars = {"订单号": "A1", "费用合计": "US $5.00"}
    files.write([ORDER], [dollars])
    code, told = files.run()
    assert code == 2
    assert "USD" in told
    assert "--fx" in told
    files.write([ORDER], [{"订单号": "A1", "费用合计": 31.3 / 6.26, "币种": "USD"}])
    assert files.run("--fx", "USD=6.26")[0] == 0
    files.write(
        [ORDER, {**ORDER, "订单号": "A2"}],
        [
            {"订单号": "A1", "费用合计": 5, "币种": "USD"},
            {"订单号": "A2", "费用合计": 31.3, "币种": "元"},
        ],
    )
    code, told = files.run()
    assert code == 1
    assert "账单有 1 行无法识别" in told


def test_an_empty_bill(files: Files) -> None:
    files.write([ORDER], [])
    files.bill.write_text(",".join(BILL) + "\n", encoding="utf-8")
    code, told = files.run()
    assert code == 2
    assert "表头" in told
    files.bill.write_text(",".join(BILL) + "\n合计,1,2,3,4,5,6,7\n", encoding="utf-8")
    code, told = files.run()
    assert code == 2
    assert "没有可核对的订单" in told


def test_nothing_matches(files: Files) -> None:
    files.write([{**ORDER, "店铺": "甲"}], [{**BILL, "店铺": "乙"}])
    code, told = files.run()
    assert code == 1
    assert "没有一单对得上" in told
    assert files.run("--column", "店铺=ignore")[0] == 0


@pytest.mark.parametrize("wrong", ["x", "-1", "1000", "nan"])
def test_a_tolerance_that_is_none(files: Files, wrong: str) -> None:
    files.write([ORDER], [BILL])
    code, told = files.run(f"--tolerance={wrong}")
    assert code == 2
    assert "允许误差" in told


def test_the_inputs_are_never_written_over(files: Files) -> None:
    files.write([ORDER], [BILL])
    code, told = files.run("-o", str(files.bill))
    assert code == 2
    assert "输入文件" in told
    assert files.run("-o", str(files.folder / "x.doc"))[0] == 2


def test_every_cause_has_its_sentences() -> None:
    said = Wording("sellersheet_workbook.reconcile", "causes.toml").messages
    codes = {cause.name.lower() for cause in Cause}
    assert {code for code in said if not code.endswith(("_why", "_do", "_claim"))} == codes
    for code in codes:
        assert {f"{code}_why", f"{code}_do"} <= set(said)
    for name in ("causes", "words", "sheets", "problems"):
        for code, text in Wording(
            "sellersheet_workbook.reconcile", f"{name}.toml"
        ).messages.items():
            assert {key.removesuffix("_sheet") for key in text} == set(LANGS), code
    assert BillProblem.wording.messages.keys() >= {"no_order", "no_amounts", "no_rows"}
