"""Every value of the policy changed once: each place that uses it follows, none keeps to its own.

A probe is a function, a frame function or a command with cases on both sides of its limits. What
it reads is noted while it runs; each value read is changed, and the answer must be another one.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import sellersheet
from sellersheet import functions
from sellersheet.facts import facts
from sellersheet.functions.ranges import CallTerms
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.policy import Policy, load
from sellersheet_workbook.template import TITLES, committed
from tests.command_line import call
from tests.own_values import SHIPPED, overlay, reads

CAPSYS = pytest.CaptureFixture[str]
DAY = dt.date(2024, 12, 1)
YIWU = "菜鸟优选仓义乌"
ORDERS = pd.DataFrame(
    {
        "paid_cny": [100, 100, 100, 100, 100, 100],
        "logistics_cny": [22.6, 22.6, 22.6, 22.6, 22.6, None],
        "parcel": ["大件", None, None, None, None, None],
        "inbound_days": [5, 2, 4, 4, 1, 1],
        "standard_box": ["否", None, None, None, None, None],
        "return_case": [None, "买家退货", "buyer", "buyer_failed", "seller", None],
        "refund_cny": [None, 1, 1, 1, 1, None],
        "cost_cny": [10] * 6,
        "country": "ES",
        "weight_g": 80,
    }
)
CELLS = (
    tuple(ORDERS.columns),
    *ORDERS.astype(object).where(ORDERS.notna(), None).itertuples(index=False, name=None),
)
SHOP = {
    "shop_age_days": 180.0,
    "violations_90d": 0.0,
    "sell_through": 0.65,
    "positive_rate": 0.955,
    "warehouse": YIWU,
}
BAD_SHOP = {**SHOP, "shop_age_days": 179.0, "violations_90d": 1.0, "sell_through": 0.4,
            "positive_rate": 0.5, "warehouse": "上海保税仓"}  # fmt: skip
PAPERS = (("营业执照", "是", 7), ("法人身份证", "是", None), ("对公账户流水", "是", 50000),
          ("对公流水月数", None, 3), ("协议", "否", None))  # fmt: skip
SITUATION: dict[str, Any] = {
    "category": "消费电子",
    "weekly_growth": ((0.36,), (0.36,)),
    "flash_first": True,
    "sku_price_usd": 35.0,
    "fulfilment_rate": 0.94,
    "false_shipments": 2.0,
    "monthly_growth": ((0.26,), (0.26,), (0.26,), (0.26,)),
    "tracking_delay": 0.06,
    "battery": True,
    "ru_br_share": 0.6,
    "cainiao_without_aplus": True,
    "promotion": "双11",
}
READY = (180.0, "企业", True, 0.0, True, 0.985)
FEES = ((100, 22.6, "大件", 5, False), (100, 22.6, None, 4, True, "buyer"), (100, 22.6, None, 2),
        (100, 22.6, None, 4, True, "buyer_failed"), (100, 22.6, None, 1, True, "seller"),
        (100, 22.6, None, 1, True, "买家退货"))  # fmt: skip
SUMMED = (
    ("country", "paid_cny", "total_fee_cny", "service_fee_cny", "inbound_days"),
    *(("ES", 100.0, 31.3, 3.5, days) for days in (2.0, 3.0, 4.0)),
)
MODE = (100.0, 30.0, 22.6, 25.0, 3.0, 45.0)
HAS_POLICY = {
    name
    for name, item in FUNCTIONS.items()
    if "policy" in [argument.name for argument in item.arguments]
}
# Function -> its calls.
CALLS: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "SEMIFEE": [(case, {}) for case in FEES],
    "SEMIFEE_DETAIL": [(case, {}) for case in FEES],
    "EXPLAIN": [(case, {}) for case in FEES],
    "ORDERTABLE": [((CELLS,), {})],
    "SUMMARY": [((SUMMED, "country"), {})],
    "SAVINGS": [
        (("ES", 80, None, None, None, None, days, box), {})
        for days, box in ((5, False), (2, True), (4, True))
    ],
    "ISOVERSIZE": [((2000.5, 1, 1, 1), {}), ((1, 60.5, 1, 1), {}), ((1, 30.5, 30, 30), {})],
    "RETURNPENALTY": [((1000, 0.12, 0.08, 5), {})],
    "RETURNCURVE": [((1000, 0.08), {"seller_fault_orders": 5})],
    "ELIGIBLE": [
        ((), SHOP),
        ((), BAD_SHOP),
        *(((), {**SHOP, name: BAD_SHOP[name]}) for name in SHOP),
        ((), {**SHOP, "category": "手机壳"}),
        ((), {**SHOP, "category": "医疗器械"}),
        ((), {**SHOP, "country": "ES"}),
    ],
    "ELIGIBLE_DETAIL": [
        ((), {**BAD_SHOP, "category": "手机壳", "country": "ES"}),
        ((), {**SHOP, "category": "风筝"}),
        ((), {**SHOP, "category": "医疗器械", "documents": PAPERS, "entity": "个体户"}),
        ((), SHOP),
    ],
    "CATEGORYCHECK": [(("手机壳",), {}), (("医疗器械",), {})],
    "ORDERDEPOSIT": [((500, "蓝牙耳机", 0.02, 0.01), {})],
    "ORDERDEPOSIT_DETAIL": [((500, "蓝牙耳机", 0.02, 0.01), {})],
    "DEPOSITLIMIT": [((budget, 500, "蓝牙耳机", 0.01), {}) for budget in (575, 1000, 1725)],
    "DEPOSITLIMIT_DETAIL": [
        ((budget, 3000, "蓝牙耳机", 0.01, 50), {}) for budget in (3450, 5000, 10350)
    ],
    "DEPOSITBASE": [
        ((300, 4.78, "服饰", True), {}),
        ((300, 4.78, "裙装改", True), {}),
        ((6000, None, "数码配件", None, True), {}),
        ((300, 4.78, "童装", True), {}),
    ],
    "DEPOSITTRIGGER": [((), SITUATION), ((), {**SITUATION, "category": "服装"})],
    "TRIGGERROOM": [
        ((((200,), (280,), (390,)), 1000, 60, 16, 60, "消费电子"), {}),
        ((((200,), (280,)), 1000, 40, 10, 30, "服装"), {}),
    ],
    "DEPOSITREADY": [(READY, {}), ((170.0, "个体户", False, 1.0, False, 0.4), {})],
    "DEPOSITPLAN": [((5000, "Payoneer", dt.datetime(2024, 12, 2, 10)), {}), ((5000, "支付宝"), {})],
    "DEPOSITCALENDAR": [
        (("2024-12-02 10:00", amount, channel), {"yearly_rate": 0.06})
        for amount, channel in ((2000, "Payoneer"), (5000, "Payoneer"), (5000, "支付宝"))
    ],
    "PROFIT": [((case[0], 10, *case[1:]), {"refund": 1}) for case in FEES],
    "PROFIT_DETAIL": [((case[0], 10, *case[1:]), {"refund": 1}) for case in FEES],
    "BREAKEVEN": [((30, 22.6, "大件", 4, False), {})],
    "PRICEFORMARGIN": [((0.2, 30, 22.6, "大件", 4, False), {})],
    "MODECOMPARE": [(MODE, {})],
    "MODEVOLUME": [(MODE[:5], {"self_fixed": 1500})],
    "FAILCODE": [(("E102",), {}), (("ERR_DEP_403",), {})],
    "SYNCDEADLINE": [(("2024-10-08 09:00",), {})],
    "AFTERSALESDEADLINE": [(("2024-10-08 09:00", mode), {}) for mode in ("semi", "self")],
    "REVIEWDATE": [
        ((what, "2024-10-08 09:00"), {})
        for what in (
            "notice",
            "due",
            "recalculation",
            "reduction",
            "rereview",
            "application",
            "release",
        )
    ],
    "POLICYVALUE": [((name,), {"field": "shown"}) for name in SHIPPED.names],
    "FACTS": [((), {})],
}
FRAMES: dict[str, Callable[[Policy], Any]] = {
    "semi_fee": lambda own: sellersheet.semi_fee(ORDERS, as_of=DAY, policy=own, lang="zh"),
    "logistics_fee": lambda own: sellersheet.logistics_fee(
        pd.DataFrame({"country": ["ES"], "weight_g": [80]}), as_of=DAY, policy=own, lang="zh"
    ),
    "order_deposit": lambda own: sellersheet.order_deposit(
        pd.DataFrame(
            {
                "base_usd": [500],
                "risk": ["蓝牙耳机"],
                "shop_dispute_rate": [0.02],
                "category_dispute_rate": [0.01],
            }
        ),
        as_of=DAY,
        policy=own,
        lang="zh",
    ),
    "eligibility": lambda own: sellersheet.eligibility(
        pd.DataFrame(
            [
                SHOP,
                BAD_SHOP,
                {**SHOP, "category": "手机壳", "country": "ES"},
                {**SHOP, "category": "医疗器械"},
            ]
        ),
        as_of=DAY,
        policy=own,
        lang="zh",
    ),
    "price_for_margin": lambda own: sellersheet.price_for_margin(
        pd.DataFrame(
            {
                "cost_cny": [30],
                "logistics_cny": [22.6],
                "margin": [0.2],
                "parcel": ["大件"],
                "inbound_days": [4],
                "standard_box": ["否"],
            }
        ),
        as_of=DAY,
        policy=own,
        lang="zh",
    ),
    "payment_plan": lambda own: sellersheet.payment_plan(
        5000, "P卡", notice=dt.datetime(2024, 12, 2, 10), as_of=DAY, policy=own
    ),
}
ELIGIBLE = "eligible --age 179 --violations 1 --sell-through 60% --positive 95%"
# Command -> its calls.
COMMANDS = {
    "quote": (
        "quote --paid 100 --logistics 22.6 --inbound-days 5 --parcel 大件 --standard-box 否",
        "quote --paid 100 --country ES --weight 80 --inbound-days 2 --return seller",
        "quote --paid 100 --logistics 1 --return buyer",
        "quote --paid 100 --logistics 1 --return buyer_failed",
        "quote --paid 100 --logistics 1 --return 买家退货",
    ),
    "deposit": (
        "deposit --base 5000 --risk 蓝牙耳机 --shop-rate 2% --category-rate 1%"
        " --channel P卡 --notice '2024-12-02 10:00'",
    ),
    "eligible": (
        f"{ELIGIBLE} --warehouse {YIWU} --category 手机壳 --country ES"
        " --entity 个体户 --document 营业执照=7 --document 对公账户流水=50000,50000,50000",
        "eligible --age 200 --category 医疗器械",
        f"eligible --age 180 --violations 0 --sell-through 65% --positive 95.5% --warehouse {YIWU}",
    ),
    "base": (
        "base --orders 300 --dsr 4.78 --category 童装 --new-shop 是",
        "base --orders 6000 --category 数码配件 --battery-3c 是",
    ),
    "triggers": (
        "triggers --category 消费电子 --weekly-growth 36% --weekly-growth 36% --flash-first 是"
        " --price 35 --fulfilment 94% --false-shipments 2 --monthly-growth 26%"
        " --monthly-growth 26% --monthly-growth 26% --monthly-growth 26% --tracking-delay 6%"
        " --battery 是 --ru-br-share 60% --cainiao-without-aplus 是 --promotion 双11",
        "triggers --category 服装 --false-shipments 2 --cainiao-without-aplus 是",
    ),
    "limit": (
        "limit --budget 1725 --base 500 --risk 蓝牙耳机 --category-rate 1% --orders 50",
        "limit --budget 6900 --base 3000 --risk 蓝牙耳机 --category-rate 1%",
    ),
    "room": (
        "room --weekly-orders 200 --weekly-orders 280 --parcels 1000 --late 60"
        " --missing-tracking 16 --late-uploads 60 --category 消费电子",
        "room --weekly-orders 200 --weekly-orders 280 --category 服装",
    ),
    "calendar": (
        "calendar --approved 2024-12-02 --amount 2000 --channel Payoneer --yearly-rate 6%",
        "calendar --approved 2024-12-02 --amount 5000 --channel Payoneer",
        "calendar --approved 2024-12-02 --amount 5000 --channel 支付宝",
    ),
    "savings": (
        "savings --country ES --weight 80 --inbound-days 5 --standard-box 否",
        "savings --inbound-days 2",
        "savings --inbound-days 4",
    ),
    "ready": (
        "ready --licence-days 180 --entity 企业 --certified 是 --violations 0 --alp 是"
        " --tracking 98.5%",
        "ready --licence-days 9 --entity 个体户 --certified 否 --violations 1 --alp 否"
        " --tracking 9%",
    ),
    "deadlines": (
        "deadlines --inbound 2024-10-08 --request 2024-10-08 --approved 2024-10-08"
        " --notice 2024-10-08 --calculated 2024-10-08 --reduction 2024-10-08"
        " --refused 2024-10-08 --applied 2024-10-08 --left 2024-10-08",
        "deadlines --request 2024-10-08 --self-run",
    ),
}
# No rule calculates with these: they are words and figures to be shown. Each of them is shown by
# ``policy show``, ``facts``, POLICYVALUE and FACTS, and follows there.
ONLY_SHOWN = {
    "deviation_formula",
    "dispute_window_days",
    "standard_box_cm",
    "refund_conditions",
    "health_path",
    "payment_failures",
    "ticket_path",
    "deposit_facts",
    "store_deposit",
    "fast_review_hours",
    "join_refused_share",
    "sku_attributes_total",
    "sku_attributes_named",
    "failure_path",
    "mode_control_matrix",
    "semi_fit",
    "semi_fit_markets",
    "published_roi_full",
    "published_roi_semi",
    "published_roi_self",
    "fulfilment_cost_saving",
    "delivered_rate_apparel",
    "delivered_gain_points",
    "logistics_fault_semi",
    "logistics_fault_mean",
    "reduction_published_full_refunds",
}


# What a function computes along the way though its question has none of it.
_RETURNS = {"buyer_return_refund_rate", "failed_inspection_refund_rate", "seller_fault_subsidy"}
_NEVER_ASKED = {*_RETURNS, "oversize_surcharge", "rush_fee", "rush_after_days", "repack_fee"}
COMPUTED_ALONG = {
    "ORDERDEPOSIT": {"deposit_flag_above"},
    "DEPOSITLIMIT": {"deposit_flag_above"},
    "BREAKEVEN": _RETURNS,
    "PRICEFORMARGIN": _RETURNS,
    "price_for_margin": _RETURNS,
    "MODECOMPARE": _NEVER_ASKED,
    "MODEVOLUME": _NEVER_ASKED,
}
# The command ``deposit`` shows its formula, no function does.
IN_COMMANDS = {"deposit_formula"}


def of_function(name: str) -> Callable[[Policy], Any]:
    """All cases of a function, with a policy."""

    def probe(own: Policy) -> Any:
        function = getattr(functions, name)
        used = CallTerms(own, "zh")
        return [function(*args, **more, policy=used, as_of=DAY) for args, more in CALLS[name]]

    return probe


PROBES: dict[str, Callable[[Policy], Any]] = {
    **{name: of_function(name) for name in CALLS},
    **FRAMES,
}


def told(probe: Callable[[Policy], Any], own: Policy) -> str:
    """What a probe gives, or the sentence with which it refuses."""
    try:
        found = probe(own)
    except sellersheet.Problem as problem:
        return problem.text("zh")
    return str(found.to_csv(index=False)) if isinstance(found, pd.DataFrame) else repr(found)


def copy() -> Policy:
    """The shipped values in a policy of its own: what is read of it is not read of the shipped."""
    values = {name: SHIPPED.value(name) for name in SHIPPED.names}
    return Policy(SHIPPED.version, SHIPPED.sources, values)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Value -> the policy file that changes it."""
    folder = tmp_path_factory.mktemp("own")
    return {name: overlay(name, folder) for name in SHIPPED.names}


