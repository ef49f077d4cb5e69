"""Bills in the forms in which platforms and carriers write them."""

from pathlib import Path

import pandas as pd
import pytest

from sellersheet_addin.cli import main

ORDERS = """订单号,下单日期,国家,实付金额,物流费(系统报价),入仓天数
114-0000001-0000001,2025-03-01,ES,100,22.60,1
"""
CARRIER = """云途物流账单
客户名称：测试,账单结算期间：2025-03-01 至 2025-03-31

详细信息：
运单号,客户订单号,创建时间,收货时间,计费重量(kg),件数,运费,挂号费,燃油费,附加费,偏远附加费,总费用
YT1,114-0000001-0000001,2025-03-01,2025-03-02,0.25,1,18.1,2.6,1.9,0,0,{total}
"""
SETTLED = """订单号,下单时间,费用类型,金额,币种,入账时间
114-0000001-0000001,2025-03-01,平台佣金,-8.00,CNY,2025-03-20
114-0000001-0000001,2025-03-01,联盟佣金,-3.00,CNY,2025-03-20
114-0000001-0000001,2025-03-01,物流费,-22.60,CNY,2025-03-20
114-0000001-0000001,2025-03-01,订单收入,100.00,CNY,2025-03-20
114-0000001-0000001,2025-03-01,仓内操作费,-5.00,CNY,2025-03-20
"""
SETTLEMENT = """settlement-id,total-amount,currency,order-id,amount-description,amount,posted-date
11,94.00,USD,,,,
11,,USD,114-0000001-0000001,Principal,30.00,2025-03-02
11,,USD,114-0000001-0000001,Commission,-4.50,2025-03-02
"""


