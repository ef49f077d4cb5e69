"""The worker and the messages to it, without LibreOffice."""

import ast
import json
import marshal
import os
import stat
import struct
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.functions import SEMIFEE
from sellersheet_addin.libreoffice import build
from sellersheet_addin.libreoffice.extension import wire, worker_process
from sellersheet_addin.libreoffice.extension.worker_process import (
    Failed,
    NotConfigured,
    Worker,
    configuration,
)
from tests.addin_in_libreoffice import configure

_CELL = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=20), st.just("#N/A")
)
_BLOCK = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(st.tuples(*[_CELL] * size[1]), min_size=size[0], max_size=size[0])
)


class TestMessages:
    @given(st.text(max_size=20).filter(lambda text: "\n" not in text), st.lists(_CELL | _BLOCK))
    def test_come_out_as_they_went_in(self, subject: str, values: list[Any]) -> None:
        found = wire.unpacked(wire.packed(subject, values))
        assert found == (subject, values)
        assert list(map(repr, found.values)) == list(map(repr, values))

    def test_an_error_value_keeps_its_code(self) -> None:
        from sellersheet_addin.libreoffice.worker import ERRORS

        block = [(ERRORS["#N/A"], 1.0), ("", ERRORS["#NUM!"])]
        found = wire.unpacked(wire.packed("value", [block])).values
        assert wire.packed("value", found) == wire.packed("value", [block])
        assert b"\xff\x7f\x00\x00\x00\x00\xf8\x7f" in wire.packed("value", found)

    @pytest.mark.parametrize(
        ("text", "code"),
        [("#N/A", 32767), ("#NUM!", 503), ("#VALUE!", 519), ("#DIV/0!", 532), ("#REF!", 524)],
    )
    def test_an_error_goes_by_the_number_that_libreoffice_has_for_it(
        self, text: str, code: int
    ) -> None:
        value = wire.error_value(text)
        assert struct.pack("<d", value) == struct.pack("<d", wire.error_value(code))
        assert value != value
        assert wire.error_of(value) == text

    def test_an_error_that_libreoffice_has_not_is_a_wrong_value(self) -> None:
        assert wire.error_of(wire.error_value("#SPILL!")) == "#VALUE!"
        assert wire.error_of(wire.error_value(508)) == "#VALUE!"

    def test_hold_no_objects(self) -> None:
        with pytest.raises(ValueError, match="unmarshallable"):
            wire.packed("call", [object()])

    @pytest.mark.parametrize(
        "data",
        [b"", b"hello", marshal.dumps(7), marshal.dumps(("call", ())), marshal.dumps((b"", []))],
    )
    def test_what_is_no_message_is_refused(self, data: bytes) -> None:
        incoming, outgoing = os.pipe()
        os.write(outgoing, len(data).to_bytes(4, "little") + data)
        with pytest.raises(wire.Closed, match="no message"):
            wire.Pipe(incoming, -1).receive()
        os.close(incoming)
        os.close(outgoing)

    def test_longer_than_a_pipe_takes_at_once(self) -> None:
        here, there = _pipes()
        block = [(float(at), str(at)) for at in range(100_000)]
        sender = threading.Thread(target=here.send, args=("call", [block, "x"]))
        sender.start()
        assert there.receive() == ("call", [block, "x"])
        sender.join()

    def test_an_end_is_told(self) -> None:
        incoming, outgoing = os.pipe()
        os.write(outgoing, b"\x01\x00")
        os.close(outgoing)
        with pytest.raises(wire.Closed, match="end of file"):
            wire.Pipe(incoming, -1).receive()
        os.close(incoming)

    def test_a_monstrous_length_is_refused(self) -> None:
        incoming, outgoing = os.pipe()
        os.write(outgoing, b"\xff" * 16)
        with pytest.raises(wire.Closed, match="bytes"):
            wire.Pipe(incoming, -1).receive()
        os.close(incoming)
        os.close(outgoing)


def _pipes() -> tuple[wire.Pipe, wire.Pipe]:
    (read_here, write_there), (read_there, write_here) = os.pipe(), os.pipe()
    return wire.Pipe(read_here, write_here), wire.Pipe(read_there, write_there)


@pytest.fixture(name="home")
def users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SELLERSHEET_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(name="worker")
def worker_to_ask(home: Path) -> Iterator[Worker]:
    configure(home)
    worker = Worker(lambda: "en")
    yield worker
    worker.stop()


