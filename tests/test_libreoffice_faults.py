"""What happens in LibreOffice when the worker does not: killed, hanging, missing, busy."""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sellersheet.functions import SEMIFEE
from sellersheet_addin.libreoffice.extension.worker_process import MODULE
from tests import addin_in_libreoffice, libreoffice
from tests.addin_in_libreoffice import configure
from tests.libreoffice_book import Error, seen

FAILED = Error(libreoffice.WRONG_VALUE)
AN_ERROR = [""]  # as values gives it
CELLS = 10_000
ROWS = 50_000
STATED = {"en": "stated in the source", "zh": "原文写明"}


def workers(home: Path) -> list[int]:
    """The processes that work for a LibreOffice with this user folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = process.joinpath("cmdline").read_bytes().split(b"\0")
            settings = process.joinpath("environ").read_bytes().split(b"\0")
            if MODULE.encode() in command and f"SELLERSHEET_HOME={home}".encode() in settings:
                found.append(int(process.name))
    return found


def until(condition: Callable[[], object]) -> None:
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.fixture(scope="module", name="home")
def users_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("用户 甲") / ".sellersheet"


@pytest.fixture(scope="module", name="office")
def office_with_addin(home: Path) -> Iterator[libreoffice.Office]:
    """Its Python stands in a folder with a Chinese name too; hung calls end soon."""
    interpreter = home.parent / "我的 python"
    interpreter.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    interpreter.chmod(0o755)
    with addin_in_libreoffice.started(home, interpreter=str(interpreter), call_seconds=3) as office:
        yield office
    until(lambda: not workers(home))  # it ends with LibreOffice, which was killed


@pytest.fixture(name="filled")
def sheet_of_orders(office: libreoffice.Office) -> tuple[libreoffice.Office, list[list[float]]]:
    """Paid amounts that no test had before, and a fee beside each: not yet calculated."""
    chance = random.Random()
    paid = [[float(chance.randrange(100, 10**9)) / 100] for _ in range(CELLS)]
    office.new()
    office.write("Sheet1", f"A1:A{CELLS}", [[repr(amount)] for (amount,) in paid])
    return office, paid


def fees(paid: list[list[float]]) -> list[list[float]]:
    return [list(row) for row in SEMIFEE(tuple(map(tuple, paid)), 22.6)]


def test_ten_thousand_cells(filled: tuple[libreoffice.Office, list[list[float]]]) -> None:
    office, paid = filled
    formulas = [[f"=SEMIFEE(A{at + 1};22.6)"] for at in range(CELLS)]
    office.write("Sheet1", f"B1:B{CELLS}", formulas)
    assert office.values("Sheet1", f"B1:B{CELLS}") == fees(paid)


def test_an_array_of_fifty_thousand_rows(office: libreoffice.Office) -> None:
    paid = [[at / 100] for at in range(1, ROWS + 1)]
    office.new()
    office.write("Sheet1", f"A1:A{ROWS}", [[repr(amount)] for (amount,) in paid])
    office.write_array("Sheet1", f"B1:B{ROWS}", f"=SEMIFEE(A1:A{ROWS};22.6)")
    assert office.values("Sheet1", f"B1:B{ROWS}") == fees(paid)


def test_a_worker_killed_while_cells_calculate(
    filled: tuple[libreoffice.Office, list[list[float]]], home: Path
) -> None:
    office, paid = filled
    office.write("Sheet1", "D1", [["=SEMIFEE(1;1)"]])
    formulas = [[f"=SEMIFEE(A{at + 1};22.6)"] for at in range(CELLS)]
    calculating = threading.Thread(
        target=office.write, args=("Sheet1", f"B1:B{CELLS}", formulas), daemon=True
    )
    killed = set()
    calculating.start()
    while calculating.is_alive():
        for worker in set(workers(home)) - killed:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
            killed.add(worker)
            time.sleep(1)
        time.sleep(0.05)
    assert len(killed) > 1
    wanted = fees(paid)
    for shown, fee in zip(office.values("Sheet1", f"B1:B{CELLS}"), wanted, strict=True):
        assert shown in (fee, AN_ERROR)
    until(lambda: answers(office))
    office.calculate()
    assert office.values("Sheet1", f"B1:B{CELLS}") == wanted


def test_a_worker_that_hangs(office: libreoffice.Office, home: Path) -> None:
    office.new(visible=True)
    office.write("Sheet1", "A1", [["=SEMIFEE(1;2)"]])
    (hanging,) = workers(home)
    os.kill(hanging, signal.SIGSTOP)
    office.write("Sheet1", "A2", [["=SEMIFEE(3;4)"]])
    assert seen(office.cells("Sheet1", "A1:A2")) == [[7.24], [FAILED]]
    assert hanging not in workers(home)
    until(lambda: office.has_bar("sellersheet"))
    until(lambda: answers(office))
    office.calculate()
    assert seen(office.cells("Sheet1", "A2")) == [[SEMIFEE(3.0, 4.0)]]
    until(lambda: not office.has_bar("sellersheet"))


def test_a_worker_killed_between_calls_is_not_noticed(
    office: libreoffice.Office, home: Path
) -> None:
    office.new()
    until(lambda: answers(office))
    (worker,) = workers(home)
    os.kill(worker, signal.SIGKILL)
    until(lambda: not workers(home))
    assert answers(office)


def test_a_wrong_interpreter_and_then_the_right_one(
    tmp_path: Path,
) -> None:
    with addin_in_libreoffice.started(tmp_path, interpreter=str(tmp_path / "nowhere")) as office:
        office.new(visible=True)
        formulas = [[f"=SEMIFEE({at + 1};22.6)"] for at in range(CELLS)]
        office.write("Sheet1", f"A1:A{CELLS}", formulas)
        office.calculate(30)
        assert office.values("Sheet1", f"A1:A{CELLS}") == [AN_ERROR] * CELLS
        assert seen(office.cells("Sheet1", "A1")) == [[FAILED]]
        until(lambda: office.has_bar("sellersheet"))
        log = tmp_path.joinpath("libreoffice.log").read_text(encoding="utf-8")
        assert "sellersheet addin install --libreoffice" in log
        assert log.count("\n") < 10
        configure(tmp_path)
        until(lambda: answers(office))
        office.calculate()
        assert office.values("Sheet1", "A1:A2") == [[SEMIFEE(1.0, 22.6)], [SEMIFEE(2.0, 22.6)]]
        until(lambda: not office.has_bar("sellersheet"))


def test_two_workbooks_at_once(office: libreoffice.Office) -> None:
    with office.beside() as other:
        shown: dict[float, list[list[float | str]]] = {}

        def calculated(book: libreoffice.Office, freight: float) -> None:
            book.new()
            formulas = [[f"=SEMIFEE({at + 1};{freight})"] for at in range(1000)]
            book.write("Sheet1", "A1:A1000", formulas)
            shown[freight] = book.values("Sheet1", "A1:A1000")

        threads = [
            threading.Thread(target=calculated, args=args) for args in ((office, 1.5), (other, 2.5))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    paid = tuple((float(at + 1),) for at in range(1000))
    for freight in (1.5, 2.5):
        assert shown[freight] == [list(row) for row in SEMIFEE(paid, freight)]


@pytest.mark.parametrize(
    ("lang", "word"), [("en", STATED["en"]), ("zh", STATED["zh"]), (None, STATED["en"])]
)
def test_the_language_is_the_configured_one_or_the_programs(
    office: libreoffice.Office, home: Path, lang: str | None, word: str
) -> None:
    before = home.joinpath("libreoffice.json").read_text(encoding="utf-8")
    try:
        configure(home, **json.loads(before) | {"lang": lang})
        for worker in workers(home):  # the next one looks at what is configured
            os.kill(worker, signal.SIGKILL)
        until(lambda: not workers(home))
        office.new()
        day = f"DATE(2024;8;{next(_asked)})"  # what was asked before is not asked again
        office.write("Sheet1", "A1", [[f'=POLICYVALUE("rush_fee";{day};"standing")']])
        assert office.cells("Sheet1", "A1")[0][0].value == word
    finally:
        home.joinpath("libreoffice.json").write_text(before, encoding="utf-8")


_asked = iter(range(1, 10**9))


def answers(office: libreoffice.Office) -> bool:
    """Whether a call that was never made before gets its answer."""
    paid = float(next(_asked))
    office.write("Sheet1", "Z1", [[f"=SEMIFEE({paid};0)"]])
    return seen(office.cells("Sheet1", "Z1")) == [[SEMIFEE(paid, 0.0)]]
