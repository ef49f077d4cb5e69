"""The order table of the template under the user's hands, in LibreOffice with the add-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.template import build, own_orders
from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import COLUMNS, FIRST, place
from tests.examples import large
from tests.libreoffice import Office
from tests.random_edits import run
from tests.template_books import small

# The other mistakes that a user makes, an own value out of its range and an empty rate card, are
# in test_template_prices.py.

LIVE = large(5_000)
FILLED = LIVE - 10


@pytest.fixture(scope="module")
def office(addin_office: Office) -> Office:
    return addin_office


def _column(key: str, first: int, last: int) -> str:
    """The address of a column in rows of the table counted from 1."""
    return f"{cell(FIRST + first - 1, place(key))}:{cell(FIRST + last - 1, place(key))}"


def _read(office: Office, key: str, last: int = LIVE) -> list[float | str]:
    return [row[0] for row in office.values("订单", _column(key, 1, last))]


def _text(office: Office, sheet: str, address: str) -> str:
    return office.texts(sheet, address)[0][0]


def test_rows_of_a_large_table_are_inserted_deleted_and_sorted(
    office: Office, tmp_path: Path
) -> None:
    orders, path = tmp_path / "orders.csv", tmp_path / "book.xlsx"
    sample_orders(FILLED).to_csv(orders, index=False)
    made = build("zh", own_orders(orders, "zh", LIVE))
    assert len(made) < 3_000_000
    path.write_bytes(made)
    office.open(path)
    before = _read(office, "total_fee_cny")
    assert sum(isinstance(fee, float) for fee in before) > 0.9 * FILLED

    office.insert_rows("订单", _column("paid_cny", 3, 4))
    keys = ("paid_cny", "logistics_cny")
    for key, amount in zip(keys, ("100", "22.6"), strict=True):
        office.write("订单", _column(key, 3, 3), [[amount]])
    after = _read(office, "total_fee_cny")
    assert after[4:] == before[2 : LIVE - 2]
    # An inserted row has no formulas yet; the results beside the others keep to their rows.
    office.delete("订单", _column("paid_cny", 3, 4))
    assert _read(office, "total_fee_cny", FILLED) == before[:FILLED]

    office.delete("订单", _column("paid_cny", 11, 20))
    after = _read(office, "total_fee_cny")
    assert after[: FILLED - 10] == before[:10] + before[20:FILLED]

    pairs = sorted(zip(_read(office, "order_id"), map(str, after), strict=True))
    whole = f"{cell(FIRST, 0)}:{cell(FIRST + FILLED - 11, len(COLUMNS) - 1)}"
    office.sort("订单", whole, place("cost_cny"))
    costs = [cost for cost in _read(office, "cost_cny") if isinstance(cost, float)]
    assert costs == sorted(costs, reverse=True)
    fees = map(str, _read(office, "total_fee_cny"))
    assert sorted(zip(_read(office, "order_id"), fees, strict=True)) == pairs
    assert "超出" not in _text(office, "订单", "D4")


def test_bad_input_is_told_where_it_stands(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(small())
    office.open(path)
    before = _read(office, "total_fee_cny", 17)
    office.write("订单", _column("paid_cny", 2, 2), [["一百元"]])
    assert _text(office, "订单", _column("status", 2, 2)) == "错误"
    reason = _text(office, "订单", _column("reason", 2, 2))
    assert "“一百元”" in reason
    assert "订单实付金额" in reason
    fees = _read(office, "total_fee_cny", 17)
    assert fees[:1] + fees[2:] == before[:1] + before[2:]
    assert fees[1] == ""
    # An amount that is a text has fees, but no sum counts it; a number is none.
    assert "是文本" not in _text(office, "订单", "D4")
    office.write("订单", _column("paid_cny", 3, 3), [["'¥88"]])
    assert _text(office, "订单", _column("status", 3, 3)) != "错误"
    assert "有 1 行的实付金额是文本" in _text(office, "订单", "D4")
    office.write("订单", _column("paid_cny", 3, 3), [["88"]])

    rows = [["88"], ["89"], ["90"]]
    office.write("订单", _column("paid_cny", 70, 72), rows)
    told = _text(office, "订单", "D4")
    assert "有 3 行超出实时计算的 60 行" in told
    assert "Update" in told or "更新" in told
    office.write("订单", _column("paid_cny", 70, 72), [[""]] * 3)

    before = _read(office, "total_fee_cny", 17)
    quoted = [isinstance(quote, float) for quote in _read(office, "logistics_cny", 17)]
    at = place("total_fee_cny")
    office.delete("订单", cell(FIRST, place("weight_g")), columns=True)
    now = [row[0] for row in office.values("订单", f"{cell(FIRST, at)}:{cell(FIRST + 16, at)}")]
    kept = [
        pair for pair, given in zip(zip(before, now, strict=True), quoted, strict=True) if given
    ]
    assert len(kept) > 10
    assert all(old == new for old, new in kept)
    at = place("reason")
    reasons = office.values("订单", f"{cell(FIRST, at)}:{cell(FIRST + 16, at)}")
    assert "没有物流费报价，也没有实重" in str(reasons)
    paid = cell(FIRST, place("paid_cny"))
    office.delete("订单", paid, columns=True)
    assert "订单实付金额" in _text(office, "订单", "D4")
    assert "✔" in _text(office, "首页", "A4")


def test_totals_stay_those_of_python(office: Office, tmp_path: Path) -> None:
    run(office, 12, 5, tmp_path, print)
