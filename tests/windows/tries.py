"""Tried under Wine by ``run``: the installer, the command line, and xlwings' DLL with its server.

``expected FILE`` keeps what Linux gives; ``tried FILE`` compares, on Windows' Python.
"""

from __future__ import annotations

import csv
import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

MODULE = "sellersheet.excel"
COUNTRIES = ("ES", "FR", "US", "KR")
ORDERS = (
    ("国家", "实付金额", "物流费(系统报价)"),
    *(
        (COUNTRIES[i % len(COUNTRIES)], 50 + i * 1.37, 20 + i % 40 * 0.45 if i % 7 else "abc")
        for i in range(1000)
    ),
)
FEE = (100.0, 22.6)
REMEDY = ("E102", "remedy")
SOURCE = ("rush_fee", None, "source")
COMPARED: dict[str, tuple[Any, ...]] = {
    "ORDERTABLE": (ORDERS,),
    "FAILCODE": REMEDY,
    "POLICYVALUE": SOURCE,
}
BOOK = r"C:\bills\orders.xlsm"
CALLS = 200


class Tries:
    """Attempts one after another, counted; one that doesn't end in its time ends them all."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def attempt(self, name: str, do: Callable[[], Any], seconds: float = 60) -> Any:
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


def keep_expected(file: Path) -> None:
    from sellersheet import functions

    results = {name: getattr(functions, name)(*given) for name, given in COMPARED.items()}
    file.write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")


def command(interpreter: str) -> str:
    """What XLPyCommand of the add-in makes of the configuration, from the VBA's own text."""
    from sellersheet_addin.excel.embedded import embedded_module

    path = f"False;{BOOK};{BOOK};;;;".replace("\\", "\\\\")
    values = {"PYTHON_WIN": interpreter, "PYTHONPATH": path}
    vba = embedded_module("addin")
    for name, line in (
        ("PYTHON_WIN", r'PYTHON_WIN = ("cmd\.exe .* & PYTHON_WIN & Chr\(34\))\r'),
        ("tail", r'tail = (" -B -c .*)\r'),
        ("XLPyCommand", r"XLPyCommand = (PYTHON_WIN & tail & Chr\(34\))\r"),
    ):
        (expression,) = re.findall(line, vba)
        values[name] = _joined(expression, values)
    return values["XLPyCommand"]


def _joined(expression: str, values: dict[str, str]) -> str:
    """VBA's strings and variables joined with &; a variable that is not given is empty."""
    parts = re.findall(r'"((?:[^"]|"")*)"|(Chr\(34\))|(\w+)', expression)
    return "".join(
        '"' if quote else values.get(name, "") if name else text.replace('""', '"')
        for text, quote, name in parts
    )


def activated(interpreter: str) -> Any:
    """The XLPython object, from the DLL that VBA calls."""
    import pythoncom
    import win32com.client

    dll = ctypes.WinDLL(str(next(Path(interpreter).parent.glob("xlwings64-*.dll"))))  # type: ignore[attr-defined]
    oleaut = ctypes.WinDLL("oleaut32")  # type: ignore[attr-defined]
    oleaut.SysAllocStringByteLen.restype = ctypes.c_void_p
    oleaut.SysAllocStringByteLen.argtypes = [ctypes.c_char_p, ctypes.c_uint]
    text = command(interpreter).encode("mbcs")  # Declare hands strings over in the code page
    config = oleaut.SysAllocStringByteLen(text, len(text))
    variant = (ctypes.c_uint64 * 3)()
    dll.XLPyDLLActivateAuto.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long]
    if dll.XLPyDLLActivateAuto(ctypes.addressof(variant), config, 1):
        raise AssertionError(ctypes.wstring_at(variant[1]))
    found = pythoncom.ObjectFromAddress(variant[1], pythoncom.IID_IDispatch)
    return win32com.client.Dispatch(found)


def call(server: Any, name: str, given: tuple[Any, ...]) -> Any:
    """A cell's call as the VBA wrapper makes it: an argument that is left out is COM's Missing."""
    import pythoncom

    from sellersheet.functions.registry import FUNCTIONS

    missing = pythoncom.ArgNotFound
    arguments = [missing if cell is None else cell for cell in given]
    arguments += [missing] * (len(FUNCTIONS[name].arguments) - len(given))
    return json.loads(json.dumps(server.CallUDF(MODULE, name, arguments)))  # rows as lists


def many_calls(server: Any) -> None:
    started = time.perf_counter()
    for paid in range(CALLS):
        call(server, "SEMIFEE", (float(paid), FEE[1]))
    each = (time.perf_counter() - started) / CALLS
    print(f"        one call of SEMIFEE takes {each * 1000:.1f} ms")


def sellersheet(*words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sellersheet_addin.cli", *words],
        stdin=subprocess.PIPE,
        capture_output=True,
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}: {said[-1500:]}")
    return said


def install() -> str:
    """The add-in's bytes in Excel's start folder; gives the configured interpreter."""
    import sellersheet_addin

    sellersheet("addin", "install", "--excel", "--lang", "zh")
    asset = Path(sellersheet_addin.__file__).parent / "assets" / "sellersheet.xlam"
    equal(installed().read_bytes() == asset.read_bytes(), True)
    text = (Path.home() / ".sellersheet" / "sellersheet.conf").read_text("mbcs")
    (interpreter,) = re.findall(r'"INTERPRETER_WIN","(.*)"', text)
    return str(interpreter)


def uninstall() -> None:
    sellersheet("addin", "uninstall", "--lang", "zh")
    equal((installed().exists(), (Path.home() / ".sellersheet").exists()), (False, False))


def installed() -> Path:
    return Path(os.environ["APPDATA"], "Microsoft", "Excel", "XLSTART", "sellersheet.xlam")


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


def try_all(file: Path) -> None:
    expected = json.loads(file.read_text(encoding="utf-8"))
    print(f"Python {sys.version.split()[0]} on {sys.platform}", flush=True)
    tries = Tries()
    tries.attempt("sellersheet --version", lambda: sellersheet("--version"))
    interpreter = tries.attempt("sellersheet addin install --excel", install, 120)
    server = None
    if interpreter:
        server = tries.attempt(
            "the DLL starts the server with the add-in's command", lambda: activated(interpreter)
        )
    if server:
        for name, function, given, right in (
            ("SEMIFEE gives 31.3", "SEMIFEE", FEE, 31.3),
            ("ORDERTABLE over 1,000 rows gives what Linux gives", "ORDERTABLE", (ORDERS,), None),
            ("a wrong value gives the marker", "SEMIFEE", ("abc", FEE[1]), "#VALUE!"),
            ("a Chinese remedy comes whole", "FAILCODE", REMEDY, None),
            ("an argument left out; a policy's source comes whole", "POLICYVALUE", SOURCE, None),
        ):
            wanted = expected[function] if right is None else right
            tries.attempt(name, lambda f=function, g=given, w=wanted: equal(call(server, f, g), w))
        tries.attempt(f"{CALLS} calls", lambda: many_calls(server))
    tries.attempt("sellersheet batch in a Chinese folder", batch_in_chinese)
    tries.attempt("sellersheet demo", demo)
    tries.attempt("sellersheet addin uninstall", uninstall)
    tries.end()


if __name__ == "__main__":
    if sys.argv[1] == "expected":
        keep_expected(Path(sys.argv[2]))
    else:
        try_all(Path(sys.argv[2]))
