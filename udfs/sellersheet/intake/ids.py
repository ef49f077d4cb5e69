"""Order numbers and other names of digits as spreadsheets and exports keep them, or cut them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from sellersheet.intake.evidence import EXACT, Evidence, long_ids, whole_ids
from sellersheet.money import Mask
from sellersheet.rawcells import Form, RawCells, text_forms
from sellersheet.text_bytes import SPACES, holds

_SCIENTIFIC: Final = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"
# ="123" and '123, by which exports and spreadsheets keep digits as text.
_WRAPPED: Final = (
    (r'^="(.*)"$', r"\1"),
    (r"^['’`]+", ""),
    (r"^([0-9]{6,})['’`]+$", r"\1"),  # behind digits alone: elsewhere it may be meant
    # 8190000000000011.0, as programs write whole numbers of a column with blanks; what is larger
    # they may have rounded.
    (r"^([0-9]{6,15}|[1-8][0-9]{15})\.0$", r"\1"),
)
_TELLS: Final = re.compile("[1-9]")
_MARKED: Final = r"""^(=|['’`])|['’`]$|^[0-9]{6,16}\.0$"""


def plain_ids(raw: RawCells) -> RawCells:
    """The cells, their texts without the marks that keep digits as text."""
    some = (raw.distinct or raw).texts
    if some is None or not holds(some, "='’`."):
        return raw
    plain = raw.text
    marked = pc.match_substring_regex(plain, _MARKED)
    if not pc.any(marked).as_py():
        return raw
    for pattern, replacement in _WRAPPED:
        plain = pc.replace_substring_regex(plain, pattern, replacement)
    plain = pc.utf8_trim(pc.utf8_trim_whitespace(plain), characters=SPACES)
    plain = pc.if_else(marked, plain, raw.text)
    form = np.where(marked.to_numpy(zero_copy_only=False), text_forms(plain), raw.form)
    return replace(raw, form=form, texts=plain, distinct=None, codes=None)


def cut_ids(dtype: Any, raw: RawCells, evidence: Evidence | None) -> Mask:
    """Order numbers of which a spreadsheet has kept 15 digits, or that it wrote as 8.1E+15.

    A number of 16 digits that ends in 0 is one of these unless another of the column ends
    in a digit that Excel would have dropped.
    """
    found = np.zeros(len(raw.form), dtype=bool)
    some = (raw.distinct or raw).texts
    if some is not None and holds(some, "eE"):
        hit = pc.match_substring_regex(raw.text, _SCIENTIFIC).to_numpy(zero_copy_only=False)
        found |= hit & (raw.form == Form.TEXT)
    if pd.api.types.is_integer_dtype(dtype):
        return found
    long = long_ids(raw)
    if long.any():
        exact = long & (np.abs(raw.number) < EXACT)
        found |= long & ~exact
        if not (whole_ids(raw) if evidence is None else evidence.whole_ids):
            found |= exact & (np.mod(np.where(exact, raw.number, 0.0), 10) == 0)
    return found


def no_ids(dtype: Any, raw: RawCells, texts: npt.NDArray[np.object_]) -> Mask:
    """Numbers that tell nothing apart: cut ones, and signs of none such as -, 无 and 0."""
    at, distinct = pd.factorize(texts)
    told = np.array([_TELLS.search(text) is not None for text in distinct], dtype=bool)
    none: Mask = cut_ids(dtype, raw, None) | ~told[at]
    return none
