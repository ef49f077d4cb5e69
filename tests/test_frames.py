"""``import sellersheet``: frames in, frames out, in both languages."""

import datetime as dt
import doctest
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

import sellersheet
from sellersheet import frames, shop_frames, tables
from sellersheet.columns import OUTPUT, TABLES
from sellersheet.wording import Lang

DAY = dt.date(2024, 8, 1)
EARLY = dt.date(2024, 6, 30)
Function = Callable[..., pd.DataFrame]
ORDERS = {"实付金额": ["¥100.00"], "系统报价": [22.60]}
PARCELS = {"目的国": ["西班牙"], "实重": [80]}
DEPOSITS = {"base_usd": [500], "risk": [1.3], "shop_dispute_rate": [0.015]}
DEPOSITS |= {"category_dispute_rate": ["1%"]}
SHOPS: dict[str, list[Any]] = {
    "shop_age_days": [180], "violations_90d": [0], "sell_through": ["65%"],
    "positive_rate": [0.955], "warehouse": ["菜鸟优选仓（义乌）"],
}  # fmt: skip
PRICES = {"cost_cny": [30], "logistics_cny": [22.6], "margin": [0.2]}
FUNCTIONS: list[tuple[Function, dict[str, list[Any]], str, str]] = [
    (sellersheet.semi_fee, ORDERS, "orders", "results"),
    (sellersheet.logistics_fee, PARCELS, "parcels", "parcel_results"),
    (sellersheet.order_deposit, DEPOSITS, "deposits", "deposit_results"),
    (sellersheet.eligibility, SHOPS, "shops", "shop_results"),
    (sellersheet.price_for_margin, PRICES, "prices", "price_results"),
]
NAMES = [function.__name__ for function, *_ in FUNCTIONS]


def _run(function: Function, data: dict[str, list[Any]], **more: Any) -> pd.DataFrame:
    return function(pd.DataFrame(data), **{"as_of": DAY, "lang": "zh", **more})


def test_examples_in_the_docstrings() -> None:
    for module in (sellersheet, frames, shop_frames):
        result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
        assert result.failed == 0
        assert result.attempted > 0, module


def test_everything_offered_is_there_and_documented() -> None:
    for name in sellersheet.__all__:
        assert getattr(sellersheet, name).__doc__, name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sellersheet.no_such_name


@pytest.mark.parametrize(("function", "data", "given", "results"), FUNCTIONS, ids=NAMES)
def test_rows_columns_and_index_stay(
    function: Function, data: dict[str, list[Any]], given: str, results: str
) -> None:
    frame = pd.DataFrame({"备注": ["=1"], **data}).astype(object).loc[[0, 0, 0]]
    frame.index = pd.Index(["c", "a", "b"])
    frame.iloc[1, 1] = "坏"
    before = frame.copy()
    for lang in ("zh", "en"):
        found = function(frame, as_of=DAY, lang=lang)
        assert list(found.index) == ["c", "a", "b"]
        assert list(found.columns[: frame.shape[1]]) == list(frame.columns)
        added = list(found.columns[frame.shape[1] :])
        assert added[-2:] == ["status", "reason"]
        assert set(added) <= {column.key for column in TABLES[results]}
        words: dict[str, list[str]] = {"zh": ["错误", "坏"], "en": ["error", "坏"]}
        assert found["status"].iloc[1] == words[lang][0]
        assert words[lang][1] in found["reason"].iloc[1]
        assert found[added[:-2]].iloc[1].isin(["", None]).all() or (
            found[added[:-2]].iloc[1].isna().all()
        )
        assert found["status"].iloc[0] != words[lang][0]
        assert found.iloc[0].equals(found.iloc[2])
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(("function", "data", "given", "results"), FUNCTIONS, ids=NAMES)
def test_blank_rows_stay_blank(
    function: Function, data: dict[str, list[Any]], given: str, results: str
) -> None:
    frame = pd.DataFrame(data).astype(object)
    frame.loc[1] = None
    found = function(frame, as_of=DAY, lang="zh")
    assert found["status"].iloc[1] == ""
    assert found["reason"].iloc[1] == ""