def configure_program(home: Path, program: str, **configured: Any) -> None:
    """A Python program where the interpreter should be."""
    path = home / "program"
    path.write_text(f"#!{sys.executable}\n{program}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    configure(home, interpreter=str(path), **configured)


STARTS = """
import os, pathlib, time
from sellersheet_addin.libreoffice.extension import wire
with pathlib.Path(os.environ["SELLERSHEET_HOME"], "starts").open("a") as file:
    file.write("x")
pipe = wire.Pipe(0, 1)
"""
READY = f"{STARTS}pipe.send('ready', [wire.VERSION, wire.SPECIMEN])\n"


class TestWorker:
    def test_answers_a_call(self, worker: Worker) -> None:
        assert worker.ask("call SEMIFEE", [100.0, 22.6]) == ("value", [31.3])
        answer = worker.ask("call SEMIFEE", [[(100.0,), (1.0,)], 22.6])
        assert answer == ("value", [[(31.3,), (SEMIFEE(1.0, 22.6),)]])

    @pytest.mark.parametrize(
        ("subject", "values"),
        [
            ("call SEMIFEE_DETAIL", []),
            ("call os.system", ["ls"]),
            ("call __import__", ["os"]),
            ("eh", []),
        ],
    )
    def test_a_call_that_it_does_not_know(
        self, worker: Worker, subject: str, values: list[Any]
    ) -> None:
        assert worker.ask(subject, values).subject == "problem"
        assert worker.ask("call SEMIFEE", [100.0, 22.6]) == ("value", [31.3])

    def test_answers_for_a_block_are_kept_and_stay_right(self, worker: Worker) -> None:
        header = ("order_id", "paid_cny", "logistics_cny", "sku")
        rows = [(str(at), 100.0 + at, 22.6, "A") for at in range(400)]
        block = (header, *rows)
        other = (header, (*rows[0][:1], 999.0, *rows[0][2:]), *rows[1:])
        asked = [worker.ask("call ORDERTABLE", [cells]) for cells in (block, other, block, other)]
        assert asked[0] == asked[2]
        assert asked[1] == asked[3]
        fees = [answer.values[0][1][1] for answer in asked[:2]]
        assert fees == [3.5, 34.97]
        assert [row[1:] for row in asked[0].values[0][2:]] == [
            row[1:] for row in asked[1].values[0][2:]
        ]

    def test_kept_answers_have_an_end(self) -> None:
        from sellersheet_addin.libreoffice.worker import Kept

        kept, megabyte = Kept(), bytes(1 << 20)
        questions = [bytes([at]) * (1 << 20) for at in range(40)]
        for question in questions:
            kept.put(question, megabyte)
        kept.put(b"short", b"answer")
        assert kept.get(questions[-1]) == megabyte
        assert kept.get(bytearray(questions[-16])) == megabyte
        assert kept.get(questions[0]) is None
        assert kept.get(b"short") is None

    def test_what_libraries_print_is_no_answer(self, home: Path, worker: Worker) -> None:
        program = """
import os, sys
from sellersheet_addin.libreoffice import worker
def noisy(name, values):
    print("progress", 1)
    os.write(1, b"from C")
    os.system("echo from a child")
    assert sys.stdin.read() == ""
    return 7.0
worker.REQUESTS["noisy"] = noisy
worker.main()
"""
        configure_program(home, program)
        assert worker.ask("noisy") == ("value", [7.0])
        assert worker.ask("noisy") == ("value", [7.0])
        worker.stop()
        log = home.joinpath("libreoffice.log").read_text(encoding="utf-8")
        assert log.count("from C") == log.count("from a child") == 2

    def test_python_settings_of_libreoffice_do_not_reach_it(
        self, worker: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONHOME", "/nowhere")
        monkeypatch.setenv("PYTHONPATH", "/nowhere")
        assert worker.ask("call SEMIFEE", [100.0, 22.6]) == ("value", [31.3])

    def test_a_module_in_the_working_folder_is_not_taken_for_a_library(
        self, worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tmp_path.joinpath("pandas.py").write_text("raise SystemExit(3)", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert worker.ask("call SEMIFEE", [[(100.0,)] * 2, 22.6]).subject == "value"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (f"{STARTS}raise SystemExit(1)", "no_start"),
        (f"{STARTS}time.sleep(60)", "slow_start"),
        (f"{STARTS}pipe.send('ready', [wire.VERSION + 1])\ntime.sleep(60)", "other_version"),
        (f"{STARTS}pipe.send('ready', [wire.VERSION, 1.5])\ntime.sleep(60)", "other_version"),
        (f"{STARTS}print('hello', flush=True)", "no_start"),
        (f"{READY}raise SystemExit(1)", "ended"),
        (f"{READY}time.sleep(60)", "hangs"),
    ],
)
def test_a_program_that_is_no_worker(home: Path, program: str, reason: str) -> None:
    """Told by its reason, and not started again for each of many cells."""
    configure_program(home, program, start_seconds=2, call_seconds=0.5)
    worker = Worker(lambda: "en")
    for _ in range(1000):
        with pytest.raises(Failed) as failed:
            worker.ask("call SEMIFEE", [100.0, 22.6])
        assert failed.value.reason == reason
    assert len(home.joinpath("starts").read_text(encoding="utf-8")) <= 2


ANSWERS_TWICE = f"""{READY}
for _ in range(2):
    pipe.receive()
    pipe.send("value", [7.0])
"""


@pytest.mark.parametrize(
    ("end", "wanted"),
    [
        ("raise SystemExit", [7.0, 7.0, 7.0, 7.0, 7.0]),
        ("time.sleep(60)", [7.0, 7.0, "hangs", 7.0, 7.0, "hangs", 7.0]),
    ],
)
def test_one_that_worked_is_started_again_at_once(home: Path, end: str, wanted: list[Any]) -> None:
    configure_program(home, f"{ANSWERS_TWICE}{end}", call_seconds=0.5)
    started: list[int] = []
    worker = Worker(lambda: "en", lambda: started.append(len(started)))
    answers: list[Any] = []
    for _ in wanted:
        try:
            answers += worker.ask("call SEMIFEE").values
        except Failed as failed:
            answers.append(failed.reason)
    worker.stop()
    assert answers == wanted
    assert len(home.joinpath("starts").read_text(encoding="utf-8")) == len(started) == 3


def test_every_reason_has_a_sentence() -> None:
    with zipfile.ZipFile(build.COMMITTED) as archive:
        texts = json.loads(archive.read("pythonpath/sellersheet_office/problems.json"))
    reasons = {"not_configured", "no_start", "slow_start", "other_version", "ended", "hangs"}
    of_the_menu = {"ended_action", "hung_action", "busy", "no_workbook", "other_days"}
    assert texts.keys() == reasons | of_the_menu | {"title", "what_to_do", "unasked"}
    for reason in reasons | {"hung_action"}:
        for lang in ("zh", "en"):
            assert "D17" in texts[reason][lang].format(detail="D17", log="L") or reason == "ended"


def test_it_is_started_again_after_a_while(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "PAUSE_S", 0.2)
    configure(home, interpreter=str(home / "nowhere"))
    worker = Worker(lambda: "en")
    with pytest.raises(Failed, match="not_configured"):
        worker.ask("call SEMIFEE", [100.0, 22.6])
    configure(home)
    time.sleep(0.3)
    assert worker.ask("call SEMIFEE", [100.0, 22.6]) == ("value", [31.3])
    worker.stop()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"interpreter": 3}', '{"interpreter": "python3"}', "\x00", '{"interpreter'],
)
def test_a_configuration_that_cannot_be_used(home: Path, text: str) -> None:
    home.joinpath("libreoffice.json").write_text(text, encoding="utf-8")
    with pytest.raises(NotConfigured, match=r"libreoffice\.json"):
        configuration()


class TestBuild:
    def test_the_committed_extension_is_current(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert build.main(["--check"]) == 0, capsys.readouterr().err

    def test_a_stale_extension_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(build, "COMMITTED", tmp_path / "assets" / "sellersheet.oxt")
        assert build.main(["--check"]) == 1
        assert "is stale: run python -m" in capsys.readouterr().err
        assert build.main([]) == 0
        assert build.main(["--check"]) == 0

    def test_what_is_inside_is_old_python(self) -> None:
        for name, data in build.contents().items():
            if name.endswith(".py"):
                ast.parse(data, name, feature_version=(3, 9))

    def test_what_is_inside_needs_the_standard_library_only(self) -> None:
        known = {*sys.stdlib_module_names, "uno", "unohelper", "com", "sellersheet_office"}
        asked = set()
        for name, data in build.contents().items():
            if name.endswith(".py"):
                for line in data.decode().splitlines():
                    words = line.split()
                    if words[:1] in (["import"], ["from"]) and not words[1].startswith("."):
                        asked.add(words[1].split(".")[0])
                        assert words[1].split(".")[0] in known, (name, line)
        assert {"uno", "subprocess"} <= asked
