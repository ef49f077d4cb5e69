"""Whole tables: headers, typed columns, issues."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sellersheet import columns
from sellersheet.cards import fx_rates
from sellersheet.columns import Wrong
from sellersheet.exchange import ExchangeProblem, FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.intake.headers import TableProblem, places
from sellersheet.issues import WORDS, Issue
from sellersheet.tables import Table, read_table
from sellersheet.wording import LANGS
from tests.test_exchange_ties import rate_on

JULY_5 = (dt.date(2024, 7, 5) - dt.date(1970, 1, 1)).days


def frame(**cells: Any) -> pd.DataFrame:
    return pd.DataFrame({key: pd.Series(values, dtype=object) for key, values in cells.items()})


def problem(cells: pd.DataFrame, *parts: str, code: str, **options: Any) -> None:
    with pytest.raises(TableProblem) as caught:
        read_table(cells, **options)
    assert caught.value.code == code
    for lang in LANGS:
        for part in parts:
            assert part in caught.value.text(lang)
        assert "{" not in caught.value.text(lang)


def test_a_table() -> None:
    cells = frame(
        订单号=["A1", "A1", None],
        下单日期=["2024-07-05", 45478, dt.date(2024, 7, 5)],
        目的国=["西班牙", "es", None],
        订单实付金额=["¥1,234.50", 88, Decimal("0.1")],
        备忘=["x", None, 3],
    )
    cells.insert(1, "实重(克)", [850.0, None, "1,000 g"])
    table = read_table(cells)
    assert table.n == 3
    assert table.columns["order_id"].tolist() == ["A1", "A1", ""]
    assert table.columns["order_date"].tolist() == [JULY_5] * 3
    assert table.columns["country"].tolist() == ["ES", "ES", ""]
    assert table.columns["paid_cny"].tolist() == [123450, 8800, 10]
    assert table.columns["weight_g"].tolist() == [850.0, 0.0, 1000.0]
    assert table.columns["qty"].tolist() == [1, 1, 1]
    assert table.columns["standard_box"].tolist() == [True] * 3
    assert table.columns["parcel"].tolist() == [0, 0, 0]
    assert "cost_cny" not in table.columns
    assert table.blank["weight_g"].tolist() == [False, True, False]
    assert table.blank["country"].tolist() == [False, False, True]
    assert "parcel" not in table.blank
    assert table.header["paid_cny"] == "订单实付金额"
    assert table.extra == ["备忘"]
    assert len(table.issues) == 0
    assert not table.bad.any()
    assert not table.empty.any()
    assert table.order is not None
    assert table.order[0] == table.order[1] != table.order[2]


def test_dtypes() -> None:
    dtypes = {key: values.dtype for key, values in read_table(every_column()).columns.items()}
    wanted = {
        "money": np.int64,
        "cost": np.int64,
        "count": np.int64,
        "date": np.int32,
        "yes_no": np.bool_,
        "choice": np.int8,
        "text": np.object_,
        "country": np.object_,
    }
    assert columns.INPUT
    for item in columns.INPUT:
        assert dtypes[item.key] == wanted.get(item.kind, np.float64), item.key


def every_column(n: int = 2) -> pd.DataFrame:
    values: dict[str, object] = {"date": "2024-07-05", "yes_no": "是", "country": "ES"}
    cells = {
        item.key: [item.choices[1].zh if item.choices else values.get(item.kind, 1)] * n
        for item in columns.INPUT
    }
    return frame(**cells)


def test_defaults_are_the_same_present_or_absent() -> None:
    optional = [item.key for item in columns.INPUT if not item.required]
    absent = read_table(frame(paid_cny=[1, 2])).columns
    blank = read_table(every_column().assign(**dict.fromkeys(optional, None))).columns
    assert absent["qty"].tolist() == [1, 1]
    for item in columns.INPUT:
        if item.default is not None:
            assert absent[item.key].tolist() == blank[item.key].tolist()
            assert absent[item.key].dtype == blank[item.key].dtype


@pytest.mark.parametrize(
    ("column", "value", "wrong"),
    [
        ("paid_cny", "abc", Wrong.NOT_A_NUMBER),
        ("paid_cny", "9,99", Wrong.UNCLEAR_NUMBER),
        ("paid_cny", -5, Wrong.BELOW),
        ("paid_cny", 1e12, Wrong.ABOVE),
        ("paid_cny", None, Wrong.REQUIRED),
        ("paid_cny", "#N/A", Wrong.ERROR_CELL),
        ("paid_cny", "US $12.30", Wrong.NO_RATE),
        ("qty", 1.5, Wrong.NOT_WHOLE),
        ("order_date", "05/07/2024", Wrong.UNCLEAR_DATE),
        ("order_date", "soon", Wrong.NOT_A_DATE),
        ("order_date", 3, Wrong.DATE_RANGE),
        ("standard_box", "maybe", Wrong.NOT_YES_NO),
        ("parcel", "huge", Wrong.NOT_A_CHOICE),
        ("country", "火星", Wrong.NOT_A_COUNTRY),
    ],
)
def test_an_issue_says_where_and_what(column: str, value: Any, wrong: Wrong) -> None:
    cells = every_column(3)
    cells[column] = cells[column].astype(object)
    cells.loc[1, column] = value
    cells = cells.rename(columns={column: columns.column("orders", column).zh})
    table = read_table(cells, first_row=5)
    assert table.bad.tolist() == [False, True, False]
    (issue,) = table.issues
    title = columns.column("orders", column).zh
    seen = "" if value is None else str(int(value)) if value == 1e12 else str(value)
    assert (issue.row, issue.header, issue.key, issue.value) == (6, title, column, seen)
    assert issue.code == wrong.code
    assert issue.further == 0
    assert "第 6 行" in issue.text("zh")
    assert "Row 6" in issue.text("en")
    for lang in LANGS:
        text = issue.text(lang)
        assert title in text
        assert seen in text
        assert "{" not in text
        listed = table.issues.frame(lang)
        assert listed.columns.tolist() == ["row", "column", "value", "message"]
        assert listed.iloc[0].tolist() == [6, title, seen, text]
    for key, values in read_table(every_column(3)).columns.items():
        assert table.columns[key][[0, 2]].tolist() == values[[0, 2]].tolist()


def test_the_first_wrong_column_of_a_row() -> None:
    cells = every_column(2)
    cells.loc[1, "paid_cny"] = -1
    cells.loc[1, "country"] = "火星"
    cells.loc[1, "qty"] = "many"
    (issue,) = read_table(cells[cells.columns[::-1]]).issues
    assert issue.key == "qty"
    assert issue.further == 2
    assert "2" in issue.text("zh").rpartition("many")[2]
    assert "2" in issue.text("en").rpartition("many")[2]


def test_issues_are_a_sequence() -> None:
    issues = read_table(frame(paid_cny=["a", 1, "b", "c"])).issues
    assert len(issues) == 3
    assert [issue.row for issue in issues] == [2, 4, 5]
    assert issues[-1].value == "c"
    assert [issue.value for issue in issues[:2]] == ["a", "b"]
    assert isinstance(issues[0], Issue)
    assert issues[0].model_dump()["header"] == "paid_cny"
    with pytest.raises(IndexError):
        issues[3]
    assert read_table(frame(paid_cny=[1])).issues.frame("zh").empty


def test_messages_of_the_frame_are_those_of_the_issues() -> None:
    cells = every_column(4)
    cells.loc[1, "paid_cny"] = "$5"
    cells.loc[2, "paid_cny"] = "x" * 100
    cells.loc[3, ["qty", "parcel"]] = "?"
    table = read_table(cells)
    for lang in LANGS:
        messages = [issue.text(lang) for issue in table.issues]
        assert table.issues.frame(lang)["message"].tolist() == messages


def test_empty_rows_have_no_issue() -> None:
    cells = frame(paid_cny=[1, None, " ", None], qty=[1, None, "", 2], memo=["", "x", "", ""])
    table = read_table(cells)
    assert table.empty.tolist() == [False, True, True, False]
    assert table.bad.tolist() == [False, False, False, True]
    assert table.columns["paid_cny"].tolist() == [100, 0, 0, 0]


def test_all_rows_empty() -> None:
    table = read_table(frame(paid_cny=[None, None]))
    assert table.empty.all()
    assert len(table.issues) == 0


def test_order_groups() -> None:
    def order(**cells: Any) -> list[int] | None:
        found = read_table(frame(paid_cny=[1] * len(next(iter(cells.values()))), **cells)).order
        return None if found is None else found.tolist()

    assert read_table(frame(paid_cny=[1, 2])).order is None
    assert order(order_id=["a", "b", "c"]) is None
    assert order(order_id=[None, None]) is None
    groups = order(order_id=["a", None, "a", "", "b", "#N/A", " a "])
    assert groups is not None
    assert groups[0] == groups[2] == groups[6]
    assert len(set(groups)) == 5
    groups = order(order_id=["a", "a", "a", "b"], shop=["x", "y", "x", "y"])
    assert groups is not None
    assert groups[0] == groups[2]
    assert len(set(groups)) == 3
    assert order(order_id=["a", "a"], shop=["x", "y"]) is None
    assert order(order_id=[12, "12", 12.0]) == [0, 0, 0]


@pytest.mark.parametrize("table", columns.TABLES)
def test_every_key_and_title_names_its_own_column(table: str) -> None:
    for name in ("key", "zh", "en"):
        labels = [getattr(item, name) for item in columns.TABLES[table]]
        wanted = {item.key: at for at, item in enumerate(columns.TABLES[table])}
        assert places(labels, table) == wanted


@pytest.mark.parametrize(
    "header",
    [
        "paid_cny",
        "PAID_CNY",
        "Paid CNY",
        "订单实付金额",
        " 订单 实付金额 ",
        "订单实付金额(元)",
        "订单实付金额\uff08人民币\uff09",
        "*订单实付金额",
        "订单实付金额\uff1a",
        "实付金额",
        "Amount paid",
        "amount_paid (CNY)",
        "\uff30aid",
    ],
)
def test_headers_that_are_understood(header: str) -> None:
    assert read_table(frame(**{header: [5]})).columns["paid_cny"].tolist() == [500]


@pytest.mark.parametrize("header", ["实付金客", "paid_usd"])
def test_headers_that_are_not(header: str) -> None:
    problem(frame(**{header: [5]}), f"“{header}”", code="missing_near")


def test_a_currency_in_a_header_asks_for_its_rate() -> None:
    cells = frame(**{"订单实付金额(USD)": [5]})
    (issue,) = read_table(cells).issues
    assert (issue.code, issue.value) == ("no_rate", "5 USD")
    read = read_table(cells, fx=FxRates.fixed({"USD": "7.1"}))
    assert read.columns["paid_cny"].tolist() == [3550]


def test_units_in_a_header_count() -> None:
    table = read_table(frame(paid_cny=[1], **{"重量(kg)": [0.35], "长(mm)": [300], "宽(m)": [0.2]}))
    assert table.extra == []
    assert table.columns["weight_g"].tolist() == [350.0]
    assert table.columns["length_cm"].tolist() == [30.0]
    assert table.columns["width_cm"].tolist() == [20.0]


def test_results_beside_the_orders_are_extra() -> None:
    titles = {item.en: [1] for item in columns.OUTPUT} | {item.zh: [1] for item in columns.OUTPUT}
    table = read_table(frame(**{"Amount paid": [1], "Freight quote": [2]}, **titles))
    assert sorted(table.header) == ["logistics_cny", "paid_cny"]
    assert len(table.extra) == 2 * len(columns.OUTPUT)


def test_missing_column() -> None:
    problem(frame(a=[1], b=[2]), "a | b", code="missing")
    many = pd.DataFrame([[1] * 30], columns=[f"h{at}" for at in range(30)])
    with pytest.raises(TableProblem) as caught:
        read_table(many)
    assert "h29" in caught.value.text("zh")
    assert "订单实付金额" in caught.value.text("zh")
    assert "Amount paid" in caught.value.text("en")


def test_missing_column_nearest() -> None:
    problem(frame(qty=[1], 订单付了款=[2]), "“订单付了款”", code="missing_near")
    # A header near by name whose cells are no amounts is not proposed.
    problem(frame(qty=[1], 订单付了款=["甲"]), code="missing")
    problem(frame(currency=["USD"], ratte=[7]), "“ratte”", code="missing_near", table="fx")


def test_header_lower_down() -> None:
    cells = pd.DataFrame(
        [[None, "二月"], ["订单号", "订单实付金额"], ["A", 5], ["B", -6]],
        columns=["月报", "Unnamed: 1"],
    )
    table = read_table(cells)
    assert table.columns["paid_cny"].tolist() == [500, 0]
    assert table.issues[0].row == 5
    assert [remark.code for remark in table.remarks] == ["header_row"]
    problem(cells, code="missing", asked=Asked(header_row=1))
    assert read_table(cells, asked=Asked(header_row=3)).n == 2


def test_unnamed_headers_are_extra() -> None:
    cells = pd.DataFrame(
        [["A", 1, 2, 3, 5]], columns=pd.Index(["订单号", None, np.nan, 7, "订单实付金额"])
    )
    table = read_table(cells)
    assert table.extra == ["", "", "7"]
    assert table.columns["paid_cny"].tolist() == [500]


def test_duplicate_headers() -> None:
    problem(frame(买家实付=[1], 实付款=[2]), "买家实付", "实付款", "2", code="duplicate")
    better = read_table(frame(实付金额=[2], paid_cny=[1]))
    assert better.columns["paid_cny"].tolist() == [100]
    assert [remark.code for remark in better.remarks] == ["outranked"]
    same = read_table(frame(买家实付=[2], 实付款=[2]))
    assert same.columns["paid_cny"].tolist() == [200]
    twice = pd.DataFrame([[1, 2, 3, 4]], columns=["paid_cny", "备注", "备注", "qty"])
    assert read_table(twice).extra == ["备注", "备注"]
    problem(pd.DataFrame([[1, 2]], columns=["paid_cny"] * 2), "paid_cny", code="duplicate")


def test_rename() -> None:
    cells = frame(收入=[5], qty=[2])
    for target in ("paid_cny", "订单实付金额", "Amount paid"):
        table = read_table(cells, asked=Asked(columns={"收入": target}))
        assert table.columns["paid_cny"].tolist() == [500]
        assert table.header["paid_cny"] == "收入"
    problem(
        cells, "收人", "收入 | qty", code="rename_header", asked=Asked(columns={"收人": "paid_cny"})
    )
    problem(
        cells, "收入", "nothing", code="rename_target", asked=Asked(columns={"收入": "nothing"})
    )


def test_sizes() -> None:
    problem(frame(paid_cny=[]), code="no_rows")
    problem(pd.DataFrame(), code="no_rows")
    wide = pd.DataFrame(np.zeros((1, 16_385)))
    problem(wide, "16,385", "16,384", code="too_wide")
    cells = pd.concat([frame(paid_cny=[1]), pd.DataFrame(np.zeros((1, 299)))], axis=1)
    assert len(read_table(cells).extra) == 299


def test_row_labels_do_not_count() -> None:
    cells = frame(paid_cny=[1, "x"])
    cells.index = pd.Index([70, 70])
    assert [issue.row for issue in read_table(cells).issues] == [3]


def test_exchange_rate_table() -> None:
    cells = frame(
        currency=["USD", "usd", "欧元", None, "GBP"],
        start=["2024-01-01", "2024-07-01", None, None, "2024-01-01"],
        rate=[7, "7.25", 7.8, None, -1],
    )
    table = read_table(cells, "fx")
    assert [issue.row for issue in table.issues] == [6]
    fx = fx_rates(table)
    assert rate_on(fx, "USD", JULY_5) == 7_250_000_000
    assert rate_on(fx, "USD", JULY_5 - 10) == 7_000_000_000
    assert rate_on(fx, "EUR", 0) == 7_800_000_000
    assert rate_on(fx, "GBP", JULY_5) is None
    orders = frame(
        order_date=["2024-07-05", "2024-06-30", "2023-12-31", None, None],
        paid_cny=["$100"] * 3 + ["€1", "$1"],
    )
    read = read_table(orders, fx=fx)
    assert read.columns["paid_cny"].tolist() == [72500, 70000, 0, 780, 0]
    assert [issue.code for issue in read.issues] == ["no_rate_yet"] * 2
    with pytest.raises(ExchangeProblem, match="XYZ"):
        fx_rates(read_table(frame(currency=["XYZ"], rate=[1]), "fx"))


def test_other_tables() -> None:
    rates = read_table(
        frame(目的国=["西班牙"], 生效日期=["2024-07-05"], to_g=[500], divisor=["不计"]), "rates"
    )
    assert rates.columns["divisor"].tolist() == ["不计"]
    assert rates.columns["from_g"].tolist() == [0.0]
    costs = read_table(frame(sku=["a", None], cost_cny=["¥5", 3]), "sku_costs")
    assert costs.columns["cost_cny"].tolist() == [500, 300]
    assert [issue.key for issue in costs.issues] == ["sku"]
    own = read_table(frame(name=["x"], value=[0.035]), "overrides")
    assert own.columns["value"].tolist() == ["0.035"]


def test_the_raw_frame_is_not_touched() -> None:
    cells = every_column(3)
    cells.loc[1, "paid_cny"] = -1
    before = cells.copy(deep=True)
    read_table(cells, fx=FxRates.fixed({"USD": "7"}))
    pd.testing.assert_frame_equal(cells, before)


CELL = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "1", "¥2.5", "9,99", "#N/A", "是", "2024-07-05", "ES", "大件", "US $3", "-4", "x"]
    ),
    st.floats(),
    st.integers(-10, 10**20),
    st.booleans(),
    st.dates(),
    st.decimals(allow_nan=False, places=2),
)
ROW = st.tuples(*[CELL] * 8)
KEYS = [
    *("order_id", "order_date", "qty", "country", "paid_cny", "weight_g"),
    *("parcel", "standard_box"),
]


def outcome(table: Table) -> list[tuple[Any, ...]]:
    """Each row's values, marks and message without its number."""
    said = {issue.row - 2: (issue.key, issue.code, issue.value) for issue in table.issues}
    return [
        (
            *(values[at] for values in table.columns.values()),
            *(mask[at] for mask in table.blank.values()),
            bool(table.bad[at]),
            bool(table.empty[at]),
            said.get(at),
        )
        for at in range(table.n)
    ]