class Checked:
    """The command on two files of texts: what it says, and the differences."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, bill: str, *more: str, orders: str = ORDERS) -> tuple[int, str]:
        paths = [self.folder / "orders.csv", self.folder / "bill.csv"]
        for path, text in zip(paths, (orders, bill), strict=True):
            path.write_text(text, encoding="utf-8")
        out = self.folder / "out.parquet"
        out.unlink(missing_ok=True)
        given = ["reconcile", *map(str, paths), "-o", str(out), "--as-of", "2025-04-01"]
        with pytest.raises(SystemExit) as done:
            main([*given, "--lang", "zh", *more])
        told = self.capsys.readouterr()
        assert isinstance(done.value.code, int)
        return done.value.code, told.out + told.err

    def differences(self) -> list[tuple[str, float, float]]:
        found = pd.read_parquet(self.folder / "out.parquet")
        return list(zip(found["part"], found["due"], found["charged"], strict=True))

    def missing(self, bill: str, *more: str, orders: str = ORDERS) -> pd.DataFrame:
        book = self.folder / "out.xlsx"
        self(bill, *more, "-o", str(book), orders=orders)
        return pd.read_excel(book, sheet_name="未对上", engine="openpyxl", dtype={"订单号": str})


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    return Checked(tmp_path, capsys)


def test_marks_round_order_numbers(check: Checked) -> None:
    orders = ORDERS.replace("114-0000001-0000001", "8190000000000000001")
    bill = '订单号,基础服务费,操作费,物流费\n="8190000000000000001\t",3.50,5.20,22.60\n'
    code, told = check(bill, orders=orders)
    assert (code, check.differences()) == (0, [])
    assert "核对 1 单：应收 ¥31.30，实收 ¥31.30" in told


@pytest.mark.parametrize(
    ("order", "billed", "found"),
    [
        ("8190000000000011", "8190000000000011.0", True),
        ("8190000000000011.0", "8190000000000011", True),
        ("819000", "819000.0", True),
        ("81900", "81900.0", False),  # short ones may be meant
        ("9190000000000012", "9190000000000012.0", False),  # may have been rounded
        ("8190000000000011", "8190000000000011.00", False),
        ("8190000000000011", "8190000000000011.5", False),
        ("A819000", "A819000.0", False),
    ],
)
def test_whole_numbers_of_a_column_with_blanks(
    check: Checked, order: str, billed: str, found: bool
) -> None:
    orders = ORDERS.replace("114-0000001-0000001", order)
    code, told = check(f"订单号,基础服务费,操作费,物流费\n{billed},3.5,5.2,22.6\n", orders=orders)
    assert (code == 0) == found, told
    assert ("全部一致" in told) == found


def test_parts_of_the_freight_add_up_and_their_total_does_not(check: Checked) -> None:
    code, told = check(CARRIER.format(total="22.6"))
    assert (code, check.differences()) == (0, [])
    assert "应收 ¥22.60，实收 ¥22.60" in told
    assert "账单里没有基础服务费、操作费、加急费、二次打包费、操作费返还、补贴扣减" in told
    assert "客户订单号＝订单号" in told
    assert "燃油费＝物流附加费" in told
    assert "表头在第 5 行" in told


def test_a_total_that_is_not_the_sum_of_the_freight_is_told(check: Checked) -> None:
    assert check(CARRIER.format(total="23.6"))[0] == 1
    assert check.differences() == [("合计与各项之差", 0, 1.0)]


def test_a_part_of_the_freight_can_be_named(check: Checked) -> None:
    bill = CARRIER.format(total="22.6").replace("燃油费", "甲").replace("挂号费", "乙")
    assert check(bill)[0] == 1
    assert check.differences()[0][:2] == ("物流费", 22.6)
    more = ("--column", "甲=freight_more", "--column", "乙=freight_more")
    assert check(bill, *more)[0] == 0


def test_a_freight_total_alone_is_no_bill_of_all_fees(check: Checked) -> None:
    code, told = check("订单号,物流费,费用合计\n114-0000001-0000001,22.6,22.6\n")
    assert code == 0
    assert "账单里没有基础服务费、操作费" in told
    code, _ = check("订单号,物流费,费用合计\n114-0000001-0000001,22.6,33.3\n")
    assert code == 1
    assert check.differences() == [("合并费用", 8.7, 10.7)]


def test_one_row_a_fee(check: Checked) -> None:
    code, told = check(SETTLED)
    assert code == 1
    assert check.differences() == [("操作费", 5.2, 5.0)]
    assert "应收 ¥27.80，实收 ¥27.60" in told
    assert "其他费用 ¥11.00，没有核对" in told
    assert "收入 ¥100.00 不是费用" in told
    assert "使用“入账时间”" in told


def test_dollars_ask_for_a_rate_and_a_payment_is_no_fee(check: Checked) -> None:
    code, told = check(SETTLEMENT)
    assert code == 2
    assert "第 3 行“amount”：“30.00 USD”" in told
    assert "--fx USD=" in told
    code, told = check(SETTLEMENT, "--fx", "USD=7.1")
    assert code == 1
    assert "1 行：没有订单号也没有金额的行" in told
    assert "订单表里没有 0 单" in told
    assert "没有可核对的费用" in told
    assert "其他费用 ¥31.95" in told
    assert "收入 ¥213.00" in told
    missing = check.missing(SETTLEMENT, "--fx", "USD=7.1")
    assert missing["情况"].str.contains("没有可核对的费用").tolist() == [True]


def test_the_service_fee_of_a_payment_is_not_the_basic_one(check: Checked) -> None:
    bill = "订单号,服务费（元）,操作费,物流费\n114-0000001-0000001,0.6,5.2,22.6\n"
    code, told = check(bill)
    assert code == 0
    assert "账单里没有基础服务费" in told
    assert "其他费用 ¥0.60" in told
    assert check(bill, "--column", "服务费（元）=service")[0] == 1
    assert check.differences() == [("基础服务费", 3.5, 0.6)]


def test_a_type_beside_columns_of_charges(check: Checked) -> None:
    bill = "订单号,费用类型,操作费,物流费\n114-0000001-0000001,正常单,5.2,25.6\n"
    code, told = check(bill)
    assert code == 1
    assert check.differences() == [("物流费", 22.6, 25.6)]
    assert "“费用类型”列未作费用类型使用" in told
    code, told = check(bill, "--column", "费用类型=part")
    assert code == 2
    assert "--column 表头=amount" in told
    both = "订单号,费用类型,金额,物流费\n114-0000001-0000001,操作费,5.2,25.6\n"
    code, told = check(both)
    assert code == 2
    assert "--column 费用类型=ignore" in told
    assert "--column 物流费=ignore" in told
    assert check(both, "--column", "物流费=ignore")[0] == 0


@pytest.mark.parametrize(("total", "parts"), [("39.3", "佣金"), ("31.3", "")])
def test_a_total_with_and_without_commission(check: Checked, total: str, parts: str) -> None:
    head = "订单号,基础服务费,操作费,加急费,二次打包费,物流费,操作费返还,补贴扣减,佣金,费用合计\n"
    code, told = check(f"{head}114-0000001-0000001,3.5,5.2,0,0,22.6,0,0,8,{total}\n")
    assert (code, check.differences()) == (0, [])
    assert ("“费用合计”按含有“佣金”理解" in told) == bool(parts)
    assert "其他费用 ¥8.00" in told


def test_the_fees_of_an_order_without_freight(check: Checked) -> None:
    orders = ORDERS.replace("22.60", "")
    bill = "订单号,基础服务费,操作费,加急费,物流费\n114-0000001-0000001,3.5,5.2,3,30.1\n"
    code, told = check(bill, orders=orders)
    assert code == 1
    assert check.differences() == [("加急费", 0, 3.0)]
    assert "应收 ¥8.70，实收 ¥11.70，差额 ¥3.00" in told
    missing = check.missing(bill, orders=orders)
    assert missing["金额"].tolist() == [30.1]
    assert "物流费没有核对" in missing["情况"][0]
    # Its freight is charged, so the order stands in the bill: only the fees are missing.
    bill = "订单号,基础服务费,操作费,物流费\n114-0000001-0000001,0,0,30.1\n"
    check(bill, orders=orders)
    assert check.differences() == [("基础服务费", 3.5, 0), ("操作费", 5.2, 0)]
    # What is due of it is not known where it does not stand in the bill at all.
    other = "订单号,基础服务费,操作费,物流费\n9,3.5,5.2,30.1\n"
    missing = check.missing(other, orders=orders)
    amounts = dict(zip(missing["订单号"], missing["金额"], strict=True))
    assert amounts["9"] == 38.8
    assert amounts["114-0000001-0000001"] != amounts["114-0000001-0000001"]


@pytest.mark.parametrize(("quote", "amount"), [("30.00", -7.4), ("20.00", 2.6)])
def test_the_card_instead_of_the_quote_in_one_sum(
    check: Checked, quote: str, amount: float
) -> None:
    orders = "订单号,下单日期,国家,实付金额,物流费(系统报价),实重(克),入仓天数\n"
    orders += f"A1,2025-03-01,ES,100,{quote},80,1\n"
    assert check("订单号,费用合计\nA1,31.30\n", orders=orders)[0] == 1
    ((part, due, charged),) = check.differences()
    assert (part, due, round(charged - due, 2)) == ("物流费", float(quote), amount)


SHOPS = "店铺,订单号,下单日期,实付金额,物流费(系统报价)\n{rows}"
LINE = "{shop},A1,2025-03-01,100,22.60\n"
FEES = "店铺,订单号,基础服务费,操作费,物流费\n{rows}"


@pytest.mark.parametrize(
    ("ours", "theirs", "compared"),
    [
        (["甲", "乙"], ["甲", "乙"], 2),
        (["甲", "乙"], ["甲"], 1),
        (["甲", "乙"], [""], 0),
        (["甲", "乙"], ["甲", ""], 0),  # the nameless row may be the other shop's
        (["甲"], [""], 1),
        ([""], ["甲"], 1),
        ([""], ["甲", "乙"], 0),
        (["甲"], ["乙"], 0),
    ],
)
def test_an_order_number_of_several_shops(
    check: Checked, ours: list[str], theirs: list[str], compared: int
) -> None:
    orders = SHOPS.format(rows="".join(LINE.format(shop=shop) for shop in ours))
    bill = FEES.format(rows="".join(f"{shop},A1,3.5,5.2,22.6\n" for shop in theirs))
    _, told = check(bill, orders=orders)
    assert f"核对 {compared} 单：" in told
    assert check.differences() == []


def test_a_nameless_further_row_belongs_to_the_only_shop(check: Checked) -> None:
    orders = SHOPS.format(rows=LINE.format(shop=""))
    bill = FEES.format(rows="甲,A1,3.5,5.2,0\n,A1,0,0,22.6\n")
    assert check(bill, orders=orders)[0] == 0


def test_a_charge_of_a_cancelled_order(check: Checked) -> None:
    orders = "订单号,下单日期,实付金额,物流费(系统报价),订单状态\n"
    orders += "A1,2025-03-01,100,22.6,已完成\nA2,2025-03-01,100,22.6,已取消\n合计,,200,45.2,\n"
    bill = "订单号,基础服务费,操作费,物流费\nA1,3.5,5.2,22.6\nA2,3.5,5.2,22.6\n合计,7,10.4,45.2\n"
    code, told = check(bill, orders=orders)
    assert code == 1
    assert "核对 1 单" in told
    assert "账单里没有 0 单，订单表里没有 1 单" in told
    missing = check.missing(bill, orders=orders)
    assert missing["订单号"].tolist() == ["A2"]
    assert "已取消或未付款" in missing["情况"][0]


def test_options_are_those_of_this_command(check: Checked) -> None:
    code, told = check(CARRIER.format(total="22.6"), orders="单,钱\nA1,100\n")
    assert code == 2
    assert "单 | 钱" in told
    assert "--order-column" in told
    assert "--column 表头" not in told
    code, told = check("单号,物流费,操作费\n114-0000001-0000001,22.6,5.2\n")
    assert code == 2
    assert "单号 | 物流费 | 操作费" in told
    assert "=order_id" in told


def test_sheets_of_a_bill_that_were_not_read(check: Checked, tmp_path: Path) -> None:
    book = tmp_path / "bills.xlsx"
    rows = {"订单号": ["114-0000001-0000001"], "操作费": [5.2], "物流费": [22.6]}
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame(rows).to_excel(writer, sheet_name="账单", index=False)
        pd.DataFrame(rows).to_excel(writer, sheet_name="四月", index=False)
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["reconcile", str(tmp_path / "orders.csv"), str(book), "--lang", "zh"])
    told = check.capsys.readouterr().out
    assert "没有读：四月" in told
    assert "--bill-sheet 名称" in told


RETURNED = """订单号,下单日期,国家,实付金额,物流费(系统报价),入仓天数,退货情形,退款金额
114-0000001-0000001,2025-03-01,ES,100,22.60,1,买家退货验货通过,0
"""
# Type, what went out, what came in: the payout, the fees, freight partly paid back, a refund.
WALLET = (
    ("订单放款", "", "100.00"), ("基础服务费", "3.50", ""), ("仓内操作费", "5.20", ""),
    ("物流费", "25.60", ""), ("物流费", "", "3.00"), ("操作费返还", "", "5.20"),
)  # fmt: skip


def _wallet(header: str, line: str) -> str:
    """The statement; ``line`` puts a row's ``out`` and ``back``, their ``sum`` and ``way`` down."""
    rows = [
        line.format(
            type=kind, out=out, back=back, minus=out and f"-{out}", sum=out or back,
            signed=f"-{out}" if out else back, way="支出" if out else "收入",
        )
        for kind, out, back in WALLET
    ]  # fmt: skip
    return "\n".join([header, *(f"114-0000001-0000001,{row}" for row in rows)])


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("订单号,业务类型,收入,支出", "{type},{back},{out}"),
        ("关联订单号,业务类型,收入金额,支出金额", "{type},{back},{minus}"),
        ("订单号,业务类型,收入（+元）,支出（-元）", "{type},{back},{out}"),
        ("订单号,收支类型,业务类型,金额", "{way},{type},{sum}"),
        ("订单号,收/支,业务类型,金额", "{way},{type},{signed}"),
        ("订单号,业务类型,金额", "{type},{signed}"),
    ],
)
def test_a_statement_of_money_out_and_in(check: Checked, header: str, line: str) -> None:
    """What is paid back is neither a further charge nor missing, in whatever column it stands."""
    code, told = check(_wallet(header, line), orders=RETURNED)
    assert code == 0, told
    assert "应收 ¥26.10，实收 ¥26.10" in told
    assert "收入 ¥100.00 不是费用" in told


