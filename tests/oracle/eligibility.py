"""Who may join semi-managed mode: criteria E1-E5, E9 and E10, and the whole."""

from collections.abc import Mapping
from fractions import Fraction

WAREHOUSES = (
    "菜鸟优选仓杭州",
    "菜鸟优选仓东莞",
    "菜鸟优选仓义乌",
    "递四方华东仓",
    "万邑通深圳仓",
)
OPEN_CATEGORIES = ("女装连衣裙", "手机壳", "LED台灯", "厨房收纳", "宠物牵引绳", "假睫毛")
BARRED_CATEGORIES = ("医疗器械", "电池内置产品", "含磁性物质商品")
FIRST_COUNTRIES = ("FR", "ES", "DE", "IT", "PL", "SA", "AE", "KR", "RU")


def _judge(passed: bool | None) -> str:
    if passed is None:
        return "UNKNOWN"
    return "PASS" if passed else "FAIL"


def _at_least(value: int | str | None, need: Fraction) -> str:
    return _judge(None if value is None else Fraction(value) >= need)


def category_verdict(
    category: str | None,
    battery: bool | None = None,
    magnetic: bool | None = None,
    medical: bool | None = None,
) -> str:
    """E9: a bar wins; a category on neither list (or blank) is UNKNOWN."""
    if category in BARRED_CATEGORIES or battery or magnetic or medical:
        return "FAIL"
    return "PASS" if category in OPEN_CATEGORIES else "UNKNOWN"


def verdicts(
    shop_age_days: int | None,
    violations_90d: int | None,
    sell_through: str | None,
    positive_rate: str | None,
    warehouse: str | None,
    category: str | None = None,
    country: str | None = None,
    *,
    battery: bool | None = None,
    magnetic: bool | None = None,
    medical: bool | None = None,
) -> dict[str, str]:
    """One verdict a criterion; E9 and E10 are NOT_ASKED when nothing is given for them."""
    name = None if warehouse is None else "".join(warehouse.split())
    result = {
        "E1": _at_least(shop_age_days, Fraction(180)),
        "E2": _judge(None if violations_90d is None else violations_90d == 0),
        "E3": _at_least(sell_through, Fraction("0.65")),
        "E4": _at_least(positive_rate, Fraction("0.955")),
        "E5": _judge(None if name is None else name in WAREHOUSES),
        "E9": "NOT_ASKED",
        "E10": "NOT_ASKED",
    }
    if any(given is not None for given in (category, battery, magnetic, medical)):
        result["E9"] = category_verdict(category, battery, magnetic, medical)
    if country is not None:
        result["E10"] = "PASS" if country in FIRST_COUNTRIES else "UNKNOWN"
    return result


def overall(results: Mapping[str, str]) -> bool | None:
    """False when any fails, None when none fails and one is unknown, else True."""
    if "FAIL" in results.values():
        return False
    if "UNKNOWN" in results.values():
        return None
    return True
