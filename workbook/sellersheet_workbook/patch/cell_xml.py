"""New cells as XML, a column at a time."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet_workbook.cell_texts import CellTexts
from sellersheet_workbook.patch.start_tags import MISSING, Ints, Short
from sellersheet_workbook.rows_xml import EDGE_SPACE, escaped

_ERRORS: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def cell_xml(texts: CellTexts, refs: pa.Array, styles: Ints | Short, prefix: str) -> pa.Array:
    """``<c>`` elements, missing where blank; text is inline, so none of it is a formula."""
    head = _join(f'<{prefix}c r="', refs, '"', _style_attributes(styles))
    value = (f"<{prefix}v>", f"</{prefix}v></{prefix}c>")
    sides = [pa.nulls(len(refs), pa.string())]
    if texts.number is not None:
        sides.append(_join(head, ">", value[0], texts.number, value[1]))
    if texts.flag is not None:
        sides.append(_join(head, ' t="b">', value[0], texts.flag, value[1]))
    if texts.word is not None:
        words = pc.if_else(pc.equal(texts.word, ""), None, texts.word)
        faulty = pc.is_in(words, pa.array(_ERRORS))
        errors, words = pc.if_else(faulty, words, None), pc.if_else(faulty, None, words)
        spaced = pc.fill_null(pc.match_substring_regex(words, EDGE_SPACE), False)
        space = pc.if_else(spaced, ' xml:space="preserve"', "")
        begin, end = f"<{prefix}is><{prefix}t", f"</{prefix}t></{prefix}is></{prefix}c>"
        sides.append(_join(head, ' t="inlineStr">', begin, space, ">", escaped(words), end))
        sides.append(_join(head, ' t="e">', value[0], errors, value[1]))
    return pc.coalesce(*sides)


def blank_xml(refs: pa.Array, styles: Ints | Short, prefix: str) -> pa.Array:
    """Cells that hold nothing but a style."""
    return _join(f'<{prefix}c r="', refs, '"', _style_attributes(styles), "/>")


def _style_attributes(styles: Ints | Short) -> str | pa.Array:
    if len(styles) and (styles == styles[0]).all():  # of one cell after the other, mostly
        return "" if styles[0] == MISSING else f' s="{styles[0]}"'
    used, which = np.unique(styles, return_inverse=True)
    texts = ["" if style == MISSING else f' s="{style}"' for style in used.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(which))


def _join(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")