def test_directions_that_can_not_be_told(check: Checked) -> None:
    both = _wallet("订单号,业务类型,收入,支出", "{type},{back},{out}").replace("3.00,", "3.00,1.00")
    code, told = check(both, orders=RETURNED)
    assert code == 2
    assert "第 6 行的“支出”和“收入”都有金额" in told
    bare = _wallet("订单号,收支方向,金额", "{way},{sum}")
    code, told = check(bare, orders=RETURNED)
    assert code == 2
    assert "“收支方向”列，却没有费用类型列" in told
    code, told = check(_wallet("订单号,收支方向,业务类型,金额", "？,{type},{sum}"), orders=RETURNED)
    assert code == 2
    assert "请填写其中之一：支出 / 收入" in told


def test_what_an_order_brought_in_is_beside_its_fees(check: Checked) -> None:
    wide = "订单号,收入,基础服务费,操作费,物流费\n114-0000001-0000001,100,3.5,5.2,22.6\n"
    assert check(wide)[0] == 0
    assert check("订单号,收入,支出\n114-0000001-0000001,100,31.3\n")[0] == 0
    all_out = "订单号,收支方向,基础服务费,操作费,物流费\n114-0000001-0000001,支出,3.5,5.2,22.6\n"
    assert check(all_out)[0] == 0


