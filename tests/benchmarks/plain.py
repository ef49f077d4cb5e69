"""The plain edition in LibreOffice against the template with its one call of ORDERTABLE.

Both workbooks hold the same orders and stand open in one LibreOffice with the extension.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

from sellersheet_workbook import plain
from sellersheet_workbook.plain.orders import HEADER
from sellersheet_workbook.plain.orders import place as plain_place
from sellersheet_workbook.template import build, content
from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import FIRST, place
from tests import addin_in_libreoffice
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.libreoffice import Office

_AGAINST: Final = "the template: ORDERTABLE and its INDEX cells"
_PATIENCE: Final = 600


def measure(scale: Scale) -> Iterator[Line]:
    """All calculated again, and one amount typed into a row."""
    rows = scale.rows(5_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.typed_orders(rows).to_csv(folder / "orders.csv", index=False)
        filled = content.own_orders(folder / "orders.csv", "zh", rows)
        mine, other = folder / "mine.xlsx", folder / "other.xlsx"
        mine.write_bytes(plain.build("zh", filled))
        other.write_bytes(build("zh", filled))
        what = f"plain edition of {rows:,} orders in LibreOffice"
        with addin_in_libreoffice.started() as one, one.beside() as two:
            one.open(mine, timeout=_PATIENCE)
            two.open(other, timeout=_PATIENCE)
            yield in_turns(
                f"{what}: all calculated again", lambda: one.calculate(_PATIENCE), _AGAINST,
                lambda: two.calculate(_PATIENCE), scale,
            )  # fmt: skip
            paid = cell(HEADER + 1, plain_place("paid_cny"))
            fee = cell(HEADER + 1, plain_place("total_fee_cny"))
            theirs = (cell(FIRST, place("paid_cny")), cell(FIRST, place("total_fee_cny")))
            yield in_turns(
                f"{what}: an amount typed, its fees read", _typed(one, paid, fee), _AGAINST,
                _typed(two, *theirs), scale,
            )  # fmt: skip


def _typed(office: Office, amount: str, fees: str) -> Callable[[], None]:
    amounts = count(100)

    def run() -> None:
        office.write("订单", amount, [[str(next(amounts))]])
        ((total,),) = office.values("订单", fees)
        if not isinstance(total, float):
            raise TypeError("the fees are no number")

    return run
