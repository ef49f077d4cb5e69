"""Columns looked at by their bytes are read as cells of their own are."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.cells import numbered, read_cells
from sellersheet.columns import Column, column
from sellersheet.intake import layout
from sellersheet.rawcells import split
from sellersheet.text_bytes import SPACES, objects, plain_days, plain_numbers, without_nulls

PAID, DATE = column("orders", "paid_cny"), column("orders", "order_date")
ORDER, BOX = column("orders", "order_id"), column("orders", "standard_box")
TEXT = pd.StringDtype("pyarrow")
MARKS = st.text("0123456789.-/: ", max_size=19)
DAYS = st.sampled_from(["2024-07-05", "2024-02-30", "2024-7-5", "2024-07-05 13:45:30", "20240705"])
MOMENTS = st.sampled_from(["2024-07-05 13:45", "2024-07-05 24:00:00", "2024-07-05-13:45:30", ""])


def _cells(texts: list[str | None]) -> pd.Series[str]:
    return pd.Series(texts, dtype=TEXT)


@pytest.mark.parametrize("item", [PAID, DATE, BOX], ids=lambda item: item.kind)
@given(texts=st.lists(st.one_of(MARKS, DAYS, MOMENTS, st.none()), min_size=1, max_size=6))
def test_a_column_is_read_as_it_is_beside_an_odd_cell(
    item: Column, texts: list[str | None]
) -> None:
    """The odd cell sends the column the long way."""
    alone, beside = (read_cells(item, _cells(more)) for more in (texts, [*texts, "—?"]))
    for one, other in ((alone.values, beside.values), (alone.wrong, beside.wrong)):
        assert one.tolist() == other[:-1].tolist()
    assert alone.blank.tolist() == beside.blank[:-1].tolist()
    if alone.bare is not None and beside.bare is not None:
        given_cells = ~alone.blank
        assert alone.bare[given_cells].tolist() == beside.bare[:-1][given_cells].tolist()


CELLS = st.one_of(
    MARKS, DAYS, st.sampled_from(["是", " 是", "No", "\u3000", "07/13/2024"]), st.none()
)


@pytest.mark.parametrize("item", [PAID, DATE, BOX, ORDER], ids=lambda item: item.key)
@given(texts=st.lists(CELLS, min_size=1, max_size=6))
def test_categories_are_read_as_the_texts_that_they_are(
    item: Column, texts: list[str | None]
) -> None:
    """Also where a category, such as a date that tells which number is the day, stands nowhere."""
    categories = pd.Series(pd.Categorical([*texts, "13/07/2024"]))[: len(texts)]
    one, other = read_cells(item, categories), read_cells(item, _cells(texts))
    assert one.values.tolist() == other.values.tolist()
    assert one.wrong.tolist() == other.wrong.tolist()
    assert one.blank.tolist() == other.blank.tolist()
    if item is ORDER:
        assert numbered(one).blank.tolist() == numbered(other).blank.tolist()
        pairs = set(zip(numbered(one).codes.tolist(), numbered(other).codes.tolist(), strict=True))
        assert len(pairs) == len(set(one.values.tolist()))


IDS = st.one_of(st.text("01", max_size=4), st.text("0189", min_size=15, max_size=20), st.just("a"))


@given(texts=st.lists(st.one_of(IDS, st.none()), min_size=1, max_size=8))
def test_order_numbers_are_told_apart_by_every_digit(texts: list[str | None]) -> None:
    found = numbered(read_cells(ORDER, _cells(texts)))
    plain = [text or "" for text in texts]
    pairs = set(zip(found.codes.tolist(), plain, strict=True))
    assert len(pairs) == len(set(plain)) == len(set(found.codes.tolist()))
    assert found.blank.tolist() == [not text for text in plain]
    assert found.codes.max() < found.count


@pytest.mark.parametrize("space", SPACES)
def test_every_space_is_taken_from_both_ends(space: str) -> None:
    cells = _cells([f"{space}A 1{space}", f"中文{space}", f"{space}7", None, space])
    assert objects(split(cells).text).tolist() == ["A 1", "中文", "7", "", ""]
    assert split(cells).form.tolist() == [2, 2, 2, 0, 0]


def test_parts_of_a_column_and_blanks_with_bytes_behind_them() -> None:
    whole = pa.array(["x", "1.5", None, "2024-07-05", "3"])
    assert plain_numbers(whole.slice(1, 2).fill_null("")).tolist() == [1.5, 0.0]  # type: ignore[union-attr]
    assert plain_days(whole.slice(3, 1)).tolist() == [19909]  # type: ignore[union-attr]
    assert without_nulls(whole.slice(1, 3)).to_pylist() == ["1.5", "", "2024-07-05"]
    data, ends = pa.py_buffer(b"1799"), pa.py_buffer(b"\0\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0")
    hidden = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\5"), ends, data])
    assert hidden.to_pylist() == ["1", None, "9"]
    assert without_nulls(hidden).to_pylist() == ["1", "", "9"]
    assert split(pd.Series(hidden, dtype=TEXT)).form.tolist() == [2, 0, 2]


def test_totals_are_found_among_many_rows_of_few_words() -> None:
    words = ["演示店铺A", "演示店铺B"] * 1_000
    words[1_500] = "合计："
    raw = split(_cells(words))
    assert layout.totals([raw], pd.RangeIndex(2_000).to_numpy()).nonzero()[0].tolist() == [1_500]
