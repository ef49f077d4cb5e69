"""The invented orders that the template comes with: one for each thing that can happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.wording import LANGS, Lang

# Goods: code zh, code en, category zh, category en, grams, sides in cm, cost.
_GOODS: Final = {
    "case": ("手机壳", "phone-case", "手机配件", "Phone accessories", 89, (18, 10, 3), 18),
    "buds": ("蓝牙耳机", "earphones", "消费电子", "Consumer electronics", 180, (15, 12, 6), 62),
    "pants": ("瑜伽裤", "leggings", "运动服饰", "Sportswear", 260, (28, 22, 4), 38),
    "box": ("收纳盒", "storage-box", "家居收纳", "Home storage", 520, (30, 20, 15), 27),
    "lamp": ("台灯", "desk-lamp", "灯具", "Lighting", 900, (38, 18, 16), 66),
    "clip": ("发饰", "hair-clip", "饰品", "Jewellery", 35, (10, 8, 3), 6),
    "tent": ("帐篷", "tent", "户外", "Outdoor", 7800, (95, 28, 26), 280),
    "leash": ("牵引绳", "pet-leash", "宠物用品", "Pets", 210, (20, 14, 5), 16),
    "mat": ("杯垫", "coaster", "厨房", "Kitchen", 300, (12, 12, 8), 11),
    "strap": ("表带", "watch-strap", "表配件", "Watch parts", 40, (22, 6, 2), 9),
    "lash": ("假睫毛", "lashes", "美妆", "Beauty", 30, (12, 6, 2), 5),
}  # fmt: skip
_SIDES: Final = ("length_cm", "width_cm", "height_cm")
_BUYER, _FAILED, _SELLER = 1, 2, 3  # positions of the return cases
# Order, its line, day of 2024, goods, destination, paid, freight quote, and what is special.
_LINES: Final[tuple[tuple[int, int, str, str, str, Any, float | None, dict[str, Any]], ...]] = (
    (1, 1, "07-05", "case", "ES", 100, None, {"line": "标准小包"}),
    (2, 1, "07-18", "buds", "FR", 159, 27.4, {}),
    (3, 1, "08-02", "lamp", "DE", 179, 70.5, {"inbound_days": 5}),
    (4, 1, "08-21", "box", "PL", 89, 40.2, {"standard_box": 0}),
    (5, 1, "09-03", "pants", "SA", 119, 43.1, {"inbound_days": 2}),
    (6, 1, "09-16", "clip", "KR", 19.9, 10.1, {}),
    (7, 1, "09-27", "tent", "DE", 699, 186, {"parcel": 1}),
    (8, 1, "10-08", "pants", "IT", 119, 35.3, {"returned": _BUYER, "goods_lost_cny": 0}),
    (9, 1, "10-19", "box", "FR", 92, 48.5, {"returned": _FAILED}),
    (10, 1, "10-30", "lamp", "ES", 182.5, 61, {"returned": _SELLER, "goods_lost_cny": 66}),
    (11, 1, "11-06", "leash", "FR", 69, 29.8, {}),
    (11, 2, "11-06", "mat", "FR", 45, 12.2, {}),
    (12, 1, "11-11", "strap", "PL", 39, 16.4, {"cost_cny": None}),
    (13, 1, "11-25", "lash", "ES", 35, 17.8, {}),
    (14, 1, "12-04", "buds", "RU", 168, None, {}),
    (15, 1, "12-12", "case", "ES", "?", 18.6, {}),
    (16, 1, "12-20", "leash", "AE", 75, 21.3, {}),
)
_UNREADABLE: Final[dict[Lang, str]] = {"zh": "待确认", "en": "unclear"}
_SHOPS: Final[dict[Lang, tuple[str, str]]] = {
    "zh": ("示例店铺A", "示例店铺B"),
    "en": ("Sample shop A", "Sample shop B"),
}


def sample_shops(lang: Lang) -> tuple[str, ...]:
    """The shops of the samples."""
    return _SHOPS[lang]


def are_samples(shops: Iterable[object]) -> bool:
    """Whether every one of these rows is of the invented shops, in whatever language."""
    invented = {shop for lang in LANGS for shop in _SHOPS[lang]}
    named = list(shops)
    return bool(named) and invented.issuperset(map(str, named))


def sample_sku(goods: str, lang: Lang) -> str:
    """The code of one of the sample goods."""
    zh, en = _GOODS[goods][:2]
    return f"示例-{zh}" if lang == "zh" else f"sample-{en}"


def sample_rows(lang: Lang) -> list[dict[str, Any]]:
    """The lines by column key, in the words of the language."""
    return [_row(line, lang) for line in _LINES]


def _row(line: tuple[Any, ...], lang: Lang) -> dict[str, Any]:
    order, number, day, goods, country, paid, quote, special = line
    _, _, category_zh, category_en, grams, sides, cost = _GOODS[goods]
    special = dict(special)
    amount = _UNREADABLE[lang] if paid == "?" else float(paid)
    row: dict[str, Any] = {
        "shop": _SHOPS[lang][order % 3 == 0],
        "order_id": f"示例{order:04}" if lang == "zh" else f"SAMPLE{order:04}",
        "line_no": str(number),
        "order_date": dt.date.fromisoformat(f"2024-{day}"),
        "sku": sample_sku(goods, lang),
        "qty": 1,
        "category": category_zh if lang == "zh" else category_en,
        "country": country,
        "paid_cny": amount,
        "weight_g": grams,
        # The published rate says nothing of volume: with sides it would not apply.
        **({} if quote is None else dict(zip(_SIDES, sides, strict=True))),
        "logistics_cny": quote,
        "parcel": _word("parcel", special.pop("parcel", 0), lang),
        "inbound_days": 1,
        "standard_box": yes_no(lang)[1 - special.pop("standard_box", 1)],
        "cost_cny": cost,
        "other_cny": round(paid * 5) / 100 if paid != "?" else None,
    }
    if case := special.pop("returned", 0):
        row |= {"return_case": _word("return_case", case, lang), "refund_cny": amount}
    return row | special


def _word(key: str, place: int, lang: Lang) -> str:
    choice = column("orders", key).choices[place]
    return choice.zh if lang == "zh" else choice.en


def yes_no(lang: Lang) -> tuple[str, str]:
    """The words of a yes/no column."""
    return ("是", "否") if lang == "zh" else ("yes", "no")
