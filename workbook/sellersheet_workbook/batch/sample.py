"""Invented orders to try things with; the same seed gives the same orders everywhere."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, Final

import pandas as pd

from sellersheet.columns import INPUT, column
from sellersheet.wording import Lang

# (zh, en, category zh, category en, price, cost, grams, cm); the last is oversize.
_GOODS: Final = (
    ("手机壳", "phone-case", "手机配件", "Phone accessories", 39, 6, 60, (18, 10, 3)),
    ("蓝牙耳机", "earphones", "消费电子", "Consumer electronics", 159, 62, 180, (15, 12, 6)),
    ("瑜伽裤", "leggings", "运动服饰", "Sportswear", 119, 38, 260, (28, 22, 4)),
    ("收纳盒", "storage-box", "家居收纳", "Home storage", 89, 27, 520, (30, 20, 15)),
    ("台灯", "desk-lamp", "灯具", "Lighting", 179, 66, 900, (38, 18, 16)),
    ("发饰", "hair-clip", "饰品", "Jewellery", 25, 3, 35, (10, 8, 3)),
    ("帐篷", "tent", "户外", "Outdoor", 699, 280, 7800, (95, 28, 26)),
)
# Invented freight: yuan for a parcel and for 100 g.
_FREIGHT: Final = {
    "ES": (16, 5), "FR": (17, 6), "PL": (14, 5), "SA": (22, 8), "KR": (9, 3),
    "DE": (16, 6), "IT": (17, 6),
}  # fmt: skip
_WEIGHTS: Final = (30, 20, 12, 8, 10, 12, 8)
_SHOPS: Final[dict[Lang, tuple[str, str]]] = {
    "zh": ("演示店铺A", "演示店铺B"),
    "en": ("Demo shop A", "Demo shop B"),
}
_FIRST: Final = dt.date(2024, 7, 1)
_DAYS: Final = 184
_NEXT_LINE: Final = 0.12
_KEYS: Final = (
    "shop", "order_id", "line_no", "order_date", "sku", "qty", "category", "country", "paid_cny",
    "weight_g", "length_cm", "width_cm", "height_cm", "logistics_cny", "parcel", "inbound_days",
    "standard_box", "return_case", "refund_cny", "goods_lost_cny", "cost_cny", "other_cny",
)  # fmt: skip
_BAD: Final[tuple[tuple[str, dict[Lang, Any]], ...]] = (
    ("paid_cny", {"zh": "待确认", "en": "to be confirmed"}),
    ("paid_cny", {"zh": -59.9, "en": -59.9}),
    ("country", {"zh": "火星", "en": "Mars"}),
)


def sample_orders(n: int = 200, seed: int = 2024, lang: Lang = "zh") -> pd.DataFrame:
    """``n`` order lines of July to December 2024, with headers in the language asked for.

    Two shops, seven destinations, some orders of several lines, late, in the seller's own
    box, oversize or returned. From 10 lines on, three are wrong on purpose: a text for an
    amount, a negative amount, a country that does not exist.
    """
    chance = random.Random(seed)  # noqa: S311
    days = sorted(_FIRST + dt.timedelta(days=_below(chance, _DAYS)) for _ in range(n))
    rows: list[dict[str, Any]] = []
    for number, day in enumerate(days, 1):
        if rows and rows[-1]["line_no"] < 3 and chance.random() < _NEXT_LINE:
            last = rows[-1]
            row = _line(chance, last["order_date"], lang, last)
        else:
            row = _line(chance, day, lang, None)
            row["order_id"] = f"DEMO{number:08d}"
        rows.append(row)
    if n >= 10:
        for part, (key, wrong) in enumerate(_BAD, 1):
            rows[n * part // 4][key] = wrong[lang]
    frame = pd.DataFrame(
        {key: pd.Series([row[key] for row in rows], dtype=_dtype(key)) for key in _KEYS}
    )
    titles = {item.key: item.title(lang) for item in INPUT}
    return frame.rename(columns=titles)


def _line(
    chance: random.Random, day: dt.date, lang: Lang, first: dict[str, Any] | None
) -> dict[str, Any]:
    """One line of a new order, or a further line of the order that ``first`` is in."""
    at = _pick(chance, (24, 18, 16, 14, 12, 12, 4))
    zh, en, category_zh, category_en, price, cost, grams, size = _GOODS[at]
    variant, qty = 1 + _below(chance, 3), 1 + _pick(chance, (80, 15, 5))
    shop = _SHOPS[lang][_pick(chance, (65, 35))]
    country = list(_FREIGHT)[_pick(chance, _WEIGHTS)]
    late, own_box = _pick(chance, (85, 9, 4, 2)), chance.random() < 0.06
    parcel, per_100 = _FREIGHT[country]
    weight = grams * qty + 5 * _below(chance, 9)
    paid = price * qty * 100 + _below(chance, 2000) - 1000
    freight = parcel * 100 + weight * per_100 + _below(chance, 300)
    case = _pick(chance, (91, 5, 2, 2))
    returned = column("orders", "return_case").choices[case]
    size_word = column("orders", "parcel").choices[int(max(size) > 60)]
    yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
    row: dict[str, Any] = {
        "shop": shop,
        "line_no": 1,
        "order_date": day,
        "sku": f"演示-{zh}-{variant:02d}" if lang == "zh" else f"demo-{en}-{variant:02d}",
        "qty": qty,
        "category": category_zh if lang == "zh" else category_en,
        "country": country,
        "paid_cny": paid / 100,
        "weight_g": weight,
        "length_cm": size[0],
        "width_cm": size[1],
        "height_cm": size[2],
        "logistics_cny": freight / 100,
        "parcel": _word(size_word, lang),
        "inbound_days": 1 + late,
        "standard_box": no if own_box else yes,
        "return_case": _word(returned, lang) if case else None,
        "refund_cny": paid / 100 if case else None,
        "goods_lost_cny": 0.0 if case == 1 else None,
        "cost_cny": float(cost * qty),
        "other_cny": round(paid * 0.05) / 100,
    }
    if first is not None:
        shared = ("shop", "order_id", "country", "inbound_days", "standard_box")
        row |= {key: first[key] for key in shared} | {"line_no": first["line_no"] + 1}
    return row


def _word(choice: Any, lang: Lang) -> str:
    return str(getattr(choice, lang))


def _below(chance: random.Random, limit: int) -> int:
    """A whole number below the limit; random() alone is promised to stay the same."""
    return int(chance.random() * limit)


def _pick(chance: random.Random, weights: tuple[int, ...]) -> int:
    """A position, as often as its weight."""
    left = chance.random() * sum(weights)
    for at, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return at
    return len(weights) - 1


def _dtype(key: str) -> Any:
    kind = column("orders", key).kind
    if key in {name for name, _ in _BAD}:
        return object
    if kind == "date":
        return "datetime64[us]"
    if kind in ("text", "choice", "yes_no"):
        return "int64" if key == "line_no" else object
    return "float64" if kind == "money" else "int64"
