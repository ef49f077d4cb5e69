"""A table that an update makes, put in the place of the one of an earlier update."""

from __future__ import annotations

import pandas as pd

from sellersheet_workbook.patch import Table


def over_old(frame: pd.DataFrame, old: Table) -> pd.DataFrame | None:
    """The rows under the old table's headers, blank ones over what is left of it.

    None where the old table is not one that an update made.
    """
    if not len(frame):
        frame = frame.reindex(columns=range(len(old.headers)))
    if old.area.top != 1 or len(old.headers) != frame.shape[1]:
        return None
    frame = frame.set_axis(list(old.headers), axis=1).reset_index(drop=True).astype(object)
    frame = frame.reindex(range(max(len(frame), len(old)))).astype(object)
    return frame.where(frame.notna(), None)
