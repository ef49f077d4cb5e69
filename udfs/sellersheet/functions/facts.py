"""FACTS: what the articles tell, as a table."""

from __future__ import annotations

from typing import Any

from sellersheet.days import date_of
from sellersheet.facts import WORDS, Told, topic_of
from sellersheet.facts import facts as facts_of
from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.cases import Case
from sellersheet.functions.ranges import terms
from sellersheet.functions.rows import today


@gives_a_table(5)
def FACTS(  # noqa: N802 - the name in Excel
    topic: Any = None, as_of: Any = None, policy: Any = None
) -> Any:
    """Topic, fact, value, standing, source and scope, with a header."""
    used = terms(policy)
    case = Case(used.lang, topic=topic, as_of=as_of)
    day = today() if case["as_of"] is None else int(case["as_of"])
    wanted = None if case.blank("topic") else topic_of(case.text("topic"))
    found = facts_of(used.policy, date_of(day), used.lang, wanted)
    return [[WORDS(key, used.lang) for key in Told._fields], *(list(told) for told in found)]
