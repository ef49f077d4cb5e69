"""Sentences with counts: one row is a row, thousands have separators."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sellersheet
import sellersheet_addin
import sellersheet_workbook
from sellersheet import wording
from sellersheet.intake.doubts import Remark
from sellersheet.wording import LANGS, Wording, in_a_sheet, in_command

SAY = Wording("sellersheet_addin.cli", "cli.toml")


def sentences() -> Iterator[tuple[str, str, str, str]]:
    """File, code, language and text of every sentence of the packages."""
    for package in (sellersheet, sellersheet_workbook, sellersheet_addin):
        for file in Path(package.__file__).parent.rglob("*.toml"):
            if "data" in file.parts:
                continue
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for lang in LANGS if isinstance(texts, dict) else ():
                    for key in (lang, f"{lang}_sheet"):
                        if isinstance(text := texts.get(key), str):
                            yield file.name, code, lang, text


def test_one_is_told_as_one() -> None:
    total = {"orders": "1", "paid": "¥1.00", "total": "¥1.00", "share": "1.0%"}
    assert SAY("batch_total", "en", rows="1", **total).startswith("1 row, 1 order: paid")
    assert SAY("batch_total", "en", rows="21", **total).startswith("21 rows, 1 order: paid")
    assert SAY("batch_refused", "en", count=1).startswith("1 row was refused;")
    assert SAY("batch_incomplete", "en", count=1).startswith("1 more row has no freight")
    assert SAY("batch_refused", "zh", count=1).startswith("1 行有问题")
    # A path that reads like a count stays what it is.
    assert SAY("many_written", "en", path="1 orders").endswith("1 orders")


def test_lists_are_written_as_the_language_writes_them() -> None:
    remark = Remark("not_used", {"headers": ["Discount Code", "Cancelled at"]})
    assert "Discount Code, Cancelled at." in remark.text("en")
    assert "Discount Code、Cancelled at。" in remark.text("zh")


def test_counts_have_separators_and_rows_have_none() -> None:
    assert SAY("rates_written", "zh", count=12345, path="a") == "已写出 12,345 行：a"
    assert SAY("impact_row", "zh", row=12345, reason="-") == "第 12345 行：-"


def test_chinese_sentences_have_chinese_marks_and_one_form_of_address() -> None:
    """Colons, commas and brackets between Chinese characters are full width; 您, never 你."""
    half = re.compile(
        r"[一-鿿”》][,;:!?](?![0-9])|[,;:!?][一-鿿“《]|[一-鿿][(][一-鿿]+[)](?=[一-鿿])"
    )
    texts = [said for said in sentences() if said[2] == "zh"]
    assert texts
    assert not [said for said in texts if half.search(said[3]) or "你" in said[3]]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_word_of_a_command_line_comes_through_as_it_is(text: str) -> None:
    assert shlex.split(f"--column {in_command(text)}") == ["--column", text]


def test_headers_in_commands_are_quoted_where_they_have_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remark = Remark("outranked", {"other": "Item Price", "header": "Total", "key": "paid_cny"})
    for lang in LANGS:
        assert "--column 'Item Price=paid_cny'" in remark.text(lang)
    plain = Remark("outranked", {"other": "实付（元）", "header": "实收", "key": "paid_cny"})
    assert plain.text("zh").endswith("请写 --column 实付（元）=paid_cny。")
    monkeypatch.setattr(wording, "os", SimpleNamespace(name="nt"))
    assert in_command("Item Price=paid_cny") == '"Item Price=paid_cny"'
    assert in_command('7" cup') == '"7\\" cup"'


def test_every_text_of_a_file_in_a_command_is_one_word_of_it() -> None:
    bare = re.compile(r"--(column|order-column|charge|per-order|sheet|shop) \{\w+\}")
    assert not [said for said in sentences() if bare.search(said[3])]
    words = [said for said in sentences() if ":=" in said[3]]
    assert {"doubts.toml", "tables.toml", "problems.toml"} <= {at[0] for at in words}


# Said of options that were given: nowhere else.
OF_OPTIONS = {
    "whole_order", "per_order_header", "per_order_id", "not_of_order",
    "shop_there", "country_there", "country_in_headers", "start_there", "country_option",
    "start_said",
}  # fmt: skip


def test_where_no_option_can_be_given_none_is_named() -> None:
    """Whatever cells and menus can say names what to do in the sheet or in the file."""
    option = re.compile(r"--[a-z]")
    shown = 0
    for package, folders in {
        sellersheet: ("",),
        sellersheet_workbook: ("host", "orders_import", "rate_import", "reconcile", "update"),
    }.items():
        root = Path(package.__file__).parent
        for file in (found for folder in folders for found in (root / folder).rglob("*.toml")):
            if "data" in file.parts:
                continue
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                if not isinstance(texts, dict) or code in OF_OPTIONS:
                    continue
                for lang in LANGS:
                    if not isinstance(own := texts.get(lang), str):
                        continue
                    said = texts.get(f"{lang}_sheet", own)
                    shown += said is not own
                    assert not option.search(said), (file.name, code)
                    fields = set(re.findall(r"\{(\w+)", own))
                    assert set(re.findall(r"\{(\w+)", said)) <= fields, (file.name, code)
    assert shown > 60


def test_a_sentence_for_a_sheet_is_said_there_alone() -> None:
    remark = Remark("outranked", {"other": "Item Price", "header": "Total", "key": "paid_cny"})
    for lang in LANGS:
        with in_a_sheet():
            assert "--" not in remark.text(lang)
            assert "Item Price" in remark.text(lang)
        assert "--column" in remark.text(lang)
