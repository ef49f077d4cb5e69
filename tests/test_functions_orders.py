"""ORDERTABLE and SUMMARY: whole tables in, whole tables out."""

import datetime as dt
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sellersheet.cards import shipped_card
from sellersheet.columns import OUTPUT, TABLES
from sellersheet.functions import ORDERTABLE, SUMMARY
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.policy import load
from sellersheet.summary import By, summarise
from tests.benchmarks import inputs
from tests.benchmarks.worksheet import cells
from tests.excel_call_path import Rows

RESULT_KEYS = [item.key for item in OUTPUT]
HEADER = ("订单实付金额", "物流费(系统报价)", "件型", "目的国", "订单号")
ENGLISH = (("name", "value"), ("lang", "en"))
TODAY = dt.date.today()
FX = (("currency", "start", "rate"), ("USD", None, 7.1))


def frame(rows: int = 400) -> pd.DataFrame:
    return inputs.typed_orders(rows, seed=7)


def block(orders: pd.DataFrame) -> Rows:
    return (tuple(orders.columns), *cells(orders))


def computed(rows: Rows, **ranges: Any) -> OrderResults:
    """The same cells by the module's own function for frames."""
    raw = pd.DataFrame(list(rows[1:]), columns=list(rows[0]), dtype=object)
    raw = raw.map(lambda cell: "#N/A" if type(cell) is int else cell)
    card = ranges.pop("card", None) or shipped_card().rates
    return compute_orders(raw, ranges.pop("policy", load()), card, as_of=TODAY, **ranges)


def table(*rows: tuple[Any, ...], **ranges: Any) -> dict[str, list[Any]]:
    """ORDERTABLE's columns by key."""
    width = max(map(len, rows))
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    header, *found = ORDERTABLE((HEADER[:width], *padded), **ranges)
    assert header == [item.title("zh") for item in OUTPUT]
    return dict(zip(RESULT_KEYS, map(list, zip(*found, strict=True)), strict=True))