@pytest.fixture(scope="module")
def changed(files: dict[str, Path]) -> dict[str, Policy]:
    return {name: load(file) for name, file in files.items()}


def test_every_function_with_a_policy_is_tried() -> None:
    assert set(CALLS) == HAS_POLICY
    dated = {n for n, f in FUNCTIONS.items() if "as_of" in [a.name for a in f.arguments]}
    assert dated >= HAS_POLICY
    # The others: their freight is a range of its own, they compare nothing with a rule, or they
    # take two policies (tests/test_rule_diff.py).
    assert set(FUNCTIONS) - HAS_POLICY == {"CHARGEABLEWEIGHT", "LOGISTICSFEE", "RULEDIFF"}


@pytest.mark.parametrize("name", PROBES)
def test_what_is_read_is_followed(name: str, changed: dict[str, Policy]) -> None:
    probe, own = PROBES[name], copy()
    with reads() as noted:
        before = told(probe, own)
    assert not noted.names(SHIPPED), "a built-in value was read in place of the user's"
    values = noted.names(own)
    assert values
    for value in sorted(values):
        with reads() as noted:
            after = told(probe, changed[value])
        same = value in COMPUTED_ALONG.get(name, set())
        assert (after == before) == same, f"{name} reads {value} and keeps to the built-in one"
        assert not noted.names(SHIPPED)


