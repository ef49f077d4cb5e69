"""A worksheet function that does nothing, as xlwings' own documentation writes one."""

from __future__ import annotations

from typing import Any

import xlwings as xw


@xw.func
def EMPTY(  # noqa: N802
    paid: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> float:
    return 0.0
