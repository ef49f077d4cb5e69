"""How many examples a property test tries, and how.

Few by default, so that the suite is quick; as many as the test names with
SELLERSHEET_EXAMPLES=many (CI); twenty times as many, others at each run, with
SELLERSHEET_EXAMPLES=search. The first two try the same examples each time, so that a change
is never stopped by a draw that has nothing to do with it; the search is for finding such draws.
"""

from __future__ import annotations

import os

from hypothesis import Phase, settings

_MODE = os.environ.get("SELLERSHEET_EXAMPLES", "few")
_USUAL = 100

# Where making a failing table ever smaller takes minutes: the first one found is told.
UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]


def examples(many: int) -> int:
    """The examples to try of a test that tries ``many`` in CI."""
    return {"few": max(many // 8, 5), "many": many, "search": 20 * many}[_MODE]


def large(many: int) -> int:
    """The rows of a large input that has ``many`` in CI: an eighth of them where few are tried."""
    return many // 8 if _MODE == "few" else many


def load_profile() -> None:
    """Settings of every property test: no time limit, since a busy machine is no failure."""
    settings.register_profile(
        _MODE, deadline=None, derandomize=_MODE != "search", max_examples=examples(_USUAL)
    )
    settings.load_profile(_MODE)
