"""Tried under Wine by ``run``: the installer, the command line, and xlwings' DLL with its server.

``expected FILE`` keeps what Linux gives; ``tried FILE FOLDER`` compares, on Windows' Python, and
double-clicks install.cmd in the folder.
"""

from __future__ import annotations

import csv
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import dll  # beside this file

COUNTRIES = ("ES", "FR", "US", "KR")
ORDERS = (
    ("国家", "实付金额", "物流费(系统报价)"),
    *(
        (COUNTRIES[i % len(COUNTRIES)], 50 + i * 1.37, 20 + i % 40 * 0.45 if i % 7 else "abc")
        for i in range(1000)
    ),
)
FEE = (100.0, 22.6)
OMITTED = -2147352572
CALLS = 200
QUICK = 2.0  # seconds


class Tries:
    """Attempts one after another, counted; one that doesn't end in its time ends them all."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def attempt(self, name: str, do: Callable[[], Any], seconds: float = 300) -> Any:
        timer = Timer(seconds, self._stuck, (name, seconds))
        timer.start()
        started = time.perf_counter()
        try:
            result = do()
        except Exception as error:  # the rest is tried all the same
            self.failed += 1
            print(f"FAILED: {name}: {type(error).__name__}: {error}", flush=True)
            return None
        finally:
            timer.cancel()
        self.passed += 1
        print(f"passed: {name} ({time.perf_counter() - started:.1f} s)", flush=True)
        return result

    def end(self) -> None:
        """Says the sum and ends at once, without waiting for a server or a stuck call."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        os._exit(1 if self.failed or not self.passed else 0)

    def _stuck(self, name: str, seconds: float) -> None:
        self.failed += 1
        print(f"FAILED: {name}: no end after {seconds:g} s; the rest is not tried", flush=True)
        self.end()


def compared() -> dict[str, tuple[Any, ...]]:
    """A case of every function."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.excel_cases import EVERY

    cases = {name: (*given,) for name, given in EVERY.items()}
    left_out = {OMITTED: None}
    plain = {
        name: tuple(left_out.get(cell, cell) if isinstance(cell, int) else cell for cell in given)
        for name, given in cases.items()
    }
    return plain | {"ORDERTABLE": (ORDERS,), "POLICYVALUE": ("rush_fee", None, "source")}


def keep_expected(file: Path) -> None:
    from sellersheet import functions

    results = {name: getattr(functions, name)(*given) for name, given in compared().items()}
    flat = {name: _as_a_cell_gets_it(result) for name, result in results.items()}
    text = json.dumps(flat, ensure_ascii=False, default=lambda day: str(day)[:19])
    file.write_text(text, encoding="utf-8")


def _as_a_cell_gets_it(result: Any) -> Any:
    """A single value, and a single row, come without the rows around them."""
    if isinstance(result, list) and len(result) == 1:
        return result[0][0] if len(result[0]) == 1 else result[0]
    return result


def start(interpreter: str) -> Any:
    """In a folder where files lie that have the names of modules, as beside a workbook."""
    folder = Path(tempfile.mkdtemp()) / "账 O'Neil & 子;一"
    folder.mkdir()
    for name in ("pandas", "xlwings", "sellersheet", "json"):
        (folder / f"{name}.py").write_text("open('was-run', 'w'); raise SystemExit(9)")
    home = Path.cwd()
    os.chdir(folder)
    try:
        server = dll.activated(interpreter)
    finally:
        os.chdir(home)
    server.Exec(dll.constant("HANDSHAKE"))
    equal(dll.call(server, "SEMIFEE", FEE), 31.3)
    server.Exec("from sellersheet_addin.excel import macros")
    equal(sorted(item.name for item in folder.iterdir() if item.suffix != ".py"), [])
    return server


def same_server(interpreter: str, server: Any) -> None:
    """What a second workbook's VBA asks for: the command is the same, so the process is."""
    other = dll.activated(interpreter)
    equal(dll.process(other), dll.process(server))
    newer = "from sellersheet_addin.excel.edition import expect; expect('99.0.0 0')"
    try:
        other.Exec(newer)
    except Exception as told:
        equal("EditionProblem" in str(told) and "99.0.0" in str(told), True)
    else:
        raise AssertionError("a newer workbook was not refused")


def ended_server(interpreter: str, server: Any) -> None:
    """A process that has ended: the error is one that the VBA takes for that, a new one comes."""
    before = dll.process(server)
    numbers = []
    for ask in ("__import__('os')._exit(1)", "1"):
        try:
            server.Exec(ask)
        except Exception as gone:
            numbers.append(gone.args[0])
    known = re.findall(r"(?m)^        Case ([-\d, ]+): IsGone = True", dll.vba())[0].split(", ")
    equal([str(number) in known for number in numbers], [True, True])
    again = dll.activated(interpreter)
    equal(dll.process(again) != before, True)
    equal(dll.call(again, "SEMIFEE", FEE), 31.3)