@pytest.mark.parametrize(
    ("function", "data"),
    [item[:2] for item in FUNCTIONS if item[0] is not sellersheet.logistics_fee],
    ids=[name for name in NAMES if name != "logistics_fee"],
)
def test_before_the_rules_there_is_no_result(
    function: Function, data: dict[str, list[Any]]
) -> None:
    said: dict[Lang, str] = {"zh": "2024-07-01，没有可用的规则", "en": "on record (2024-07-01)"}
    for lang, words in said.items():
        found = _run(function, data, as_of=EARLY, lang=lang).iloc[0]
        assert words in found["reason"]
    own = {**data, "order_date" if function is sellersheet.semi_fee else "as_of": [DAY]}
    assert _run(function, own, as_of=EARLY)["reason"].tolist() == [""]


@pytest.mark.parametrize(("function", "data", "given", "results"), FUNCTIONS, ids=NAMES)
def test_a_table_that_can_not_be_read_is_a_problem(
    function: Function, data: dict[str, list[Any]], given: str, results: str
) -> None:
    required = [column for column in TABLES[given] if column.required]
    with pytest.raises(sellersheet.Problem) as caught:
        _run(function, {"别的": [1]})
    if required:
        assert required[0].zh in caught.value.text("zh")
        assert required[0].en in caught.value.text("en")
    with pytest.raises(tables.TableProblem):
        function(pd.DataFrame(data).iloc[:0], as_of=DAY)


def test_semi_fee_golden() -> None:
    cases = pd.DataFrame(
        {
            "paid": ["100"] * 8,
            "logistics": ["22.60"] * 8,
            "inbound_days": [1, 4, 1, 4, 4, 1, 1, 3],
            "standard_box": ["是", "是", "否", "否", "否", "是", "是", "是"],
            "parcel": ["", "", "", "", "大件", "", "", ""],
            "return_case": ["", "", "", "", "", "buyer", "seller", ""],
        }
    )
    found = sellersheet.semi_fee(cases, as_of=DAY, lang="en")
    assert found["total_fee_cny"].tolist() == [31.3, 34.3, 32.8, 35.8, 38.6, 26.1, 32.1, 31.3]
    assert found["status"].tolist() == ["ok"] * 5 + ["warning"] * 2 + ["note"]
    assert list(found.columns[6:]) == [column.key for column in OUTPUT]
    small = sellersheet.semi_fee(
        pd.DataFrame({"paid": [0.10, 0.43, 1.00, 3.00], "logistics": [0] * 4}), as_of=DAY
    )
    assert small["service_fee_cny"].tolist() == [0.0, 0.02, 0.04, 0.11]


def test_semi_fee_with_policy_card_fx_and_costs() -> None:
    policy = sellersheet.load_policy().with_overrides(
        [{"name": "operation_fee", "value": "6.00"}], origin="test"
    )
    card = sellersheet.read_card(
        pd.DataFrame({"country": ["FR"], "to_g": [500], "per_kg": [10], "currency": ["USD"],
                      "start": ["2024-07-01"]})
    )  # fmt: skip
    costs = sellersheet.SkuCosts.of(
        tables.read_table(pd.DataFrame({"sku": ["K"], "cost_cny": [20]}), "sku_costs")
    )
    orders = pd.DataFrame(
        {"paid": ["$20"], "country": ["法国"], "weight": [100], "sku": ["K"], "qty": [2]}
    )
    found = sellersheet.semi_fee(
        orders, as_of=DAY, policy=policy, card=card, fx=sellersheet.FxRates.fixed({"USD": "7"}),
        sku_costs=costs, lang="en",
    ).iloc[0]  # fmt: skip
    assert found["service_fee_cny"] == 4.90
    assert found["operation_fee_cny"] == 6.00
    assert found["logistics_fee_cny"] == 7.00
    assert found["profit_cny"] == pytest.approx(140 - 17.90 - 40)


