"""The range ``costs``: what an order costs besides the platform's fees, each a rate or an amount.

Nothing is guessed: what a cost is stands in its third column, in its name, or in the unit of
its value; a bare number that looks like the other kind is refused with what to write instead.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from sellersheet.cells import word
from sellersheet.functions.blocks import CallProblem, cut, is_blank
from sellersheet.functions.ranges import Rows, by_content
from sellersheet.functions.reading import ERROR, WRONG
from sellersheet.functions.rows import read_one
from sellersheet.issues import seen
from sellersheet.money import RATE_UNIT
from sellersheet.rules.pricing import Costs

RATE: Final = "rate"
AMOUNT: Final = "amount"
_COSTS: Final = {
    "commission": ("commission", "佣金", "平台佣金", "佣金率"),
    "affiliate": ("affiliate", "联盟", "联盟佣金", "联盟佣金率"),
    "advertising": ("advertising", "advert", "ads", "广告", "广告费", "广告费率"),
    "coupon": ("coupon", "coupons", "优惠券", "优惠"),
    "duty": (
        "duty",
        "vat",
        "dutyandvat",
        "dutyvat",
        "tax",
        "关税",
        "增值税",
        "关税和增值税",
        "税费",
        "税",
    ),
    "other": ("other", "其他", "其它", "其他成本"),
}
_NAMES: Final = {word(text): key for key, texts in _COSTS.items() for text in texts}
_RATES: Final = ("commission", "affiliate", "advertising")
# What a cost is where nothing says it; of duty either is usual.
_USUAL: Final = {
    **dict.fromkeys(_RATES, RATE),
    **dict.fromkeys(("coupon", "other"), AMOUNT),
}
_KINDS: Final = {
    RATE: ("rate", "share", "percent", "percentage", "比例", "比率", "费率", "率", "%", "百分比"),
    AMOUNT: ("amount", "cny", "rmb", "yuan", "¥", "金额", "元", "人民币", "元/单", "每单"),
}
_KIND_OF: Final = {word(text): kind for kind, texts in _KINDS.items() for text in texts}
_UNIT: Final = re.compile(r"^(.*?)[(（\[]([^()（）\[\]]*)[)）\]]$")
_SUFFIXES: Final = (
    *(("比例", RATE), ("费率", RATE), ("率", RATE), ("金额", AMOUNT)),
    *(("rate", RATE), ("amount", AMOUNT), ("share", RATE), ("cny", AMOUNT), ("%", RATE)),
)


class _Named(NamedTuple):
    """What a name says: the cost, and whether it is a rate or an amount ("" where it is silent)."""

    key: str
    kind: str


def costs(block: Any = None) -> Costs:
    """Commission, affiliate, advertising, coupon, duty, other: name, value, perhaps the kind."""
    return Costs() if is_blank(block) else _costs(block)


@by_content
def _costs(rows: Rows) -> Costs:
    rates: dict[str, int] = {}
    amounts = 0
    for row in rows:
        cells = [cut(cell) for cell in (*row, None, None)[:3]]
        if cells[1] is None or cells[1] == "":
            if len(row) == 1 and cells[0] not in (None, ""):
                raise _unknown(cells[0])
            continue
        named = _named(cells[0])
        kind, value = _told(named, *cells)
        if kind == RATE:
            rates[named.key] = rates.get(named.key, 0) + value
        else:
            amounts += value
    usual = {key: rates.pop(key) for key in _RATES if key in rates}
    return Costs(**usual, other=amounts, more_rates=tuple(rates.values()))


def _named(cell: Any) -> _Named:
    """The cost that a name names: 佣金, 佣金率, 优惠券（元）, commission rate."""
    plain = word(str(cell if cell is not None else ""))
    kind = ""
    unit = _UNIT.match(plain)
    if unit and unit[2] in _KIND_OF:
        plain, kind = unit[1], _KIND_OF[unit[2]]
    for suffix, of in _SUFFIXES:
        bare = plain.removesuffix(suffix)
        if bare and bare != plain and (plain in _NAMES or bare in _NAMES):
            if kind and kind != of:
                raise CallProblem("cost_two_kinds", name=seen(cell), value=seen(cell))
            plain, kind = bare if bare in _NAMES else plain, of
            break
    if plain not in _NAMES:
        raise _unknown(cell)
    return _Named(_NAMES[plain], kind)


def _told(named: _Named, name: Any, value: Any, third: Any) -> tuple[str, int]:
    """Whether a cost is a rate or an amount, and how much: units of 1e-9, or cents."""
    said = {kind for kind in (named.kind, _third(name, third), _of_value(value)) if kind}
    if len(said) > 1:
        raise CallProblem("cost_two_kinds", name=seen(name), value=seen(value))
    (kind,) = said or {_USUAL.get(named.key, "")}
    if not kind:
        raise CallProblem("cost_kind", name=seen(name))
    number = _read(AMOUNT, value) if _of_value(value) != RATE else None
    if kind == AMOUNT:
        if number is None:
            raise CallProblem("cost_value", name=seen(name), value=seen(value))
        if not said and 0 < number < 100:
            raise _doubt("cost_small_amount", name, value)
        return kind, number
    rate = _read(RATE, value)
    if rate is not None and rate < RATE_UNIT:
        return kind, rate
    if number is not None and number >= 100:
        raise _doubt("cost_large_rate", name, value)
    raise CallProblem("cost_value", name=seen(name), value=seen(value))


def _third(name: Any, cell: Any) -> str:
    """What the third column says; a word that is none is refused."""
    if cell is None or cell == "":
        return ""
    kind = _KIND_OF.get(word(str(cell)))
    if kind is None:
        raise CallProblem("cost_kind", name=seen(name))
    return kind


def _of_value(value: Any) -> str:
    """What the unit of a value says: 5%, ¥5, 5元."""
    text = word(value) if isinstance(value, str) else ""
    if text.endswith("%"):
        return RATE
    signs = ("¥", "元", "cny", "rmb")
    return AMOUNT if text.startswith(signs) or text.endswith(signs) else ""


def _read(kind: str, value: Any) -> int | None:
    """Cents or units of 1e-9; None where the value is no such number."""
    read = read_one("return_rate" if kind == RATE else "refund", value)
    return None if read.state in (WRONG, ERROR) else int(read.value)


def _doubt(code: str, name: Any, value: Any) -> CallProblem:
    percent = ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = f"{value * 100:.9g}"
    return CallProblem(code, name=seen(name), value=seen(value), percent=percent or seen(value))


def _unknown(cell: Any) -> CallProblem:
    return CallProblem("cost_name", value=seen(cell), allowed=", ".join(_COSTS))