def broken_start(interpreter: str, words: str) -> None:
    """An environment that can't start: every call says so within two seconds.

    On a machine so busy that the program alone takes long to end, within four times that.
    """
    alone = 0.0
    if Path(interpreter).exists():
        started = time.perf_counter()
        program = [interpreter, "-c", ""]
        done = subprocess.run(program, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(done.returncode != 0, True)
        alone = time.perf_counter() - started
    lies = next(Path(sys.executable).parent.glob("xlwings64-*.dll"))
    took = []
    for _ in range(3):
        started = time.perf_counter()
        try:
            dll.activated(interpreter, lies)
        except dll.NotStarted as told:
            took.append(time.perf_counter() - started)
            equal(words in str(told), True)
        else:
            raise AssertionError("it started")
    print(f"        the slowest of three calls takes {max(took):.1f} s, Python alone {alone:.1f} s")
    equal(max(took) < max(QUICK, 4 * alone), True)


def without_library() -> str:
    """What the self-check takes for it in the user's Excel."""
    from sellersheet_addin.excel.selfcheck_points import without_library

    return str(without_library(Path(sys.executable), Path(tempfile.mkdtemp()) / "坏 环境"))


def every_sign() -> None:
    """An environment whose path has every sign that a shell would take for its own.

    venv refuses to make one with a semicolon, but one can be moved there.
    """
    plain, folder = (
        Path(tempfile.mkdtemp(), name) for name in ("plain", "环境 O'Neil & 子;一 (%PATH%)")
    )
    made = [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(plain)]
    equal(subprocess.run(made, stdin=subprocess.PIPE).returncode, 0)
    plain.rename(folder)
    lies = shutil.copy(next(Path(sys.executable).parent.glob("xlwings64-*.dll")), folder)
    server = dll.activated(str(folder / "Scripts" / "python.exe"), lies)
    equal(server.Str(server.Eval("__import__('sys').prefix")), str(folder))
    equal(dll.call(server, "SEMIFEE", FEE), 31.3)
    server.Exec("import os, threading; threading.Timer(1, os._exit, [0]).start()")


def many_calls(server: Any) -> None:
    started = time.perf_counter()
    for paid in range(CALLS):
        dll.call(server, "SEMIFEE", (float(paid), FEE[1]))
    each = (time.perf_counter() - started) / CALLS
    print(f"        one call of SEMIFEE takes {each * 1000:.1f} ms")


def sellersheet(*words: str, code: int = 0) -> str:
    """The command's words. A file takes them: services that it starts would keep a pipe open."""
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [sys.executable, "-m", "sellersheet_addin.cli", *words],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        )
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}: {text[-1500:]}")
    return text


def install() -> str:
    """The add-in's bytes in Excel's start folder; gives the configured interpreter."""
    import sellersheet_addin

    sellersheet("addin", "install", "--excel", "--lang", "zh")
    asset = Path(sellersheet_addin.__file__).parent / "assets" / "sellersheet.xlam"
    equal(installed().read_bytes() == asset.read_bytes(), True)
    return configured()


def configured() -> str:
    text = (Path.home() / ".sellersheet" / "sellersheet.conf").read_text("mbcs")
    (interpreter,) = re.findall(r'"INTERPRETER_WIN","(.*)"', text)
    return str(interpreter)


def uninstall() -> None:
    """What stays is known of the files that batch and demo made."""
    sellersheet("addin", "uninstall", "--lang", "zh")
    left = [item.name for item in (Path.home() / ".sellersheet").iterdir()]
    equal((installed().exists(), left), (False, ["made"]))


def installed() -> Path:
    return Path(os.environ["APPDATA"], "Microsoft", "Excel", "XLSTART", "sellersheet.xlam")


def clicked(file: Path) -> str:
    """A .cmd as a double click runs it; Python is found on the path."""
    more = {
        "SELLERSHEET_QUIET": "1",
        "PIP_NO_COMPILE": "1",  # what is imported is compiled all the same; the rest takes minutes
        "PATH": f"{Path(sys.executable).parent};{os.environ['PATH']}",
    }
    with tempfile.TemporaryFile() as said:
        command = ["cmd", "/c", file.name, *(["--no-open"] if file.stem == "install" else [])]
        done = subprocess.run(
            command, cwd=file.parent, stdin=subprocess.PIPE, stdout=said, stderr=said,
            env=os.environ | more,
        )  # fmt: skip
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if done.returncode:
        raise AssertionError(f"exit code {done.returncode}: {text[-1500:]}")
    return text


