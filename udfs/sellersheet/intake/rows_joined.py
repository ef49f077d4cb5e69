"""Rows of several tables as one, whatever columns each of them has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pandas.api.extensions import ExtensionArray
from pandas.arrays import NumpyExtensionArray

from sellersheet import columns
from sellersheet.cells import Cells, filled
from sellersheet.columns import Column
from sellersheet.intake.columns_read import Read
from sellersheet.intake.order_rows import Rows
from sellersheet.money import Mask


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, each column blank where a part has none."""
    if len(parts) == 1:
        return parts[0]
    sizes = [len(part.totals) for part in parts]
    others: dict[str, list[ExtensionArray | None]] = {}
    for at, part in enumerate(parts):
        for name, cells in part.others():
            others.setdefault(name, [None] * len(parts))[at] = cells
    return Rows(
        _read([part.read for part in parts], sizes),
        np.concatenate([part.totals for part in parts]),
        _mask([part.kilos for part in parts], sizes),
        _masks([part.payment for part in parts], sizes),
        lambda: ((name, _shown(cells, sizes)) for name, cells in others.items()),
        per_order=frozenset().union(*(part.per_order for part in parts)),
        of_orders=_masks([part.of_orders for part in parts], sizes),
    )


def _read(reads: Sequence[Read], sizes: Sequence[int]) -> Read:
    known = {item.key: item for read in reads for item in read.columns}
    order = [item.key for item in columns.TABLES["orders"] if item.key in known]
    named = {key: header for read in reversed(reads) for key, header in read.header.items()}
    return Read(
        tuple(known[key] for key in order),
        {key: _cells(known[key], [read.cells.get(key) for read in reads], sizes) for key in order},
        {key: _shown([read.shown.get(key) for read in reads], sizes) for key in named},
        named,
        {},
        _masks([read.once for read in reads], sizes),
        untold=any(read.untold for read in reads),
        headers={
            key: np.repeat([read.header.get(key, header) for read in reads], sizes).astype(object)
            for key, header in named.items()
            if len({read.header[key] for read in reads if key in read.header}) > 1
        },
        unread=_masks([read.unread for read in reads], sizes),
    )


def _cells(item: Column, parts: Sequence[Cells | None], sizes: Sequence[int]) -> Cells:
    whole = [
        part or Cells(filled(item, size), np.ones(size, dtype=bool), np.zeros(size, dtype=np.uint8))
        for part, size in zip(parts, sizes, strict=True)
    ]
    texts = [part.text.cast(pa.large_string()) for part in whole if part.text is not None]
    told = len(texts) == len(whole)
    return Cells(
        None if told else np.concatenate([part.values for part in whole]),
        np.concatenate([part.blank for part in whole]),
        np.concatenate([part.wrong for part in whole]),
        _mask([part.bare for part in whole], sizes),
        _mask([part.share for part in whole], sizes),
        pa.concat_arrays(texts) if told else None,
    )


def _shown(parts: Sequence[ExtensionArray | None], sizes: Sequence[int]) -> ExtensionArray:
    cells: list[npt.NDArray[Any]] = [
        np.full(size, None, dtype=object) if part is None else np.asarray(part.astype(object))
        for part, size in zip(parts, sizes, strict=True)
    ]
    return NumpyExtensionArray(np.concatenate(cells))


def _masks(parts: Sequence[Mapping[str, Any]], sizes: Sequence[int]) -> dict[str, Any]:
    keys = dict.fromkeys(key for part in parts for key in part)
    found = {key: _mask([part.get(key) for part in parts], sizes) for key in keys}
    return {key: mask for key, mask in found.items() if mask is not None}


def _mask(parts: Sequence[Mask | None], sizes: Sequence[int]) -> Mask | None:
    if all(part is None for part in parts):
        return None
    masks = zip(parts, sizes, strict=True)
    return np.concatenate([np.zeros(size, dtype=bool) if part is None else part
                           for part, size in masks])  # fmt: skip
