"""Sentences with counts: one row is a row, thousands have separators."""

import re
import tomllib
from pathlib import Path

import sellersheet
import sellersheet_addin
import sellersheet_workbook
from sellersheet.intake.doubts import Remark
from sellersheet.wording import Wording

SAY = Wording("sellersheet_addin.cli", "cli.toml")


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
    found = []
    for package in (sellersheet, sellersheet_workbook, sellersheet_addin):
        for file in Path(package.__file__).parent.rglob("*.toml"):
            if "data" in file.parts:
                continue
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                text = texts.get("zh", "") if isinstance(texts, dict) else ""
                if isinstance(text, str) and (half.search(text) or "你" in text):
                    found.append((file.name, code, text))
    assert not found
