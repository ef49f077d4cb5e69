"""The shipped policy is complete and exact, resolves by day, and says its mistakes in words."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.days import epoch_day
from sellersheet.money import Ratio
from sellersheet.policy import NoRule, Policy, PolicyProblem, load
from sellersheet.policy.catalog import load_folder
from sellersheet.policy.kinds import MONEY, RATIOS, WHOLE, exact
from sellersheet.policy.shown import written
from tests.policies import SHIPPED

FIRST = dt.date(2024, 7, 1)
DAY_BEFORE = dt.date(2024, 6, 30)
POLICY = load_folder(SHIPPED)

META = """
version = "t"
files = ["a.toml"]
[sources.s]
title = "题"
title_en = "t"
site = "站"
site_en = "s"
date = 2024-01-01
sections = ["节"]
"""
VALUE = """[fee]
rules = ["F1"]
kind = "money_cny"
zh = "费"
en = "Fee"
"""
ENTRY = """
[[fee.entries]]
start = {start}
value = {value}
standing = "stated"
source = "s"
section = "节"
"""


def folder(path: Path, text: str, meta: str = META) -> Path:
    """A policy folder with one file of values."""
    path.joinpath("meta.toml").write_text(meta, encoding="utf-8")
    path.joinpath("a.toml").write_text(text, encoding="utf-8")
    return path


def entry(start: str = "2024-07-01", value: str = '"5.20"') -> str:
    return ENTRY.format(start=start, value=value)


def refused(path: Path, text: str, meta: str = META) -> PolicyProblem:
    with pytest.raises(PolicyProblem) as caught:
        load_folder(folder(path, text, meta))
    for lang in ("zh", "en"):
        assert "{" not in caught.value.text(lang)
        assert "Said(" not in caught.value.text(lang)
    return caught.value


# What is shipped.


def test_every_value_is_documented() -> None:
    titles: list[str] = []
    for name in POLICY.names:
        value = POLICY.value(name)
        assert value.entries, name
        assert value.zh.isascii() is False, name
        assert value.en, name
        titles += [value.zh, value.en]
        for item in value.entries:
            assert item.source in POLICY.sources, name
            assert item.section in POLICY.sources[item.source].sections, name
            assert bool(item.note_zh) == bool(item.note_en), name
            if item.standing in ("read", "assumed"):
                assert item.note_zh, f"{name}: what was read or assumed has to be said"
    assert len(set(titles)) == len(titles), "a title names one value"
    dated = {n for n in POLICY.names if POLICY.entry(n, FIRST).start_standing != "assumed"}
    assert dated == {"tracking_min", "tracking_rereview_days"}, "only these starts are dated"


def test_every_rule_that_has_data_is_covered() -> None:
    rules = {rule for name in POLICY.names for rule in POLICY.value(name).rules}
    wanted = {f"F{n}" for n in range(1, 15)} | {f"E{n}" for n in (*range(1, 8), 8, 9, 10, 11)}
    wanted |= {"P1", "P2", "P3", "M", "D17a"} | {f"D{n}" for n in (*range(1, 20), 23)}
    assert rules == wanted


def test_texts_shown_to_people_stand_in_both_languages() -> None:
    shown = 0
    for name in POLICY.names:
        value = POLICY.value(name)
        for column in value.columns:
            if column == "zh" or column.endswith("_zh"):
                assert column.removesuffix("zh") + "en" in value.columns, (name, column)
        if value.kind == "table":
            for item in value.entries:
                for record in item.value:
                    texts = [word for key, word in record.items() if key.endswith("en")]
                    assert all(texts), name
                    shown += bool(texts)
    assert shown > 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service_fee_rate", Fraction(35, 1000)),
        ("operation_fee", 520),
        ("oversize_surcharge", 280),
        ("rush_fee", 300),
        ("rush_after_days", 3),
        ("repack_fee", 150),
        ("standard_box_cm", (30, 20, 15)),
        ("buyer_return_refund_rate", 1),
        ("failed_inspection_refund_rate", 0),
        ("seller_fault_subsidy", 80),
        ("excess_return_tolerance", Fraction(15, 100)),
        ("excess_return_reading", "relative"),
        ("bank_monthly_min", 5_000_000),
        ("served_destinations", ("FR", "ES", "DE", "IT", "PL", "SA", "AE", "KR", "RU")),
        ("deviation_cap", Fraction(1, 2)),
        ("deposit_flag_above", 500_000),
        ("temporary_deposit", 30_000),
        ("payoneer_single_limit", 200_000),
        ("channel_fee_rate", Fraction(5, 1000)),
        ("positive_rate_min", Fraction(955, 1000)),
        ("published_roi_full", Fraction(182, 1000)),
    ],
)
def test_exact_values(name: str, value: object) -> None:
    found = POLICY.get(name, FIRST)
    assert found == value
    assert type(found) is type(value) or isinstance(found, Fraction)


def test_tables_hold_exact_values() -> None:
    coefficients = {r["zh"]: r["coefficient"] for r in POLICY.get("risk_coefficients", FIRST)}
    assert coefficients == {"蓝牙耳机": Fraction(13, 10), "棉质T恤": Fraction(8, 10)}
    low, high = POLICY.get("base_tiers", FIRST)
    assert (low["base"], low["monthly_orders_below"], low["dsr_min"]) == (
        50_000,
        500,
        Fraction(239, 50),
    )
    assert (high["base"], high["monthly_orders_above"], high["dsr_min"]) == (500_000, 5000, None)
    codes = {r["code"] for r in POLICY.get("failure_codes", FIRST)}
    assert codes == {"E102", "E205", ""}
    channels = {r["key"]: r["single_limit"] for r in POLICY.get("payment_channels", FIRST)}
    assert channels == {"alipay+": "", "payoneer": "payoneer_single_limit"}
    with pytest.raises(TypeError):
        low["base"] = 1


def test_an_alias_points_to_one_record_of_its_table() -> None:
    tables = set()
    for name in POLICY.names:
        value = POLICY.value(name)
        if "aliases" not in value.columns or name == "entity_documents":
            continue
        tables.add(name)
        seen: dict[str, int] = {}
        for number, record in enumerate(value.entries[0].value):
            for word in {w.casefold() for w in (record["zh"], record["en"], *record["aliases"])}:
                assert seen.setdefault(word, number) == number, (name, word)
    assert {"covered_categories", "open_categories", "risk_coefficients"} <= tables


def test_covered_and_uncovered_share_no_word() -> None:
    def words(name: str) -> set[str]:
        records = POLICY.get(name, FIRST)
        return {w.casefold() for r in records for w in (r["zh"], r["en"], *r["aliases"])}

    assert not words("covered_categories") & words("uncovered_categories")
    assert not words("open_categories") & words("barred_categories")


def test_numbers_can_be_written_back_exactly() -> None:
    kinds = set()
    for name in POLICY.names:
        value = POLICY.value(name)
        for item in value.entries:
            text = written(value.kind, item.value)
            if text is None or value.kind == "text":
                continue
            assert exact(text, value.shape) == item.value, name
            kinds.add(value.kind)
    assert {"money_cny", "money_usd", "rate"} <= kinds


# Days.


def test_the_day_before_the_start_has_no_rule() -> None:
    assert POLICY.entry("rush_fee", FIRST).start == FIRST
    with pytest.raises(NoRule) as caught:
        POLICY.entry("rush_fee", DAY_BEFORE)
    for part in ("rush_fee", "2024-06-30", "2024-07-01"):
        assert part in caught.value.text("zh")
        assert part in caught.value.text("en")
    assert "加急操作费" in caught.value.text("zh")


def test_a_new_entry_holds_from_its_own_day(tmp_path: Path) -> None:
    policy = load_folder(folder(tmp_path, VALUE + entry() + entry("2025-01-01", '"6.00"')))
    assert policy.get("fee", dt.date(2024, 12, 31)) == 520
    assert policy.get("fee", dt.date(2025, 1, 1)) == 600
    assert policy.first_day("fee") == FIRST
    changes = policy.diff(dt.date(2024, 12, 31), dt.date(2025, 1, 1))
    assert [(n, a and a.value, b and b.value) for n, a, b in changes] == [("fee", 520, 600)]
    assert policy.diff(FIRST, dt.date(2024, 12, 31)) == []
    assert policy.diff(DAY_BEFORE, FIRST)[0][1] is None


def test_rows_for_people() -> None:
    rows = {row["name"]: row for row in POLICY.rows(FIRST, "en")}
    assert tuple(rows) == POLICY.names
    assert rows["service_fee_rate"]["value"] == "3.5 %"
    assert rows["rush_fee"]["value"] == "¥3.00"
    assert rows["rush_after_days"]["value"] == "> 3 days"
    assert rows["rush_free_days"]["value"] == "≤ 1 day"
    assert rows["rush_after_days"]["standing"] == "read"
    assert rows["oversize_over_weight_g"]["standing_word"] == "assumed"
    assert rows["published_freight_points"]["snapshot"] == dt.date(2024, 7, 15)
    assert "2026-03-01" in rows["rush_fee"]["source"]
    chinese = POLICY.row("deviation_cap", FIRST, "zh")
    assert chinese["value"] == "±50 %"
    assert chinese["standing_word"] == "原文写明"
    assert "大数跨境" in chinese["source"]
    early = POLICY.row("rush_fee", DAY_BEFORE, "en")
    assert (early["value"], early["raw"], early["start"]) == ("", None, None)
    assert "2024-07-01" in early["note"]


def test_names_and_titles_are_found_and_near_ones_suggested() -> None:
    assert POLICY.find("Rush_Fee") == "rush_fee"
    assert POLICY.find("加急操作费(延迟入仓)") == "rush_fee"
    assert POLICY.find("rush fee for LATE inbound") == "rush_fee"
    with pytest.raises(PolicyProblem, match="rush_fee"):
        POLICY.find("rush_feee")
    with pytest.raises(PolicyProblem, match="rush_fee"):
        POLICY.find("加急")
    with pytest.raises(PolicyProblem):
        POLICY.value("")


# One day and a column of days.


def stepped(prices: list[tuple[int, int]]) -> Policy:
    """A policy whose rush fee and service rate change on the given epoch days."""
    days = dict(prices)
    epoch = dt.date(1970, 1, 1)
    rows: list[dict[str, object]] = []
    for day, cents in days.items():
        start = epoch + dt.timedelta(days=day)
        rows.append({"name": "rush_fee", "value": f"{cents / 100:.2f}", "start": start})
        rows.append({"name": "service_fee_rate", "value": f"0.{cents:05d}", "start": start})
        rows.append({"name": "rush_after_days", "value": cents, "start": start})
        reading = "points" if cents % 2 else "relative"
        rows.append({"name": "excess_return_reading", "value": reading, "start": start})
    return POLICY.with_overrides(rows, origin="t")


days_near = st.integers(19_700, 20_300)


@given(
    st.lists(st.tuples(days_near, st.integers(0, 9999)), max_size=5),
    st.lists(days_near, max_size=30),
)
def test_a_column_of_days_agrees_with_each_day_alone(
    prices: list[tuple[int, int]], days: list[int]
) -> None:
    policy = stepped(prices)
    view = policy.on(np.array(days, dtype=np.int64))
    alone = [policy.on(day) for day in days]
    rows = len(days)

    def column(value: object) -> list[object]:
        return list(np.broadcast_to(np.asarray(value, dtype=object), rows))

    assert column(view.money("rush_fee")) == [one.money("rush_fee") for one in alone]
    assert column(view.number("rush_after_days")) == [
        one.number("rush_after_days") for one in alone
    ]
    rate = view.ratio("service_fee_rate")
    assert column(rate.num) == [one.ratio("service_fee_rate").num for one in alone]
    assert {one.ratio("service_fee_rate").den for one in alone} <= {rate.den}
    assert column(view.choice("excess_return_reading")) == [
        one.choice("excess_return_reading") for one in alone
    ]
    names = ("rush_fee", "repack_fee")
    assert column(view.known(names)) == [one.known(names) for one in alone]
    seen = np.full(rows, -1)
    for where, part in view.parts(("rush_fee",)):
        seen[where] = part.money("rush_fee")
    assert list(seen) == [one.money("rush_fee") for one in alone]


def test_one_period_gives_plain_numbers() -> None:
    # Days of one period whatever is appended later.
    days = np.array([epoch_day(FIRST), epoch_day(FIRST) + 100], dtype=np.int64)
    view = POLICY.on(days)
    assert type(view.money("rush_fee")) is int
    assert view.ratio("service_fee_rate") == Ratio(7, 200)
    assert view.known(POLICY.names) is True
    assert view.words("served_destinations")[0] == "FR"
    assert view.text("join_path", "zh").startswith("Seller Center")
    assert POLICY.on(days[:0]).known("rush_fee") is True
    assert POLICY.on(days.astype("datetime64[D]")).money("rush_fee") == 300
    assert POLICY.on(days.astype(np.int32)).money("rush_fee") == 300


def test_rows_before_the_first_start_are_zero_and_not_known() -> None:
    day = epoch_day(FIRST)
    view = POLICY.on(np.array([day - 1, day], dtype=np.int64))
    assert view.money("rush_fee").tolist() == [0, 300]
    assert view.money("rush_fee").dtype == np.int64
    assert view.known("rush_fee").tolist() == [False, True]
    assert view.table("base_tiers") == POLICY.get("base_tiers", FIRST)
    assert view.choice("excess_return_reading").tolist() == ["", "relative"]
    early = POLICY.on(DAY_BEFORE)
    assert (early.money("rush_fee"), early.table("base_tiers")) == (0, ())
    assert early.known("rush_fee") is False


def test_a_list_that_changes_within_the_rows_is_refused() -> None:
    start = dt.date(2025, 1, 1)
    row = {"name": "served_destinations", "value": "FR, ES", "start": start}
    policy = POLICY.with_overrides([row], origin="t")
    days = np.array([epoch_day(start) - 1, epoch_day(start)])
    with pytest.raises(PolicyProblem, match="2025-01-01"):
        policy.on(days).words("served_destinations")
    parts = [
        part.words("served_destinations")
        for _, part in policy.on(days).parts(["rush_fee", "served_destinations"])
    ]
    assert [len(words) for words in parts] == [9, 2]


def test_a_value_of_another_kind_is_a_mistake_of_the_program() -> None:
    view = POLICY.on(FIRST)
    with pytest.raises(TypeError):
        view.money("service_fee_rate")
    with pytest.raises(TypeError):
        POLICY.on(np.array([1.5])).money("rush_fee")
    for name in POLICY.names:
        kind = POLICY.value(name).kind
        if kind in MONEY:
            assert view.money(name) == POLICY.get(name, FIRST)
        elif kind in WHOLE:
            assert view.number(name) == POLICY.get(name, FIRST)
        elif kind in RATIOS:
            assert Fraction(*view.ratio(name)) == POLICY.get(name, FIRST)


# Files that are wrong.


def test_a_sound_folder_loads(tmp_path: Path) -> None:
    assert load_folder(folder(tmp_path, "\ufeff" + VALUE + entry())).get("fee", FIRST) == 520


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (VALUE + entry("2025-01-01") + entry("2024-07-01"), ("fee.entries[2].start", "2024-07-01")),
        (VALUE + entry() + entry(), ("fee.entries[2].start", "same start")),
        (VALUE.replace("zh =", "zg =") + entry(), ("fee.zg", "not a known key")),
        (VALUE + "colour = 1\n" + entry(), ("fee.colour", "not a known key", "entries")),
        (VALUE + entry() + "colour = 1\n", ("fee.entries[1].colour", "start_standing")),
        (VALUE.replace('en = "Fee"', "") + entry(), ("fee.en", "missing")),
        (VALUE.replace("money_cny", "gold") + entry(), ("fee.kind", "gold", "money_usd")),
        (VALUE + entry(value='"-1"'), ("fee.entries[1].value", "'-1'", "too small")),
        (VALUE + entry(value='"1.005"'), ("fee.entries[1].value", "1.005", "2")),
        (VALUE + entry(value="true"), ("fee.entries[1].value", "True", "not a number")),
        (VALUE + entry(start="20240701"), ("fee.entries[1].start", "20240701", "not a date")),
        (VALUE + entry().replace('"s"', '"x"'), ("fee.entries[1].source", "'x'", "allowed: s")),
        (VALUE + entry().replace('"节"', '"x"'), ("fee.entries[1].section", "'x'", "节")),
        (VALUE + entry().replace("stated", "own"), ("fee.entries[1].standing", "'own'")),
        (VALUE + entry().replace("stated", "sure"), ("fee.entries[1].standing", "'sure'", "read")),
        (VALUE + entry() + "snapshot = 3\n", ("fee.entries[1].snapshot", "not a date")),
        (VALUE + 'low = "x"\n' + entry(), ("fee.low", "not a number")),
        (VALUE, ("fee.entries", "missing")),
        (VALUE + "entries = []\n", ("fee.entries", "blank")),
        (VALUE + 'columns = { a = "gold" }\n' + entry(), ("fee.columns.a", "gold", "rate")),
        ("fee = 3\n", ("fee", "table")),
    ],
)
def test_what_is_wrong_in_a_file_is_named(
    tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    problem = refused(tmp_path, text)
    for part in (*parts, "a.toml"):
        assert part in problem.text("en")
    assert parts[0] in problem.text("zh")


def test_a_table_is_checked_cell_by_cell(tmp_path: Path) -> None:
    head = (
        VALUE.replace("money_cny", "table")
        + 'columns = { zh = "text", en = "text", cap = "rate?" }\n'
    )
    good = head + entry(value='[{ zh = "甲", en = "a" }, { zh = "乙", en = "b", cap = "0.5" }]')
    records = load_folder(folder(tmp_path, good)).get("fee", FIRST)
    assert [record["cap"] for record in records] == [None, Fraction(1, 2)]
    for value, part in (
        ('[{ zh = "甲" }]', "fee.entries[1].value[1].en"),
        ('[{ zh = "甲", en = "a", x = 1 }]', "fee.entries[1].value[1].x"),
        ('[{ zh = "甲", en = "a", cap = "5" }]', "fee.entries[1].value[1].cap"),
        ('["甲"]', "fee.entries[1].value[1]"),
        ('"甲"', "fee.entries[1].value"),
    ):
        assert part in refused(tmp_path, head + entry(value=value)).text("en")


def test_broken_toml_names_the_file_and_the_line(tmp_path: Path) -> None:
    problem = refused(tmp_path, "\n\nfee = = 3\n")
    for lang in ("zh", "en"):
        assert "a.toml" in problem.text(lang)
        assert "3" in problem.text(lang).split("fee")[0]
        assert "fee = = 3" in problem.text(lang)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match=r"meta\.toml"):
        load_folder(tmp_path)
    folder(tmp_path, "").joinpath("a.toml").write_bytes('# \n# "费"'.encode("gbk"))
    with pytest.raises(PolicyProblem, match="UTF-8"):
        load_folder(tmp_path)
    tmp_path.joinpath("a.toml").unlink()
    tmp_path.joinpath("a.toml").mkdir()
    with pytest.raises(PolicyProblem, match=r"a\.toml"):
        load_folder(tmp_path)


def test_a_name_is_defined_once(tmp_path: Path) -> None:
    tmp_path.joinpath("b.toml").write_text(VALUE + entry(), encoding="utf-8")
    meta = META.replace('"a.toml"', '"a.toml", "b.toml"')
    problem = refused(tmp_path, VALUE + entry(), meta)
    assert "b.toml" in problem.text("en")
    assert "a.toml" in problem.text("zh")
    assert "versionn" in refused(tmp_path, "", META.replace("version", "versionn")).text("en")


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    one = load_folder(folder(tmp_path, VALUE + entry())).digest
    assert one == load_folder(folder(tmp_path, VALUE + entry() + 'note_zh = "注"\n')).digest
    assert one != load_folder(folder(tmp_path, VALUE + entry(value='"5.21"'))).digest
    assert one != load_folder(folder(tmp_path, VALUE + entry("2024-07-02"))).digest
    assert len(one) == 12
    assert load() is load()
