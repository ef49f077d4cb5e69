"""TRIGGERROOM: what is left before a deposit is triggered, or warned of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK, CallProblem
from sellersheet.functions.cases import WORDS as SHARED
from sellersheet.functions.cases import Case, in_force, in_words
from sellersheet.functions.ranges import terms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.signs_table import HELD, WORDS, read_series
from sellersheet.policy import View
from sellersheet.rules.deposit_signs import (
    HOLDS,
    HOLDS_NOT,
    OPEN,
    ROOM_VALUES,
    coverage,
    most_late_parcels,
    most_late_uploads,
    most_orders,
    most_untracked,
    run_of_growth,
)
from sellersheet.rules.verdicts import FAIL, UNKNOWN

_LISTS: Final = (
    *("deposit_triggers", "deposit_prerequisites", "deposit_warnings"),
    *("covered_categories", "uncovered_categories"),
)
_COUNTS: Final = ("parcels", "late_parcels", "missing_tracking", "late_uploads")
# Sign -> its list, the count it is told from, the policy's limit, the most by the rule.
_SHARES: Final[dict[str, tuple[str, str, str, Callable[[Any, View], Any]]]] = {
    "fulfilment": (
        *("triggers", "late_parcels", "trigger_fulfilment_below"),
        most_late_parcels,
    ),
    "tracking": (*("prerequisites", "missing_tracking", "tracking_min"), most_untracked),
    "tracking_delay": (
        *("warnings", "late_uploads", "warning_tracking_delay_over"),
        most_late_uploads,
    ),
}


@gives_a_table(7)
def TRIGGERROOM(  # noqa: N802 - the name in Excel
    weekly_orders: Any,
    parcels: Any = None,
    late_parcels: Any = None,
    missing_tracking: Any = None,
    late_uploads: Any = None,
    category: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D21: sign, kind, limit, value seen, the most, what is still allowed, result and advice.

    With a header. The most orders are those of next week, allowed ones those beyond last
    week's; parcels count among those given. A blank count leaves only its own row open.
    """
    used = terms(policy)
    case = Case(
        used.lang,
        as_of=as_of,
        parcels=parcels,
        late_parcels=late_parcels,
        missing_tracking=missing_tracking,
        late_uploads=late_uploads,
        category=category,
    )
    _, weeks, start = read_series(weekly_orders, "weekly_orders", _ORDERS, used.lang)
    weeks = weeks[start:]
    day = case.day
    rules = in_force(used, (*ROOM_VALUES, *_LISTS), day)
    room = _Room(case, weeks, rules, in_words(used, day))
    header = [WORDS(key, used.lang) for key in ("sign", "kind", "limit", "seen")]
    header += [WORDS(key, used.lang) for key in ("room_most", "room_left")]
    header += [SHARED("result", used.lang), WORDS("advice", used.lang)]
    return [header, room.growth(), *(room.share(key) for key in _SHARES)]


_ORDERS: Final = ARGUMENTS["parcels"]


class _Room:
    """The rows of the table."""

    def __init__(
        self, case: Case, weeks: list[int], rules: View, told: Callable[[str], str]
    ) -> None:
        self.case, self.weeks, self.rules, self.told = case, weeks, rules, told
        self.lang = case.lang
        self.blank = case.blank() and not weeks

    def growth(self) -> list[Any]:
        """D9 (1): orders next week."""
        rules, needed = self.rules, int(self.rules.number("trigger_growth_weeks"))
        over = self.told("trigger_growth_over")
        row = [
            self._title("triggers", "growth"),
            WORDS("trigger", self.lang),
            WORDS("trigger_growth_limit", self.lang, over=over, weeks=needed),
        ]
        if self.blank:
            return [*row, *[BLANK] * 5]
        row.append(" → ".join(f"{orders:,}" for orders in self.weeks))
        covered = coverage(self.case.text("category"), rules)
        no_limit = WORDS("room_no_limit", self.lang)
        if covered == FAIL:
            said = WORDS("room_growth_uncovered", self.lang)
            return [*row, no_limit, no_limit, WORDS("holds_not", self.lang), said]
        held = run_of_growth(self.weeks, needed, rules)
        before = run_of_growth(self.weeks, needed - 1, rules)
        if before == HOLDS_NOT:
            said = WORDS("room_growth_free", self.lang)
            return [*row, no_limit, no_limit, self._held(HOLDS_NOT), said]
        last = self.weeks[-1] if self.weeks else 0
        if before == OPEN or not last:
            said = WORDS("room_growth_weeks", self.lang, weeks=needed)
            return [*row, BLANK, BLANK, self._held(held), said]
        most = int(most_orders(last, rules))
        fields = {"most": f"{most:,}", "weeks": needed, "over": over}
        said = WORDS("room_growth_limited", self.lang, **fields)
        if held == HOLDS:
            said = WORDS("room_growth_held", self.lang, weeks=needed, over=over) + said
        if covered == UNKNOWN and not self.case.blank("category"):
            said += WORDS("category_unknown", self.lang)
        return [*row, most, most - last, self._held(held), said]

    def share(self, key: str) -> list[Any]:
        """D9 (3), D10, D11: parcels that may still miss."""
        listed, name, value, rule = _SHARES[key]
        limit = self.told(value)
        kind = {"triggers": "trigger", "warnings": "warning"}.get(listed, "room_prerequisite")
        row = [self._title(listed, key), WORDS(kind, self.lang), limit]
        if self.blank:
            return [*row, *[BLANK] * 5]
        parcels, have = self.case["parcels"], self.case[name]
        if have is not None and parcels is not None and have > parcels:
            raise CallProblem("more_than_all", name=name, value=f"{have:,}", all=f"{parcels:,}")
        most = int(rule(parcels, self.rules)) if parcels else BLANK
        if not parcels or have is None:
            missing = [n for n in ("parcels", name) if not self.case[n] and self.case[n] != 0]
            between = "”“" if self.lang == "zh" else ", "
            titles = between.join(ARGUMENTS[n].title(self.lang) for n in missing or ["parcels"])
            said = SHARED("fill_in", self.lang, title=titles)
            shown = self.case.shown(name)
            return [*row, shown, most, BLANK, self._held(OPEN), said]
        shown = WORDS("room_seen", self.lang, have=f"{have:,}", parcels=f"{parcels:,}")
        left = int(most) - have
        if left < 0:
            said = WORDS("room_over", self.lang, count=f"{-left:,}")
        else:
            said = WORDS(f"room_{key}", self.lang, left=f"{left:,}", limit=limit)
        return [*row, shown, most, max(left, 0), self._held(self._result(key, left)), said]

    def _result(self, key: str, left: int) -> int:
        """A prerequisite holds while it is met, the others once they are exceeded."""
        exceeded = left < 0
        return HOLDS if exceeded != (key == "tracking") else HOLDS_NOT

    def _title(self, listed: str, key: str) -> str:
        records = self.rules.table(f"deposit_{listed}")
        return str(next(record[self.lang] for record in records if record["key"] == key))

    def _held(self, held: int) -> str:
        return WORDS(HELD[held], self.lang)