def by_double_click(folder: Path) -> None:
    """From wheels, without a network: an environment, the add-in, a workbook on the desktop."""
    said = clicked(folder / "install.cmd")
    environment = Path(os.environ["LOCALAPPDATA"], "sellersheet")
    python = environment / "Scripts" / "python.exe"
    equal((str(python) in said, installed().is_file()), (True, True))
    equal(configured(), str(python))
    books = [file.name for file in (Path.home() / "Desktop").glob("*.xlsm")]
    equal(books, ["半托管费用簿.xlsm"])
    # In a process of its own, as this one would hold the DLL that is to be deleted.
    lies = next(environment.glob("xlwings64-*.dll"))
    once = [sys.executable, __file__, "once", str(python), str(lies)]
    equal(subprocess.run(once, stdin=subprocess.PIPE).returncode, 0)


def once(interpreter: str, lies: Path) -> None:
    """One call of an interpreter of an environment; the server then ends as with Excel."""
    server = dll.activated(interpreter, lies)
    equal(dll.call(server, "SEMIFEE", FEE), 31.3)
    try:
        server.Exec("__import__('os')._exit(0)")
    except Exception as gone:
        equal(gone.args[0] < 0, True)
    os._exit(0)


def taken_away(folder: Path) -> None:
    """Nothing is left but the workbook."""
    clicked(folder / "uninstall.cmd")
    left = [
        path
        for path in (installed(), Path(os.environ["LOCALAPPDATA"], "sellersheet"))
        if path.exists()
    ]
    equal(left, [])
    equal((Path.home() / "Desktop" / "半托管费用簿.xlsm").is_file(), True)


def batch_in_chinese() -> None:
    """A GB18030 file with a wrong row; names and folders are Chinese."""
    folder = Path(tempfile.mkdtemp()) / "账单 三月"
    folder.mkdir()
    orders, result = folder / "订单.csv", folder / "结果.csv"
    lines = (",".join(map(str, row)) for row in ORDERS[:6])
    orders.write_text("\n".join(lines), encoding="gb18030")
    said = sellersheet("batch", str(orders), "--output", str(result), "--lang", "zh", code=1)
    equal("“abc”不是可用的数" in said, True)
    with result.open(encoding="utf-8-sig", newline="") as text:
        states = [row["状态"] for row in csv.DictReader(text)]
    equal(states, ["错误", *["正常"] * 4])


def demo() -> None:
    folder = Path(tempfile.mkdtemp()) / "示例"
    sellersheet("demo", "--output", str(folder), "--lang", "zh")
    equal((folder / "示例结果.xlsx").is_file(), True)


def equal(left: Any, right: Any) -> None:
    if left != right:
        raise AssertionError(f"{str(left)[:300]} is not {str(right)[:300]}")


def try_all(file: Path, folder: Path | None) -> None:
    expected = json.loads(file.read_text(encoding="utf-8"))
    page = ctypes.windll.kernel32.GetACP()  # type: ignore[attr-defined]
    print(f"Python {sys.version.split()[0]} on {sys.platform}, code page {page}", flush=True)
    tries = Tries()
    tries.attempt("the code page is that of Chinese", lambda: equal(page, 936))
    tries.attempt("sellersheet --version", lambda: sellersheet("--version"))
    # Every module of pandas is compiled for the first time meanwhile.
    interpreter = tries.attempt("sellersheet addin install --excel", install, 600)
    server = None
    if interpreter:
        server = tries.attempt(
            "the DLL starts the server with the add-in's command, and runs no file of the folder",
            lambda: start(interpreter),
        )
    if server:
        for name, given in compared().items():
            right = expected[name]
            tries.attempt(
                f"{name} gives what Linux gives",
                lambda n=name, g=given, w=right: equal(dll.call(server, n, g), w),
            )
        tries.attempt(
            "a wrong value gives the marker",
            lambda: equal(dll.call(server, "SEMIFEE", ("abc", FEE[1])), "#VALUE!"),
        )
        tries.attempt(f"{CALLS} calls", lambda: many_calls(server))
        tries.attempt("two workbooks share it", lambda: same_server(interpreter, server))
        tries.attempt("one that ended is started anew", lambda: ended_server(interpreter, server))
    tries.attempt("an environment with every sign in its path answers", every_sign)
    tries.attempt(
        "a broken environment is told at once",
        lambda: broken_start(without_library(), "exited before"),
    )
    tries.attempt(
        "a Python that is not there is told at once",
        lambda: broken_start("C:\\没有\\python.exe", "Could not create Python process"),
    )
    tries.attempt("sellersheet batch in a Chinese folder", batch_in_chinese)
    tries.attempt("sellersheet demo", demo)
    tries.attempt("sellersheet addin uninstall", uninstall)
    if folder is not None:
        name = "install.cmd installs from wheels, and its Python answers the DLL"
        tries.attempt(name, lambda: by_double_click(folder), 1800)
        tries.attempt("uninstall.cmd takes it away", lambda: taken_away(folder), 600)
    tries.end()


if __name__ == "__main__":
    if sys.argv[1] == "expected":
        keep_expected(Path(sys.argv[2]))
    elif sys.argv[1] == "once":
        once(sys.argv[2], Path(sys.argv[3]))
    else:
        try_all(Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