def test_every_value_is_used_or_named_as_only_shown() -> None:
    used: set[str] = set()
    for name in set(PROBES) - {"POLICYVALUE", "FACTS"}:
        own = copy()
        with reads() as noted:
            told(PROBES[name], own)
        used |= noted.names(own)
    assert not used & ONLY_SHOWN
    assert used | ONLY_SHOWN >= set(SHIPPED.names) - IN_COMMANDS
    assert not (used | ONLY_SHOWN) - set(SHIPPED.names)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_follow(name: str, files: dict[str, Path], capsys: CAPSYS) -> None:
    def shown(value: str) -> str:
        more = ("--policy", files[value], "--as-of", "2024-12-01", "--lang", "zh")
        done = [call(capsys, *shlex.split(words), *more) for words in COMMANDS[name]]
        return "".join(each.out + each.err for each in done)

    with reads() as noted:
        # One that no command but ``facts`` shows.
        before = shown("semi_fit_orders_min")
    assert "用法" not in before
    assert not noted.names(SHIPPED)
    values = sorted({value for _, value in noted.found})
    assert values
    # The rate card is made for every command; quote and savings alone ask it.
    along = {"published_freight_points"} if name not in ("quote", "savings") else set()
    for value in values:
        same = value in along
        assert (shown(value) == before) == same, f"{name} reads {value} and keeps to the built-in"