class TestOrderTable:
    def test_it_is_compute_orders_to_the_cent(self) -> None:
        rows = block(frame())
        results = computed(rows)
        header, *found = ORDERTABLE(rows)
        assert header == [item.title("zh") for item in OUTPUT]
        assert len(found) == len(rows) - 1
        wanted = results.columns("zh")
        for at, key in enumerate(RESULT_KEYS):
            column = [row[at] for row in found]
            if key in ("status", "reason"):
                assert column == wanted[key].tolist(), key
                continue
            there = ~np.isnan(wanted[key])
            assert [column[at] for at in np.flatnonzero(there)] == wanted[key][there].tolist()
            assert all(isinstance(column[at], str) for at in np.flatnonzero(~there)), key
        kinds = set(results.status.tolist())
        assert {Status.EMPTY, Status.OK, Status.ERROR, Status.WARNING} <= kinds

    def test_errors_stand_where_they_are_and_nowhere_else(self) -> None:
        rows = block(frame())
        results = computed(rows)
        _, *found = ORDERTABLE(rows)
        assert {Status.EMPTY, Status.OK, Status.ERROR} <= set(results.status.tolist())
        for row, status in zip(found, results.status.tolist(), strict=True):
            markers = {cell for cell in row if str(cell).startswith("#")}
            if status == Status.ERROR:
                assert markers == {"#VALUE!"}
                assert row[-1]
            elif status == Status.EMPTY:
                assert list(row) == [""] * len(row)
            else:
                assert markers <= {"#N/A"}

    def test_blank_rows_inside_and_below(self) -> None:
        found = table((None,), (100, 22.6), (None, ""), (50, 10), (None,), (None,))
        assert found["total_fee_cny"] == ["", 31.3, "", 16.95, "", ""]
        assert found["status"] == ["", "正常", "", "正常", "", ""]

    def test_only_a_header_or_nothing(self) -> None:
        header, *rows = ORDERTABLE((HEADER, *[(None,) * 5] * 3))
        assert header == [item.title("zh") for item in OUTPUT]
        assert rows == [[""] * len(OUTPUT)] * 3
        assert ORDERTABLE([(None, None)] * 4) == [header, *rows]

    def test_wrong_unknown_and_undated_rows(self) -> None:
        _, *rows = ORDERTABLE(
            (
                ("订单实付金额", "物流费(系统报价)", "下单日期"),
                (100, 22.6, "2024-07-01"),
                (-1, 22.6, "2024-07-01"),
                (100, None, "2024-07-01"),
                (100, 22.6, "2024-06-30"),
                ("#DIV/0!", 22.6, None),
                (-2146826281, 22.6, None),
            )
        )
        total = [row[RESULT_KEYS.index("total_fee_cny")] for row in rows]
        assert total == [31.3, "#VALUE!", "#N/A", "#N/A", "#VALUE!", "#VALUE!"]
        freight = [row[RESULT_KEYS.index("logistics_fee_cny")] for row in rows]
        assert freight == [22.6, "#VALUE!", "#N/A", "#N/A", "#VALUE!", "#VALUE!"]
        assert rows[2][1] == 3.5
        assert "#DIV/0!" in rows[4][-1]
        assert "#DIV/0!" in rows[5][-1]

    def test_columns_in_any_order_under_any_name(self) -> None:
        usual = ORDERTABLE((("paid_cny", "logistics_cny"), (100, 22.6)))
        turned = ORDERTABLE((("备注", "物流费(系统报价)", None, "Amount paid"), (1, 22.6, 9, 100)))
        assert usual[1] == turned[1]

    def test_lines_of_one_order_share_its_fees(self) -> None:
        found = table((60, 11.3, "", "", "A1"), (40, 11.3, "", "", "A1"))
        assert round(sum(found["total_fee_cny"]), 2) == 31.3
        assert sum(found["operation_fee_cny"]) == 5.2

    def test_ranges_beside_it(self) -> None:
        card = (
            ("目的国", "重量止(克)", "首重价格", "币种", "生效日期"),
            ("FR", 100, 2, "USD", "2024-07-01"),
        )
        fx = (("币种", "汇率"), ("USD", 7.25))
        costs = (("商品编码", "采购成本"), ("S1", 30))
        own = (("名称", "数值"), ("operation_fee", 6), ("lang", "en"))
        orders = (("sku", "qty", "country", "weight_g", "paid_cny"), ("S1", 2, "法国", 50, 100))
        header, row = ORDERTABLE(orders, card, own, fx, costs)
        assert header == [item.title("en") for item in OUTPUT]
        found = dict(zip(RESULT_KEYS, row, strict=True))
        assert found["logistics_fee_cny"] == 14.5
        assert found["operation_fee_cny"] == 6
        assert found["total_fee_cny"] == 24.0
        assert found["profit_cny"] == 16.0
        assert found["status"] == "note"

    @pytest.mark.parametrize(
        ("orders", "said"),
        [
            ((("甲", "乙"), (1, 2)), "订单实付金额"),
            ((("paid_cny", "paid_cny"), (1, 2)), "订单实付金额"),
            (5.0, "订单实付金额"),
        ],
    )
    def test_a_table_that_cannot_be_read(self, orders: Any, said: str) -> None:
        (row,) = ORDERTABLE(orders) if isinstance(orders, tuple) else ORDERTABLE(((5.0,), (6.0,)))
        assert row[:-1] == ["#VALUE!"] * (len(OUTPUT) - 1)
        assert said in row[-1]

    def test_a_policy_that_cannot_be_read(self) -> None:
        orders = (("paid_cny", "logistics_cny"), (100, 22.6))
        (row,) = ORDERTABLE(orders, policy=(*ENGLISH, ("no_such_fee", 1)))
        assert row[:-1] == ["#VALUE!"] * (len(OUTPUT) - 1)
        assert "no_such_fee" in row[-1]
        assert row[-1].startswith("policy: row 2")


