"""Single values and single columns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet import columns
from sellersheet.amounts import clear_numbers, read_amount
from sellersheet.cells import read_cells, read_one
from sellersheet.columns import Column, Wrong
from sellersheet.exchange import ExchangeProblem, FxRates
from sellersheet.issues import CellProblem, seen
from sellersheet.number_cells import Days
from sellersheet.wording import LANGS
from tests.test_exchange_ties import rate_on

PAID = columns.column("orders", "paid_cny")
QTY = columns.column("orders", "qty")
WEIGHT = columns.column("orders", "weight_g")
LENGTH = columns.column("orders", "length_cm")
DATE = columns.column("orders", "order_date")
BOX = columns.column("orders", "standard_box")
PARCEL = columns.column("orders", "parcel")
RETURN = columns.column("orders", "return_case")
COUNTRY = columns.column("orders", "country")
ORDER = columns.column("orders", "order_id")
INBOUND = columns.column("orders", "inbound_days")
FIRST_PRICE = columns.column("rates", "first_price")
FX_RATE = columns.column("fx", "rate")
SHARE = Column("share", "比例", "Share", "rate", "", "", low=0)
USD = FxRates.fixed({"USD": "7.1", "EUR": "7.8"})
JULY_5 = (dt.date(2024, 7, 5) - dt.date(1970, 1, 1)).days


def wrong_with(column: Column, value: object, fx: FxRates | None = None) -> Wrong:
    with pytest.raises(CellProblem) as caught:
        read_one(column, value, fx)
    for lang in LANGS:
        text = caught.value.text(lang)
        assert text
        assert "{" not in text
    if caught.value.wrong not in (Wrong.REQUIRED,):
        assert caught.value.value in caught.value.text("zh")
        assert caught.value.value in caught.value.text("en")
    return caught.value.wrong


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("88.1", 8810),
        (" 88.10 ", 8810),
        ("\u300088.10\u00a0", 8810),
        ("\u200b88.1\ufeff", 8810),
        ("1,234.50", 123450),
        ("1,234", 123400),
        ("12,345,678.9", 1234567890),
        ("¥88.1", 8810),
        ("\uffe588.1", 8810),
        ("\uffe5\uff18\uff18\uff0e\uff11", 8810),
        ("1\uff0c234.5", 123450),
        ("¥88", 8800),
        ("CN¥ 88.10", 8810),
        ("RMB 88", 8800),
        ("rmb88", 8800),
        ("CNY 88", 8800),
        ("88 CNY", 8800),
        ("88.10元", 8810),
        ("¥1,234.50元", 123450),
        ("88.10", 8810),
        ("5．0５", 505),
        ("0．0１2", 1),
        (".5", 50),
        ("5.", 500),
        ("1e2", 10000),
        ("1.5E+3", 150000),
        ("0", 0),
        ("0.005", 1),
        ("10.0050", 1001),
        (88.1, 8810),
        (88, 8800),
        (np.int8(8), 800),
        (np.float32(0.5), 50),
        (Decimal("88.10"), 8810),
        (Fraction(1, 2), 50),
        ("1000000000", 100_000_000_000),
    ],
)
def test_money(value: object, cents: int) -> None:
    assert read_one(PAID, value) == cents
    assert type(read_one(PAID, value)) is int


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("abc", Wrong.NOT_A_NUMBER),
        ("-", Wrong.NOT_A_NUMBER),
        ("—", Wrong.NOT_A_NUMBER),
        ("/", Wrong.NOT_A_NUMBER),
        ("nan", Wrong.NOT_A_NUMBER),
        ("inf", Wrong.NOT_A_NUMBER),
        ("-Infinity", Wrong.NOT_A_NUMBER),
        ("0x10", Wrong.NOT_A_NUMBER),
        ("1_000", Wrong.NOT_A_NUMBER),
        ("1.2万", Wrong.NOT_A_NUMBER),
        ("5²", Wrong.NOT_A_NUMBER),
        ("⑩", Wrong.NOT_A_NUMBER),
        ("½", Wrong.NOT_A_NUMBER),
        ("٣", Wrong.NOT_A_NUMBER),
        ("3.5%", Wrong.NOT_A_NUMBER),
        ("88 g", Wrong.NOT_A_NUMBER),
        ("¥88 USD", Wrong.NOT_A_NUMBER),
        ("(88", Wrong.NOT_A_NUMBER),
        ("--5", Wrong.NOT_A_NUMBER),
        ("ABC 12", Wrong.NOT_A_NUMBER),
        ("1-2", Wrong.NOT_A_NUMBER),
        (True, Wrong.NOT_A_NUMBER),
        (np.bool_(False), Wrong.NOT_A_NUMBER),
        (float("inf"), Wrong.NOT_A_NUMBER),
        (Decimal("Infinity"), Wrong.NOT_A_NUMBER),
        (10**400, Wrong.NOT_A_NUMBER),
        (dt.date(2024, 7, 5), Wrong.NOT_A_NUMBER),
        (1 + 2j, Wrong.NOT_A_NUMBER),
        ([1], Wrong.NOT_A_NUMBER),
        (dt.time(3), Wrong.NOT_A_NUMBER),
        ("1 234,50", Wrong.UNCLEAR_NUMBER),
        ("1 234.50", Wrong.UNCLEAR_NUMBER),
        ("9,99", Wrong.UNCLEAR_NUMBER),
        ("EUR 9,99", Wrong.UNCLEAR_NUMBER),
        ("1.234.567", Wrong.UNCLEAR_NUMBER),
        ("1.234,50", Wrong.UNCLEAR_NUMBER),
        ("12,34,567", Wrong.UNCLEAR_NUMBER),
        ("5,", Wrong.UNCLEAR_NUMBER),
        (-0.01, Wrong.BELOW),
        ("-5", Wrong.BELOW),
        ("−5", Wrong.BELOW),
        ("¥-5", Wrong.BELOW),
        ("-¥5", Wrong.BELOW),
        ("(1,234.50)", Wrong.BELOW),
        (1e308, Wrong.ABOVE),
        ("1e308", Wrong.ABOVE),
        ("1000000000.01", Wrong.ABOVE),
        ("9" * 200, Wrong.ABOVE),
        ("#N/A", Wrong.ERROR_CELL),
        ("#VALUE!", Wrong.ERROR_CELL),
        ("#REF!", Wrong.ERROR_CELL),
        ("#DIV/0!", Wrong.ERROR_CELL),
        ("", Wrong.REQUIRED),
        (None, Wrong.REQUIRED),
        (float("nan"), Wrong.REQUIRED),
        ("  ", Wrong.REQUIRED),
    ],
)
def test_no_money(value: object, wrong: Wrong) -> None:
    assert wrong_with(PAID, value) == wrong


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("US $12.30", 8733),
        ("US$12.30", 8733),
        ("USD 12.3", 8733),
        ("12.3 usd", 8733),
        ("$1,000", 710000),
        ("€9.99", 7792),
        ("9.99 欧元", 7792),
        ("¥9.99", 999),
        ("$0.005", 4),
    ],
)
def test_foreign_money(value: str, cents: int) -> None:
    assert read_one(PAID, value, USD) == cents


def test_foreign_money_needs_a_rate() -> None:
    assert wrong_with(PAID, "US $12.30") == Wrong.NO_RATE
    assert wrong_with(PAID, "£5", USD) == Wrong.NO_RATE
    with pytest.raises(CellProblem) as caught:
        read_one(PAID, "£5", USD)
    for lang in LANGS:
        assert "--fx GBP=" in caught.value.text(lang)
        assert "汇率" in caught.value.text(lang)
    assert wrong_with(PAID, "-$5", USD) == Wrong.BELOW
    assert wrong_with(PAID, "$1e30", USD) == Wrong.ABOVE


def test_rates_of_the_day() -> None:
    fx = FxRates.of([("USD", JULY_5, 7_000_000_000), ("美元", JULY_5 + 10, 8_000_000_000)])
    assert rate_on(fx, "USD", JULY_5 - 1) is None
    assert rate_on(fx, "USD", JULY_5) == 7_000_000_000
    assert rate_on(fx, "USD", JULY_5 + 10) == 8_000_000_000
    assert rate_on(fx, "USD", None) is None
    assert rate_on(fx, "EUR", JULY_5) is None
    assert rate_on(USD, "USD", None) == 7_100_000_000
    days = Days(np.array([JULY_5 - 1, JULY_5, JULY_5 + 9, JULY_5 + 10, 0]), np.arange(5) < 4)
    found = read_cells(PAID, pd.Series(["$1.01"] * 5), days, fx)
    assert found.values.tolist() == [0, 707, 707, 808, 0]
    late = Wrong.NO_RATE_YET
    assert found.wrong.tolist() == [late, 0, 0, 0, late]


@given(st.decimals(0, 999_999_999, places=6), st.decimals("0.000001", 1000, places=9))
def test_foreign_money_rounds_once(amount: Decimal, rate: Decimal) -> None:
    exact = Fraction(amount) * Fraction(rate) * 100
    cents = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    text = f"XAF {amount:f}"
    fx = FxRates.fixed({"XAF": rate})
    if cents > 10**11:
        assert wrong_with(PAID, text, fx) == Wrong.ABOVE
    else:
        assert read_one(PAID, text, fx) == cents


@pytest.mark.parametrize("rate", ["abc", "0", "-1", "nan", "1e9", ""])
def test_no_exchange_rate(rate: str) -> None:
    with pytest.raises(ExchangeProblem) as caught:
        FxRates.fixed({"USD": rate})
    assert "USD" in caught.value.text("zh")
    assert "USD" in caught.value.text("en")


def test_exchange_rates_that_contradict() -> None:
    with pytest.raises(ExchangeProblem, match="XXY"):
        FxRates.fixed({"XXY": "7"})
    with pytest.raises(ExchangeProblem, match="USD"):
        FxRates.fixed({"USD": "7", "usd": "8"})


def test_a_currency_where_the_column_has_its_own() -> None:
    assert read_one(FIRST_PRICE, "¥5") == 500
    assert wrong_with(FIRST_PRICE, "$5", USD) == Wrong.OTHER_CURRENCY


@pytest.mark.parametrize(
    ("value", "units"),
    [
        ("3.5%", 35_000_000),
        ("\uff13.5\uff05", 35_000_000),
        ("65 %", 650_000_000),
        ("0.65", 650_000_000),
        (0.035, 35_000_000),
        ("100%", 1_000_000_000),
        (1, 1_000_000_000),
    ],
)
def test_share(value: object, units: int) -> None:
    assert read_one(SHARE, value) == units


@pytest.mark.parametrize("value", [65, "65", "101%", 1.5])
def test_no_share(value: object) -> None:
    assert wrong_with(SHARE, value) == Wrong.SHARE
    with pytest.raises(CellProblem) as caught:
        read_one(SHARE, value)
    for lang in LANGS:
        assert "65%" in caught.value.text(lang)
        assert "0.65" in caught.value.text(lang)


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_amount_without_bounds_of_its_own_is_a_billion_at_most(sign: str) -> None:
    free = Column("profit", "利润", "Profit", "money", "", "")
    assert read_one(free, f"{sign}999999999.99") == int(f"{sign}99999999999")
    assert read_one(free, f"{sign}1000000000") == int(f"{sign}100000000000")
    assert wrong_with(free, f"{sign}1000000000.01") == (Wrong.BELOW if sign else Wrong.ABOVE)


def test_share_out_of_range() -> None:
    below_one = Column("share", "比例", "Share", "rate", "", "", high=0.9)
    assert wrong_with(below_one, 0.95) == Wrong.ABOVE
    assert wrong_with(below_one, 65) == Wrong.SHARE
    assert read_one(below_one, -2.5) == -2_500_000_000
    assert wrong_with(below_one, -1e12) == Wrong.BELOW
    assert wrong_with(SHARE, -0.5) == Wrong.BELOW
    assert wrong_with(SHARE, "abc") == Wrong.NOT_A_NUMBER


def test_numbers_with_units() -> None:
    assert read_one(WEIGHT, "850 g") == 850.0
    assert read_one(WEIGHT, "1,850克") == 1850.0
    assert read_one(LENGTH, "30cm") == 30.0
    assert read_one(WEIGHT, "1.2kg") == read_one(WEIGHT, "1200 克") == 1200.0
    assert read_one(LENGTH, "300 mm") == read_one(LENGTH, "0.3米") == 30.0
    assert wrong_with(WEIGHT, "30cm") == Wrong.NOT_A_NUMBER
    assert wrong_with(WEIGHT, "¥30") == Wrong.NOT_A_NUMBER
    assert read_one(FX_RATE, "7.1") == 7.1
    assert wrong_with(FX_RATE, 0) == Wrong.BELOW
    assert read_one(WEIGHT, None) is None


def test_count() -> None:
    assert read_one(QTY, "2件") == 2
    assert read_one(QTY, 2.9999999999) == 3
    assert read_one(QTY, None) == 1
    assert read_one(INBOUND, "T+3") == 3
    assert wrong_with(QTY, 1.5) == Wrong.NOT_WHOLE
    assert wrong_with(QTY, "1.5") == Wrong.NOT_WHOLE
    assert wrong_with(QTY, 0) == Wrong.BELOW
    assert wrong_with(QTY, 1_000_001) == Wrong.ABOVE
    assert wrong_with(QTY, 1e308) == Wrong.ABOVE


@pytest.mark.parametrize(
    "value",
    [
        "2024-07-05",
        "2024-7-5",
        "2024/7/5",
        "2024.7.5",
        "2024年7月5日",
        "2024年07月05",
        "20240705",
        "２０２４-07-05",
        "2024-07-05 12:34",
        "2024-07-05T12:34:56.789Z",
        "2024-07-04 12:34:56 PST",
        "2024-07-05 12:34:56+08:00",
        "2024/7/5 下午 3:20",
        "2024/7/5 3:20:01 PM",
        "45478",
        "45478.75",
        45478,
        45478.75,
        20240705,
        20240705.0,
        np.int64(45478),
        dt.date(2024, 7, 5),
        dt.datetime(2024, 7, 5, 23, 59),
        dt.datetime(2024, 7, 5, 1, tzinfo=dt.UTC),
        pd.Timestamp("2024-07-05 10:00"),
        np.datetime64("2024-07-05T10:00"),
        Decimal(45478),
    ],
)
def test_date(value: object) -> None:
    assert read_one(DATE, value) == JULY_5


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("05/07/2024", Wrong.UNCLEAR_DATE),
        ("5-7-24", Wrong.UNCLEAR_DATE),
        ("24/7/5", Wrong.UNCLEAR_DATE),
        ("2024-02-30", Wrong.NOT_A_DATE),
        ("2024-07/05", Wrong.NOT_A_DATE),
        ("20241305", Wrong.NOT_A_DATE),
        ("yesterday", Wrong.NOT_A_DATE),
        ("2024-07-05 25:00", Wrong.NOT_A_DATE),
        (True, Wrong.NOT_A_DATE),
        (dt.time(3), Wrong.NOT_A_DATE),
        (1e300, Wrong.NOT_A_DATE),
        (float("inf"), Wrong.NOT_A_DATE),
        (-3, Wrong.NOT_A_DATE),
        (20241305, Wrong.NOT_A_DATE),
        (12, Wrong.DATE_RANGE),
        ("12", Wrong.DATE_RANGE),
        (2958465, Wrong.DATE_RANGE),
        (2958465.9, Wrong.DATE_RANGE),
        (2958466, Wrong.NOT_A_DATE),  # after the last day that Excel has
        ("2958466", Wrong.NOT_A_DATE),
        (0.9, Wrong.NOT_A_DATE),
        (1, Wrong.DATE_RANGE),
        ("1989-12-31", Wrong.DATE_RANGE),
        ("2101-01-01", Wrong.DATE_RANGE),
        (dt.date(1900, 1, 1), Wrong.DATE_RANGE),
        (dt.date(9999, 12, 31), Wrong.DATE_RANGE),
        ("#N/A", Wrong.ERROR_CELL),
    ],
)
def test_no_date(value: object, wrong: Wrong) -> None:
    assert wrong_with(DATE, value) == wrong


def test_date_message_says_how_to_write_it() -> None:
    with pytest.raises(CellProblem) as caught:
        read_one(DATE, "05/07/2024")
    assert all("2024-07-05" in caught.value.text(lang) for lang in LANGS)


@pytest.mark.parametrize(
    "value", ["TRUE", "true", "是", "1", 1, 1.0, True, "yes", "Y", "√", "有", "YES"]
)
def test_yes(value: object) -> None:
    assert read_one(BOX, value) is True


@pytest.mark.parametrize("value", ["FALSE", "否", "0", 0, False, "no", "N", "×", "无", "No"])
def test_no(value: object) -> None:
    assert read_one(BOX, value) is False


@pytest.mark.parametrize("value", ["maybe", 2, "2", 0.5, dt.date(2024, 7, 5)])
def test_neither_yes_nor_no(value: object) -> None:
    assert wrong_with(BOX, value) == Wrong.NOT_YES_NO


@pytest.mark.parametrize(
    ("column", "value", "position"),
    [
        (PARCEL, "standard", 0),
        (PARCEL, "标准件", 0),
        (PARCEL, "Oversize", 1),
        (PARCEL, " 大件 ", 1),
        (PARCEL, "LARGE", 1),
        (PARCEL, "", 0),
        (PARCEL, None, 0),
        (RETURN, "买家退货验货通过", 1),
        (RETURN, "Buyer Return", 4),  # inspected or not is not said
        (RETURN, "卖家责任", 3),
    ],
)
def test_choice(column: Column, value: object, position: int) -> None:
    assert read_one(column, value) == position


def test_no_choice() -> None:
    assert wrong_with(PARCEL, "huge") == Wrong.NOT_A_CHOICE
    assert wrong_with(PARCEL, 1) == Wrong.NOT_A_CHOICE
    with pytest.raises(CellProblem) as caught:
        read_one(PARCEL, "huge")
    assert "标准件 / 大件" in caught.value.text("zh")
    assert "standard / oversize" in caught.value.text("en")


def test_every_word_of_a_choice_is_its_own() -> None:
    for column in (PARCEL, RETURN):
        for position, choice in enumerate(column.choices):
            for text in (choice.key, choice.zh, choice.en, *choice.also):
                assert read_one(column, text) == position


def test_country() -> None:
    assert read_one(COUNTRY, "西班牙") == "ES"
    assert read_one(COUNTRY, None) is None
    assert wrong_with(COUNTRY, "火星") == Wrong.NOT_A_COUNTRY
    assert wrong_with(COUNTRY, 34) == Wrong.NOT_A_COUNTRY


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" 8012 ", "8012"),
        (8012345678901234567, "8012345678901234567"),
        (8012.0, "8012"),
        (80.5, "80.5"),
        (Decimal("1.50"), "1.50"),
        ("-", "-"),
        ("0012", "0012"),
        (True, "TRUE"),
        (dt.date(2024, 7, 5), "2024-07-05"),
        (dt.datetime(2024, 7, 5), "2024-07-05"),
        ("half \ud83d emoji", "half ? emoji"),
    ],
)
def test_text(value: object, text: str) -> None:
    assert read_one(ORDER, value) == text


def test_text_error_cell() -> None:
    assert wrong_with(ORDER, "#N/A") == Wrong.ERROR_CELL
    assert read_one(ORDER, "#12") == "#12"


def test_long_values_are_cut() -> None:
    assert len(seen("x" * 500)) == 60
    assert seen("a\n b") == "a b"


NUMBERS: list[Any] = [1.0, 2.0, 3.0]
SAME: dict[str, pd.Series[Any]] = {
    "float64": pd.Series(NUMBERS),
    "float32": pd.Series(NUMBERS, dtype="float32"),
    "int64": pd.Series([1, 2, 3]),
    "uint8": pd.Series([1, 2, 3], dtype="uint8"),
    "Int64": pd.Series([1, 2, 3], dtype="Int64"),
    "Float64": pd.Series(NUMBERS, dtype="Float64"),
    "arrow int": pd.Series([1, 2, 3], dtype="int64[pyarrow]"),
    "arrow double": pd.Series(NUMBERS, dtype="double[pyarrow]"),
    "arrow decimal": pd.Series(
        [Decimal(1), Decimal(2), Decimal(3)], dtype=pd.ArrowDtype(pa.decimal128(9, 2))
    ),
    "object float": pd.Series(NUMBERS, dtype=object),
    "object mixed": pd.Series([1, "2", Decimal(3)], dtype=object),
    "object str": pd.Series(["1", "2.0", "¥3"], dtype=object),
    "str": pd.Series(["1", "2", "3"], dtype=str),
    "string[python]": pd.Series(["1", "2", "3"], dtype="string[python]"),
    "string[pyarrow]": pd.Series(["1", "2", "3"], dtype="string[pyarrow]"),
    "arrow string": pd.Series(["1", "2", "3"], dtype=pd.ArrowDtype(pa.string())),
    "arrow dictionary": pd.Series(
        pd.array(pa.array(["1", "2", "3"]).dictionary_encode().to_pylist()),
        dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
    ),
    "category of str": pd.Series(["1", "2", "3"], dtype="category"),
    "category of int": pd.Series([1, 2, 3], dtype="category"),
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("column", [PAID, QTY, WEIGHT, ORDER])
def test_every_dtype_gives_the_same(name: str, column: Column) -> None:
    found = read_cells(column, SAME[name])
    scale = 100 if column is PAID else 1
    wanted: list[Any] = [scale, 2 * scale, 3 * scale]
    if column is ORDER:
        wanted = ["1", "2.0", "¥3"] if name == "object str" else ["1", "2", "3"]
        wanted = ["1.00", "2.00", "3.00"] if name == "arrow decimal" else wanted
    elif name == "object str" and column is not PAID:
        assert found.wrong.tolist() == [0, 0, Wrong.NOT_A_NUMBER]
        return
    assert found.values.tolist() == wanted
    assert not found.wrong.any()
    assert not found.blank.any()


@pytest.mark.parametrize("name", SAME)
def test_every_dtype_with_blanks(name: str) -> None:
    cells = SAME[name].reindex([0, 7, 2])
    found = read_cells(columns.column("orders", "refund_cny"), cells)
    assert found.blank.tolist() == [False, True, False]
    assert found.values.tolist() == [100, 0, 300]


def test_dates_of_every_dtype() -> None:
    day = dt.date(2024, 7, 5)
    for cells in (
        pd.Series([pd.Timestamp(day), pd.NaT]),
        pd.Series([pd.Timestamp(day), pd.NaT], dtype="datetime64[s]"),
        pd.Series([pd.Timestamp(day, tz="Asia/Shanghai"), pd.NaT]),
        pd.Series([day, None], dtype=object),
        pd.Series([day, pd.NaT], dtype=object),
        pd.Series([np.datetime64(day), np.datetime64("NaT", "D")], dtype=object),
        pd.Series([day, None], dtype=pd.ArrowDtype(pa.date32())),
        pd.Series([pd.Timestamp(day), None], dtype=pd.ArrowDtype(pa.timestamp("us"))),
        pd.Series([pd.Timestamp(day), pd.NaT]).astype("category"),
        pd.Series([45478.25, np.nan]),
        pd.Series(["2024-07-05", ""]),
        pd.Series(["2024-07-05 01:02:03", None], dtype="string[pyarrow]"),
        pd.Series([pd.Timestamp(day), None], dtype=pd.ArrowDtype(pa.timestamp("ns", "UTC"))),
    ):
        found = read_cells(DATE, cells)
        assert found.values.tolist() == [JULY_5, 0], cells.dtype
        assert found.values.dtype == np.int32
        assert found.blank.tolist() == [False, True]
        assert not found.wrong.any()


def test_far_datetimes_are_refused() -> None:
    far = pd.Series(np.array(["9999-12-31", "1677-01-01"], dtype="datetime64[s]"))
    assert read_cells(DATE, far).wrong.tolist() == [Wrong.DATE_RANGE] * 2


def test_flags_of_every_dtype() -> None:
    for cells in (
        pd.Series([True, False, None], dtype=object),
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([True, False, None], dtype="bool[pyarrow]"),
        pd.Series([1.0, 0.0, np.nan]),
        pd.Series(["是", "否", ""]),
        pd.Series(["TRUE", "no", None], dtype="category"),
    ):
        found = read_cells(BOX, cells)
        assert found.values.tolist() == [True, False, True], cells.dtype
        assert found.blank.tolist() == [False, False, True]
        assert read_cells(PAID, cells).wrong[0] in (0, Wrong.NOT_A_NUMBER)
    assert read_cells(PAID, pd.Series([True, False])).wrong.all()


def test_order_numbers_of_every_dtype() -> None:
    whole = [8012345678901234567, 12]
    assert read_cells(ORDER, pd.Series(whole)).values.tolist() == ["8012345678901234567", "12"]
    assert read_cells(ORDER, pd.Series(whole, dtype="Int64")).values[0] == str(whole[0])
    assert read_cells(ORDER, pd.Series(whole, dtype=object)).values[0] == str(whole[0])
    floats = read_cells(ORDER, pd.Series([12.0, np.nan]))
    assert floats.values.tolist() == ["12", ""]
    assert floats.blank.tolist() == [False, True]


def test_raw_cells_stay_as_they_are() -> None:
    cells = pd.Series([1.0, np.nan, -5.0])
    before = cells.copy()
    read_cells(PAID, cells)
    read_cells(ORDER, cells)
    read_cells(DATE, cells)
    pd.testing.assert_series_equal(cells, before)


@given(
    before=st.sampled_from(["", "¥", "US $", "-", "5", "0.0", "1", "A", "(", ".", "E"]),
    digits=st.from_regex(r"[0-9]{1,4}(,[0-9]{3})?([.][0-9]{0,3})?", fullmatch=True),
    after=st.sampled_from(["", "元", "%", " CNY", ".0", "5", "E2", ")", ",", "g"]),
    kind=st.sampled_from(["money", "number", "grams"]),
)
def test_a_column_reads_as_single_texts_do(before: str, digits: str, after: str, kind: Any) -> None:
    column = Column("x", "x", "x", kind, "", "", unit="CNY")
    amount = read_amount(before + digits + after, kind)
    fx = FxRates.fixed({"USD": 1})
    # Beside 0.5 the point of 1.005 is a decimal one, as it is in a text that stands alone.
    found = read_cells(column, pd.Series([before + digits + after, "0.5"]), None, fx)
    assert (found.wrong[0] == 0) == (amount.wrong == 0)
    if not found.wrong[0]:
        scale = 100 if kind == "money" else 1
        assert float(found.values[0]) == pytest.approx(float(amount.number) * scale, abs=0.51)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for column in (PAID, QTY, WEIGHT, DATE, BOX, PARCEL, COUNTRY, ORDER, SHARE):
        assert is_read_or_refused(column, text)


def is_read_or_refused(column: Column, value: object) -> bool:
    try:
        read_one(column, value, USD)
    except CellProblem as problem:
        return bool(problem.text("zh") and problem.text("en"))
    return True


@given(
    st.one_of(st.floats(), st.integers(), st.dates(), st.datetimes(), st.decimals(), st.binary())
)
def test_any_value_is_read_or_refused(value: object) -> None:
    for column in (PAID, QTY, WEIGHT, DATE, BOX, PARCEL, COUNTRY, ORDER, SHARE):
        assert is_read_or_refused(column, value)


@pytest.mark.parametrize("text", ["kg 5 g", "g 5 kg", "克 5 公斤"])
def test_two_units_are_none(text: str) -> None:
    assert read_amount(text, "grams").wrong == Wrong.NOT_A_NUMBER
    assert read_amount("kg 5 kg", "grams").number == 5000


@pytest.mark.parametrize("text", ["x", "1.2.3", "1,2,3", "--3", "5 kg g", "(3", "①"])
def test_what_can_not_be_read_is_no_number(text: str) -> None:
    amount = read_amount(text, "grams")
    assert (amount.wrong != Wrong.NONE, amount.number) == (True, 0)


def test_three_decimals_leave_a_doubt_in_amounts_alone() -> None:
    """1.234 may be a little over one or a thousand in amounts; grams are written so."""
    texts = pa.array(["1.234", "2"])
    assert clear_numbers("money", texts) is None
    assert clear_numbers("cost", texts) is None
    grams = clear_numbers("grams", texts)
    assert grams is not None
    assert grams.tolist() == [1.234, 2]
    plain = clear_numbers("money", pa.array(["1.23", "2"]))
    assert plain is not None
    assert plain.tolist() == [1.23, 2]