@pytest.mark.parametrize("value", SHIPPED.names)
def test_every_value_is_shown_as_the_user_has_it(
    value: str, files: dict[str, Path], changed: dict[str, Policy], capsys: CAPSYS
) -> None:
    row = changed[value].row(value, DAY, "zh")
    assert row["standing"] == "own"
    assert row["value"] != SHIPPED.row(value, DAY, "zh")["value"]
    shown = call(capsys, "policy", "show", value, "--policy", files[value], "--lang", "zh").out
    assert row["value"] in shown
    assert row["replaced"] in shown
    told_facts = facts(changed[value], DAY, "zh")
    assert [fact.value for fact in told_facts if fact.standing == "自定义"] == [row["value"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbooks_sheets_pass_the_own_values_on(lang: Any) -> None:
    """Every call of a function with a policy, on every sheet but the two that show examples."""
    book = openpyxl.load_workbook(committed(lang), read_only=True)
    places = {
        name: [argument.name for argument in item.arguments].index("policy")
        for name, item in FUNCTIONS.items()
        if name in HAS_POLICY
    }
    examples = {TITLES(key, lang) for key in ("check", "functions")}
    # The published sum, by which Live tells whether the functions answer; what an order costs
    # without one's own values, beside what it costs with them.
    example = {(TITLES("calculation", lang), "C1")}
    example |= {(TITLES("policy", lang), f"C{row}") for row in range(9, 15)}
    seen: set[str] = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows() if sheet.title not in examples else ():
            for cell in row:
                text = str(getattr(cell.value, "text", cell.value) or "")
                if f"'{TITLES('check', lang)}'!" in text:  # what Check asks behind the scenes
                    continue
                for name, given in calls_in(text) if text.startswith("=") else ():
                    if name not in places or (sheet.title, cell.coordinate) in example:
                        continue
                    seen.add(name)
                    at = places[name]
                    where = (sheet.title, cell.coordinate, text)
                    assert len(given) > at, where
                    assert given[at].startswith("Overrides["), where
    assert seen == HAS_POLICY - NOT_ON_SHEETS


# What it tells stands on the sheets as words, its values beside them by POLICYVALUE.
NOT_ON_SHEETS = {"FACTS"}


def calls_in(text: str) -> list[tuple[str, list[str]]]:
    """The calls of a formula with their arguments."""
    plain, found = re.sub(r'"[^"]*"', quoted, text), []
    for match in re.finditer(r"\b([A-Z][A-Z_]+)\(", plain):
        depth, start, given = 0, match.end(), []
        for at in range(match.end(), len(plain)):
            depth += {"(": 1, ")": -1}.get(plain[at], 0)
            if depth < 0 or (depth == 0 and plain[at] == ","):
                given.append(text[start:at])
                start = at + 1
            if depth < 0:
                break
        found.append((match[1], given))
    return found


def quoted(match: re.Match[str]) -> str:
    """A text of the same length without brackets and commas."""
    return "_" * len(match[0])