def orders_of(table: Table) -> list[int]:
    """For each row the first row of its order: rows without a number are orders of their own.

    A later line of an order may leave blank what the first one says, so an order, not a row,
    reads the same wherever it stands.
    """
    first: dict[str, int] = {}
    numbers = table.columns["order_id"].tolist()
    return [first.setdefault(number, at) if number else at for at, number in enumerate(numbers)]


@given(st.lists(ROW, min_size=1, max_size=8), st.randoms(use_true_random=False))
@example([("1", None, None, None, "1", *[None] * 3), ("1", *[None] * 7)], Random(0))
def test_shuffled_orders_give_shuffled_results(rows: list[tuple[Any, ...]], random: Any) -> None:
    fx = FxRates.fixed({"USD": "7.1"})
    table = read_table(pd.DataFrame(rows, columns=KEYS, dtype=object), fx=fx)
    straight, orders = outcome(table), orders_of(table)
    lines = {order: iter([at for at, own in enumerate(orders) if own == order]) for order in orders}
    mixed = orders.copy()
    random.shuffle(mixed)
    order = [next(lines[own]) for own in mixed]
    shuffled = pd.DataFrame([rows[at] for at in order], columns=KEYS, dtype=object)
    assert outcome(read_table(shuffled, fx=fx)) == [straight[at] for at in order]