def test_logistics_fee_by_the_shipped_card() -> None:
    found = _run(
        sellersheet.logistics_fee,
        {"country": ["ES", "Spain", "ES", "FR", "ES"], "weight_g": [80, 89, 90, 80, 80],
         "length_cm": [None, None, None, None, 10], "width_cm": [None, None, None, None, 10],
         "height_cm": [None, None, None, None, 10]},
        lang="en",
    )  # fmt: skip
    fees = [None if pd.isna(fee) else fee for fee in found["logistics_fee_cny"]]
    assert fees == [22.6, 22.6, None, None, None]
    assert found["chargeable_g"].tolist()[:2] == [80, 89]
    assert found["status"].tolist() == ["note", "note", "warning", "warning", "warning"]
    assert "no band" in found["reason"][2]
    assert "destination" in found["reason"][3]
    assert "divisor" in found["reason"][4]


def test_order_deposit_golden() -> None:
    found = _run(
        sellersheet.order_deposit,
        {
            "base_usd": [500, 500, 500, 5000, 1000, 1000],
            "risk": [0.8, 1.3, 1.3, 1.3, 0, 0],
            "shop_dispute_rate": [0.01, 0.015, 0.005, 0.02, 0.0121, 0.03],
            "category_dispute_rate": [0.01] * 6,
        },
    )
    assert found["deposit_usd"].tolist() == [900.0, 1725.0, 575.0, 17_250.0, 1210.0, 1500.0]
    assert found["deviation_used"].tolist() == [0, 0.5, -0.5, 0.5, 0.21, 0.5]
    assert found["status"].tolist() == ["正常", "正常", "正常", "提示", "正常", "正常"]
    assert "$5,000.00" in found["reason"][3]


@pytest.mark.parametrize(("rate", "mean"), [(65, 0.01), (0.01, 0), (-0.1, 0.01), ("x", 0.01)])
def test_order_deposit_refuses(rate: Any, mean: Any) -> None:
    case = {**DEPOSITS, "shop_dispute_rate": [rate], "category_dispute_rate": [mean]}
    found = _run(sellersheet.order_deposit, case, lang="en").iloc[0]
    assert pd.isna(found["deposit_usd"])
    assert found["status"] == "error"


def test_eligibility() -> None:
    shops = pd.DataFrame(SHOPS).loc[[0] * 6].reset_index(drop=True).astype(object)
    shops["category"] = ["", "手机壳", "医疗器械", "汽配", "", ""]
    shops["country"] = ["", "ES", "", "", "BR", ""]
    shops.loc[5, "shop_age_days"] = 179
    found = sellersheet.eligibility(shops, as_of=DAY, lang="zh")
    assert found["eligible"].tolist() == ["TRUE", "TRUE", "FALSE", "", "", "FALSE"]
    assert found["E9"].tolist() == ["未查", "PASS", "FAIL", "UNKNOWN", "未查", "未查"]
    assert found["E10"].tolist()[1] == "PASS"
    assert found["E1"].tolist()[-1] == "FAIL"
    assert "UNKNOWN" in found["reason"][3]
    few = sellersheet.eligibility(pd.DataFrame({"shop_age_days": [200]}), as_of=DAY, lang="en")
    assert few[["E1", "E2", "E5", "eligible"]].iloc[0].tolist() == [
        "PASS",
        "UNKNOWN",
        "UNKNOWN",
        "",
    ]


def test_price_for_margin_is_the_smallest() -> None:
    found = _run(sellersheet.price_for_margin, {**PRICES, "margin": [0.2]}).iloc[0]
    price = Decimal(str(found["price_cny"]))
    for cents, reached in ((price, True), (price - Decimal("0.01"), False)):
        orders = {"paid": [str(cents)], "logistics": ["22.6"], "cost_cny": [30]}
        margin = _run(sellersheet.semi_fee, orders)["profit_cny"].iloc[0] / float(cents)
        assert (margin >= 0.2) == reached
    impossible = _run(sellersheet.price_for_margin, {**PRICES, "margin": [0.97]}).iloc[0]
    assert pd.isna(impossible["price_cny"])
    assert "任何售价都达不到目标" in impossible["reason"]
    even = _run(sellersheet.price_for_margin, {"cost_cny": [30], "logistics_cny": [22.6]}).iloc[0]
    assert 0 <= even["profit_cny"] < 0.02
