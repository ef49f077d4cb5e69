"""CHARGEABLEWEIGHT and LOGISTICSFEE: cells in, cells out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import CHARGEABLEWEIGHT, LOGISTICSFEE
from tests.cases import Case, load, text
from tests.examples import examples
from tests.excel_cases import column

BAND = {
    "from_g": "band_from_g", "to_g": "band_to_g", "first_g": "first_g",
    "first_price": "first_price", "step_g": "step_g", "step_price": "step_price",
    "per_kg": "per_kg", "registration": "registration", "divisor": "divisor",
    "round_g": "round_g", "min_g": "min_g",
}  # fmt: skip
PARCEL = ("weight_g", "length_cm", "width_cm", "height_cm")
CARD = (
    ("目的国", "物流线路", "重量起(克)", "重量止(克)", "首重价格", "币种", "生效日期"),
    ("FR", "A", 0.0, 100.0, 10.0, "CNY", 45474.0),
    ("FR", "B", 0.0, 100.0, 12.0, "CNY", "2024-07-01"),
    ("德国", "A", 0.0, 100.0, 2.0, "USD", 45474.0),
)
FX = (("currency", "start", "rate"), ("USD", None, 7.25))


def number(cell: str | None) -> float | str | None:
    return cell if cell in (None, "unknown") else float(cell)


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in load("freight")])
def test_by_a_rate_card(case: Case) -> None:
    band = {key: number(case[named]) for key, named in BAND.items()}
    band["divisor"] = band["divisor"] or "none"
    card = (("country", *band, "start"), ("ES", *band.values(), 45474.0))
    parcel = [number(case[key]) for key in PARCEL]
    fee = case["logistics_fee_cny"]
    wanted = float(fee) if fee else "#N/A"
    assert LOGISTICSFEE("ES", *parcel, rates=card) == wanted
    blocks = [column(cell, None, cell) for cell in ("西班牙", *parcel)]
    assert LOGISTICSFEE(*blocks, rates=card) == [(wanted,), ("",), (wanted,)]


class TestFee:
    def test_the_shipped_price(self) -> None:
        assert LOGISTICSFEE("ES", 89) == LOGISTICSFEE("西班牙", "89") == 22.6
        assert LOGISTICSFEE("Spain", 89.5) == "#N/A"
        assert LOGISTICSFEE("FR", 50) == "#N/A"
        assert LOGISTICSFEE("ES", 89, 10, 10, 10) == "#N/A"  # its divisor is unknown
        assert LOGISTICSFEE("ES", 89, as_of="2024-06-30") == "#N/A"

    @pytest.mark.parametrize(
        "later",
        [
            [("FR", "A", 0.0, 100.0, "x", "CNY", 45536.0)],
            [
                ("FR", "a", 0.0, 100.0, 11.0, "CNY", 45536.0),
                ("FR", "A", 50.0, 100.0, 9.0, "", 45536.0),
            ],
            [("FR", "A", 100.0, 50.0, 11.0, "CNY", 45536.0)],
        ],
    )
    def test_no_older_price_counts_in_place_of_a_wrong_one(self, later: list[Any]) -> None:
        rates = (*CARD, *later, ("FR", "A", 100.0, 200.0, 20.0, "CNY", 45566.0))
        fees = [LOGISTICSFEE("FR", 80, line="A", as_of=day, rates=rates)
                for day in ("2024-08-31", "2024-09-01", "2024-10-01")]  # fmt: skip
        assert fees == [10.0, "#N/A", "#N/A"]
        assert LOGISTICSFEE("FR", 150, line="A", as_of="2024-10-01", rates=rates) == 20.0
        assert LOGISTICSFEE("FR", 80, line="B", as_of="2024-09-01", rates=rates) == 12.0
        undated = (*CARD, ("FR", "A", 0.0, 100.0, 11.0, "CNY", "soon"))
        assert LOGISTICSFEE("FR", 80, line="A", as_of="2024-08-31", rates=undated) == "#N/A"

    def test_blank_and_wrong(self) -> None:
        assert LOGISTICSFEE(None, None) == ""
        assert LOGISTICSFEE("ES", None) == LOGISTICSFEE(None, 89) == "#N/A"
        assert LOGISTICSFEE("月球", 89) == LOGISTICSFEE("ES", -1) == "#VALUE!"
        assert LOGISTICSFEE("#REF!", 89) == "#REF!"

    def test_lines_and_currencies(self) -> None:
        assert LOGISTICSFEE("FR", 50, line="B", rates=CARD) == 12
        assert LOGISTICSFEE("FR", 50, rates=CARD) == "#N/A"  # two lines to choose from
        assert LOGISTICSFEE("DE", 50, rates=CARD) == "#N/A"  # no exchange rate
        assert LOGISTICSFEE("DE", 50, rates=CARD, fx=FX) == 14.5
        found = LOGISTICSFEE(column("FR", "DE", "FR"), 50, line=column("A", None, "B"), rates=CARD)
        assert found == [(10,), ("#N/A",), (12,)]

    def test_a_changed_cell_of_the_card_changes_the_fee(self) -> None:
        changed = (*CARD[:1], (*CARD[1][:4], 11.0, *CARD[1][5:]), *CARD[2:])
        for _ in range(2):
            assert LOGISTICSFEE("FR", 50, line="A", rates=CARD) == 10
            assert LOGISTICSFEE("FR", 50, line="A", rates=changed) == 11

    @pytest.mark.parametrize("rates", ["", [(None, "")] * 2, CARD[:1]])
    def test_a_card_without_rows_leaves_the_shipped_one(self, rates: Any) -> None:
        assert LOGISTICSFEE("ES", 89, rates=rates) == 22.6

    def test_a_range_that_is_no_card(self) -> None:
        assert LOGISTICSFEE("ES", 89, rates=(("FR", 10.0),)) == "#VALUE!"

    @settings(max_examples=examples(40))
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([None, "ES", "FR", "德国", "月球", "#N/A", 5.0]),
                st.one_of(st.none(), st.floats(-1, 200), st.sampled_from(["x", "89 g"])),
                st.sampled_from([None, 0.0, 10.0]),
                st.sampled_from([None, 10.0]),
                st.sampled_from([None, 10.0, "宽"]),
                st.sampled_from([None, "A", "b", "标准小包"]),
                st.sampled_from([None, 45474.0, "2024-06-30"]),
            ),
            min_size=2,
            max_size=8,
        )
    )
    def test_a_range_is_its_cells_one_by_one(self, rows: list[tuple[Any, ...]]) -> None:
        rows = [*rows, ("ES", 89.0, None, None, None, None, None)]  # the last row is in use
        columns = [column(*cells) for cells in zip(*rows, strict=True)]
        for ranges in ({}, {"rates": CARD, "fx": FX}):
            found = [cell for (cell,) in LOGISTICSFEE(*columns, **ranges)]
            assert found == [LOGISTICSFEE(*row, **ranges) for row in rows]


@pytest.mark.parametrize(
    ("arguments", "grams"),
    [
        ((500, 30, 20, 15, 8000), 1125), ((2000, 30, 20, 15, 8000), 2000),
        ((500, 30, 20, 15, None), "#N/A"), ((500, None, 20, 15, 8000), "#N/A"),
        ((500, 30, None, None, 8000), "#N/A"), ((500, 30, 20, 15, "未知"), "#N/A"),
        ((500, 30, 20, 15, "unknown"), "#N/A"), ((500, 30, 20, 15, "不计"), 500),
        ((500, None, 20, 15, "none"), 500), ((500, None, None, None, "unknown"), 500),
        ((500, 30, 20, 15, "8,000"), 1125), ((500, 30, 20, 15, 0.5), "#VALUE!"),
        ((500, 30, 20, 15, "0"), "#VALUE!"), ((500, 30, 20, 15, False), "#VALUE!"),
        ((500, 0, 0, 0, 8000), 500),
        ((89.5, None, None, None, None), 89.5), ((None, None, None, None, None), ""),
        ((None, 30, 20, 15, 8000), ""), ((500, 30, 20, 15, 0), "#VALUE!"),
        ((500, -30, 20, 15, 8000), "#VALUE!"), ((500, 30, "宽", 15, 8000), "#VALUE!"),
        ((1e308, 30, 20, 15, 8000), "#VALUE!"), ((1, 1000, 1000, 1000, 1), 1e12),
        ((500, 30, 20, 15, "#DIV/0!"), "#DIV/0!"),
    ],
)  # fmt: skip
def test_chargeable_weight(arguments: tuple[Any, ...], grams: Any) -> None:
    assert CHARGEABLEWEIGHT(*arguments) == grams
    found = CHARGEABLEWEIGHT(
        *(column(c, d) for c, d in zip(arguments, (500, 30, 20, 15, 8000), strict=True))
    )
    assert found == [(grams,), (1125,)]