def test_a_column_of_amounts_that_is_not_used_is_told(check: Checked) -> None:
    wide = "订单号,基础服务费,操作费,物流费,某某费用\n114-0000001-0000001,3.5,5.2,22.6,9\n"
    code, told = check(wide)
    assert code == 0
    assert "未使用的金额列：某某费用。" in told
    assert "某某费用=other" in told
    code, told = check(wide.replace("某某费用", "结算用币").replace(",9", ",USD"))
    assert "“结算用币”列像币种而未使用" in told


ENTRIES = """业务流水号,订单号,费用类型,金额(元),入账时间
1,114-0000001-0000001,基础服务费,3.50,2025-03-20
2,114-0000001-0000001,操作费,5.20,2025-03-20
3,114-0000001-0000001,物流费,22.60,2025-03-20
"""
FREIGHT = "3,114-0000001-0000001,物流费,22.60,2025-03-20\n"


def test_a_charge_exported_twice_is_no_charge_twice(check: Checked) -> None:
    """Told by the number of the charge; a claim of it would be turned down."""
    left = "1 行：流水号和各列都与前面一行相同，是重复导出的同一笔，未计。"
    for again in (FREIGHT, FREIGHT * 2, ENTRIES.partition("\n")[2]):
        code, told = check(ENTRIES + again)
        assert code == 0, told
        assert "核对的订单全部一致" in told
        assert left.replace("1", str(again.count("\n"))) in told
    for other in ("4" + FREIGHT[1:], "" + FREIGHT[1:], FREIGHT.replace("03-20", "03-21"),
                  FREIGHT.replace("22.60", "22.61")):  # fmt: skip
        code, told = check(ENTRIES + other)
        assert code == 1, other
        assert left not in told
        assert "物流费重复收取" in told or "22.61" in other
    # Without such numbers nobody can tell, and the claim says what to look at first.
    bare = ENTRIES.replace("业务流水号", "颜色").replace("\n1,", "\n,").replace("\n2,", "\n,")
    bare = (bare + FREIGHT).replace("\n3,", "\n,")
    assert check(bare)[0] == 1
    assert "物流费重复收取" in check(bare)[1]


@pytest.mark.parametrize("number", ["2.02503E+17", "-", "无", "0", "N/A", "#N/A"])
def test_what_is_no_number_of_a_charge_makes_no_two_of_them_one(
    check: Checked, number: str
) -> None:
    """Numbers that a spreadsheet has cut, and signs of none; one of several orders neither."""
    cut = "\n".join(
        number + line[line.index(",") :] if at else line
        for at, line in enumerate((ENTRIES + FREIGHT).splitlines())
    )
    for bill in (cut, ENTRIES + FREIGHT + FREIGHT.replace("0000001,", "0000002,")):
        code, told = check(bill)
        assert code == 1
        assert "流水号和各列" not in told
        assert "物流费重复收取" in told


def test_an_entry_number_that_is_an_error_refuses_no_charge(check: Checked) -> None:
    assert check(ENTRIES.replace("\n3,", "\n#N/A,"))[0] == 0


def test_a_bill_in_cents(check: Checked) -> None:
    cents = ENTRIES.replace("(元)", "(分)").replace("3.50", "350").replace("5.20", "520")
    code, told = check(cents.replace("22.60", "2260"))
    assert code == 0, told
