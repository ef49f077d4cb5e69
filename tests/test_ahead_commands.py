"""The commands ``limit``, ``room``, ``calendar``, ``savings``: answers on a screen."""

from pathlib import Path

import pytest

from tests.command_line import Called, call

CAPSYS = pytest.CaptureFixture[str]
CARD = """目的国,重量起(克),重量止(克),首重价格,体积重除数,生效日期
ES,0,89,22.6,不计,2024-07-01
ES,89,200,35.44,不计,2024-07-01
"""


def run(capsys: CAPSYS, *words: object, lang: str = "zh") -> Called:
    return call(capsys, *map(str, words), "--lang", lang)


def flat(shown: Called) -> str:
    """What was shown without the breaks of its lines."""
    return "".join(shown.out.split())


def test_limit(capsys: CAPSYS) -> None:
    budget = ("--budget", 1000, "--base", 500, "--category-rate", "1%", "--orders", 1200)
    shown = flat(run(capsys, "limit", *budget, "--risk", "棉质T恤"))
    for told in ("最高纠纷率1.1111166%", "最多纠纷单13", "$975.00", "$1,050.00", "最多纠纷单1,200"):
        assert told in shown
    assert run(capsys, "limit", *budget, "--risk", "0.8").code == 0
    wrong = run(capsys, "limit", *budget, "--risk", "鞋")
    assert (wrong.code, "“鞋”" in wrong.err) == (2, True)
    none = run(capsys, "limit", *budget, "--risk", "0.8", "--budget", 100, lang="en")
    assert none.code == 2
    assert "$450.00" in none.err


def test_room(capsys: CAPSYS) -> None:
    weeks = ("--weekly-orders", 200, "--weekly-orders", 280)
    shown = flat(run(capsys, "room", *weeks, "--parcels", 1000, "--late", 40))
    assert "现状200→280最多378还可98" in shown
    assert "现状40（共1,000）最多58还可18" in shown
    assert "nothing was entered" in run(capsys, "room", lang="en").err.lower()
    assert run(capsys, "room", "--parcels", 10, "--late", 11).code == 2


def test_calendar(capsys: CAPSYS) -> None:
    deposit = ("--approved", "2024-09-30 10:00", "--amount", 5000, "--channel", "payoneer")
    closed = ("--holidays", "2024-10-01,2024-10-02", "--yearly-rate", "6%")
    shown = flat(run(capsys, "calendar", *deposit, *closed))
    for told in ("付款期限2024-10-0610:006$5,025.00", "$147.95", "$108.86"):
        assert told in shown
    wrong = run(capsys, "calendar", *deposit, "--left", "2024-10-01")
    assert (wrong.code, "2024-10-04 10:00" in wrong.err) == (2, True)


def test_savings(capsys: CAPSYS, tmp_path: Path) -> None:
    card = tmp_path / "费率.csv"
    card.write_text(CARD, encoding="utf-8")
    parcel = ("--country", "西班牙", "--weight", 100, "--rates", card, "--orders", 10)
    shown = run(capsys, "savings", *parcel, "--inbound-days", 5)
    assert "¥128.40" in shown.out
    assert "轻11克（到89克）省¥12.84" in flat(shown)
    assert "¥158.40" in shown.out
    assert "#N/A" in run(capsys, "savings", "--inbound-days", 5).out
    assert run(capsys, "savings").code == 2