class TestSummary:
    @pytest.mark.parametrize("by", ["month", "country", "shop", "sku"])
    def test_it_is_the_summary_of_the_results(self, by: By) -> None:
        self._adds_up(block(frame()), by)

    CELLS: ClassVar[dict[str, list[Any]]] = {
        "order_id": ["A1", "A2", 7.0, None], "shop": ["甲", "乙", None],
        "order_date": [45509.0, 45672.0, 45473.0, "昨天", None], "sku": ["手机壳", None],
        "country": ["ES", "法国", "火星", None], "paid_cny": [100.0, 0.43, -5.0, "待定", None],
        "logistics_cny": [22.6, 31.0, None], "parcel": ["大件", None],
        "inbound_days": [1.0, 3.0, 5.0, None], "standard_box": ["否", None],
        "return_case": ["买家退货验货通过", "卖家责任", None], "cost_cny": [30.0, None],
    }  # fmt: skip

    @given(
        st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), min_size=1, max_size=12),
        st.sets(st.sampled_from(["shop", "order_date", "sku", "country", "cost_cny"])),
        st.sampled_from(["month", "country", "shop", "sku"]),
    )
    @example(  # a further line has the date and the destination of the first, its fee is theirs
        [("A1", None, 45509.0, None, "ES", 100.0, *[None] * 6),
         ("A1", None, None, None, None, None, 31.0, *[None] * 5)], set(), "month",
    )  # fmt: skip
    @example(  # no day is known: it isn't today
        [("A1", None, "昨天", None, None, 100.0, *[None] * 6),
         ("A1", None, None, None, None, None, 31.0, *[None] * 5)], set(), "month",
    )  # fmt: skip
    def test_a_sheet_adds_up_to_what_python_does(
        self, lines: list[tuple[Any, ...]], without: set[str], by: By
    ) -> None:
        places = [at for at, key in enumerate(self.CELLS) if key not in without]
        keys = list(self.CELLS)
        rows: Rows = (
            tuple(keys[at] for at in places), *(tuple(row[at] for at in places) for row in lines)
        )  # fmt: skip
        self._adds_up(rows, by)

    @staticmethod
    def _adds_up(rows: Rows, by: By) -> None:
        _, *results = ORDERTABLE(rows)
        titles = tuple(item.title("zh") for item in OUTPUT)
        joined = ((*rows[0], *titles), *((*a, *b) for a, b in zip(rows[1:], results, strict=True)))
        header, *found = SUMMARY(joined, by)
        found = [row for row in found if set(row) != {""}]  # that of no group
        assert header == [item.title("zh") for item in TABLES["summary"]]
        wanted = summarise(computed(rows), by, "zh")
        assert [row[0] for row in found] == wanted["group"].tolist()
        for at, item in enumerate(TABLES["summary"][1:], 1):
            figures = [None if row[at] == "" else row[at] for row in found]
            expected = wanted[item.key].astype(object).where(wanted[item.key].notna(), None)
            assert figures == pytest.approx(expected.tolist(), abs=0.001), item.key

    TABLE = (
        ("country", "paid_cny", "total_fee_cny", "profit_cny"),
        ("ES", 100.0, 31.3, 38.7),
        ("FR", 50.0, 20.0, None),
        (None, None, None, None),
        ("ES", 10.0, "#N/A", None),
        (None, 5.0, 1.0, 1.0),
        (None, "", None, None),
    )

    @pytest.mark.parametrize("by", ["month", "sku"])
    def test_what_is_left_out_of_the_orders_is_in_no_count(self, by: By) -> None:
        """A cancelled order, one of which only the first line is cancelled, a row of totals."""
        header = ("订单号", "下单日期", "商品编码", "订单实付金额", "物流费(系统报价)", "订单状态")
        orders: list[tuple[Any, ...]] = [
            ("A1", 45510.0, "S", 100.0, 22.6, "已取消"), ("A2", 45510.0, "S", 50.0, 3.0, "已取消"),
            ("A2", 45510.0, "T", 100.0, 22.6, "已完成"), ("合计", None, None, 250.0, None, None),
        ]  # fmt: skip
        rows: Rows = (header, *orders)
        sums = summarise(computed(rows), by, "zh")
        assert sums["orders"].tolist() == [1]
        assert sums["incomplete"].tolist() == [0]
        sheet = tuple((*row, *found) for row, found in zip(rows, ORDERTABLE(rows), strict=True))
        _, *found = SUMMARY(sheet, by)
        assert found == sums.astype(object).where(sums.notna(), "").to_numpy().tolist()

    def test_by_destination(self) -> None:
        _, spain, france, blank = SUMMARY(self.TABLE, "country")
        keys = [item.key for item in TABLES["summary"]]
        assert [row[0] for row in (spain, france, blank)] == ["ES", "FR", "（未填或有误）"]
        found = dict(zip(keys, spain, strict=True))
        assert (found["lines"], found["incomplete"], found["total_fee_cny"]) == (1, 1, 31.3)
        assert dict(zip(keys, france, strict=True))["profit_cny"] == ""

    def test_top_and_order(self) -> None:
        def groups(*asked: Any) -> list[Any]:
            return [row[0] for row in SUMMARY(self.TABLE, "目的国", *asked)[1:]]

        assert groups(1) == ["ES"]
        assert groups(2.0) == ["ES", "FR"]
        assert groups(None, "毛利") == ["ES", "（未填或有误）", "FR"]
        assert groups(None, "-total_fee_cny") == ["（未填或有误）", "FR", "ES"]
        assert groups(1, "-费用合计") == ["（未填或有误）"]

    @pytest.mark.parametrize(
        ("arguments", "marker"),
        [
            (("colour",), "#VALUE!"), (("country", 0), "#VALUE!"), (("country", 1.5), "#VALUE!"),
            (("country", "一"), "#VALUE!"), (("country", None, "颜色"), "#VALUE!"),
            (("#REF!",), "#REF!"), ((None,), "#N/A"), (([("country",), ("sku",)],), "#VALUE!"),
        ],
    )  # fmt: skip
    def test_wrong_arguments(self, arguments: tuple[Any, ...], marker: str) -> None:
        (row,) = SUMMARY(self.TABLE, *arguments)
        assert row[:2] == [marker] * 2
        assert len(row[2]) > 5

    def test_a_block_that_is_kept_is_told_from_its_likes(self) -> None:
        def summed(standard: Any, paid: float, day: Any = None) -> list[Any]:
            header = ("订单号", "订单实付金额", "费用合计", "平台标准箱", "目的国", "下单日期")
            return SUMMARY((header, ("1", paid, 9.0, standard, "ES", day)), "country")[1]

        first = summed(True, 100.0)
        assert summed(1.0, 100.0) == first
        assert summed(True, 200.0) != first
        assert summed(True, 100.0) == first
        # A cell that only COM has can be no part of a key, and is read all the same.
        assert summed(True, 100.0, dt.datetime(2024, 7, 5)) == first

    def test_tables_that_cannot_be_summed(self) -> None:
        header = [item.title("zh") for item in TABLES["summary"]]
        none = [header, [""] * len(header)]  # a header alone would be repeated over its range
        assert SUMMARY(None, "country") == SUMMARY(self.TABLE[:1], "country") == none
        no_order = (self.TABLE[0], ("合计", *[""] * (len(self.TABLE[0]) - 1)))
        assert SUMMARY(no_order, "country") == none
        (row,) = SUMMARY((("country", "paid_cny"), ("ES", 1.0)), "country")
        assert row[:2] == ["#VALUE!"] * 2
        assert "费用合计" in row[2]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ((("下单日期", "实付金额(分)", "费用合计"), ("2024-08-05", 10000, 11.7)), "实付金额(分)"),
        ((("下单日期", "实付金额(USD)", "费用合计"), ("2024-08-05", 100, 11.7)), "实付金额(USD)"),
        (
            (("单位：分", "", ""), ("下单日期", "实付金额", "费用合计"), ("", 10000, 1170)),
            "单位：分",
        ),
        ((("币种", "实付金额", "费用合计"), ("CNY", 9, 1), ("USD", 100, 11.7)), "币种"),
        ((("下单日期", "物流费"), ("2024-08-05", 1)), "订单实付金额"),
    ],
)
def test_a_summary_of_what_is_not_in_yuan_is_refused(table: Any, told: str) -> None:
    """10,000 cents were ¥10,000.00, and dollars yuan, without a word."""
    ((*cells, why),) = SUMMARY(table, "month")
    assert set(cells) == {"#VALUE!"}
    assert f"“{told}”" in why


@pytest.mark.parametrize("title", ["单位：元", "单位：分", "重量单位：kg"])
def test_a_summary_of_what_is_said_to_be_in_yuan(title: str) -> None:
    header = ("币种", "实付金额(元)", "费用合计(元)")
    table = ((title, "", ""), header, ("人民币", 9, 1), ("", 1, 1))
    assert SUMMARY(table, "shop")[1][4] == 10