@given(st.lists(ROW, min_size=1, max_size=8))
@example([(None,) * 8, ("1", None, None, None, "1", *[None] * 3), ("1", *[None] * 7)])
def test_an_order_reads_alone_as_among_others(rows: list[tuple[Any, ...]]) -> None:
    table = read_table(pd.DataFrame(rows, columns=KEYS, dtype=object))
    together, orders = outcome(table), orders_of(table)
    assert orders
    for order in set(orders):
        own = [at for at, other in enumerate(orders) if other == order]
        alone = pd.DataFrame([rows[at] for at in own], columns=KEYS, dtype=object)
        assert outcome(read_table(alone)) == [together[at] for at in own]


def test_many_messy_rows() -> None:
    n = 100_000
    cells = frame(
        order_id=[f" {at} " for at in range(n)],
        order_date=[f"2024/7/{1 + at % 28} {at % 24:02d}:{at % 60:02d}:00" for at in range(n)],
        paid_cny=[f"¥{at:,}.5" for at in range(n)],
        logistics_cny=[f"US ${at % 1000}.25" for at in range(n)],
        weight_g=[f"{at % 3000}克" for at in range(n)],
        country=["西班牙", "US", " 法国", "火星"] * (n // 4),
        standard_box=["是", "FALSE", None, "√"] * (n // 4),
    )
    table = read_table(cells, fx=FxRates.fixed({"USD": 7}))
    assert table.columns["paid_cny"][-1] == 9999950
    assert table.columns["logistics_cny"][1] == 875
    assert len(table.issues) == n // 4
    assert len(table.issues.frame("zh")) == n // 4
    assert table.order is None


def test_every_reason_is_worded_in_both_languages() -> None:
    codes = {wrong.code for wrong in Wrong} - {"none"}
    codes |= {f"allowed_{item.kind}" for table in columns.TABLES.values() for item in table}
    assert codes <= set(WORDS.messages)
    for sentences in WORDS.messages.values():
        assert sorted({key.removesuffix("_sheet") for key in sentences}) == ["en", "zh"]
