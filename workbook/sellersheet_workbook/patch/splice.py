"""Many replacements in a long text at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet_workbook.patch.start_tags import Ints


def spliced(data: bytes, starts: Ints, ends: Ints, texts: pa.Array) -> memoryview:
    """``data`` from the first start to the last end, each span replaced by its text.

    The spans are in order and do not overlap; an empty one is a place to insert at.
    """
    edges = np.column_stack([starts, ends]).ravel()
    if (np.diff(edges) < 0).any():
        raise ValueError("spans out of order")
    first, last = int(edges[0]), int(edges[-1])
    source = pa.py_buffer(memoryview(data)[first:last])
    offsets = pa.py_buffer((edges - first).astype(np.int32))
    pieces = pa.Array.from_buffers(pa.binary(), len(edges) - 1, [None, offsets, source])
    kept = pieces.take(pa.array(np.arange(1, len(edges) - 1, 2)))
    kept = pa.concat_arrays([kept, pa.array([b""], pa.binary())])
    whole = pc.binary_join_element_wise(texts.cast(pa.binary()), kept, b"")
    content = whole.buffers()[2]
    return memoryview(content if content is not None else b"")
