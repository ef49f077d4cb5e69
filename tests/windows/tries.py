"""Tried under Wine by ``run``: xlwings' DLL starts the COM server, and cells' calls go there.

``expected FILE`` keeps what Linux gives; ``tried FILE`` compares, on Windows' Python.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COUNTRIES = ("ES", "FR", "US", "KR")
MODULE = "sellersheet.excel"
ORDERS = (
    ("国家", "实付金额", "物流费(系统报价)"),
    *(
        (COUNTRIES[i % len(COUNTRIES)], 50 + i * 1.37, 20 + i % 40 * 0.45 if i % 7 else "abc")
        for i in range(1000)
    ),
)
CALLS: dict[str, tuple[Any, ...]] = {
    "SEMIFEE": (100.0, 22.6),
    "ORDERTABLE": (ORDERS,),
    "POLICYVALUE": ("rush_fee", None, "source"),
    "FAILCODE": ("E102", "remedy"),
}
OMITTED = -2147352572


def filled(name: str, arguments: tuple[Any, ...], omitted: Any) -> list[Any]:
    from sellersheet.functions.registry import FUNCTIONS

    given = [omitted if cell is None else cell for cell in arguments]
    return [*given, *[omitted] * (len(FUNCTIONS[name].arguments) - len(given))]


def plain(result: Any) -> Any:
    """Rows as lists, whatever the way they came; JSON has no other."""
    return json.loads(json.dumps(result, ensure_ascii=False, default=str))


def keep_expected(file: Path) -> None:
    import sellersheet.functions as functions

    results = {
        name: getattr(functions, name)(*filled(name, given, OMITTED))
        for name, given in CALLS.items()
    }
    file.write_text(json.dumps(results, ensure_ascii=False, default=str), encoding="utf-8")


def command() -> str:
    """What XLPyCommand of xlwings.bas makes of our configuration."""
    book = r"C:\\bills\\orders.xlsm"
    path = f"false;{book};{book};;;;"
    tail = (
        ' -B -c ""import sys, os;import xlwings.utils;xlwings.utils.prepare_sys_path'
        f'(\\""{path}\\"");import xlwings; xlwings.serve(\'$(CLSID)\')""'
    ).replace('""', '"')
    return f'cmd.exe  /K ""{sys.executable}"{tail}"'


def activated() -> Any:
    """The XLPython object, from the DLL that VBA calls."""
    import pythoncom
    import win32com.client

    version = next(Path(sys.executable).parent.glob("xlwings64-*.dll"))
    dll = ctypes.WinDLL(str(version))  # type: ignore[attr-defined]
    oleaut = ctypes.WinDLL("oleaut32")  # type: ignore[attr-defined]
    oleaut.SysAllocStringByteLen.restype = ctypes.c_void_p
    oleaut.SysAllocStringByteLen.argtypes = [ctypes.c_char_p, ctypes.c_uint]
    text = command().encode("mbcs")  # Declare hands strings over in the code page
    config = oleaut.SysAllocStringByteLen(text, len(text))
    variant = (ctypes.c_uint64 * 3)()
    dll.XLPyDLLActivateAuto.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long]
    failed = dll.XLPyDLLActivateAuto(ctypes.addressof(variant), config, 1)
    if failed:
        raise AssertionError(f"the DLL: {ctypes.wstring_at(variant[1])}")
    found = pythoncom.ObjectFromAddress(variant[1], pythoncom.IID_IDispatch)
    return win32com.client.Dispatch(found)


def call(server: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    import pythoncom

    return plain(server.CallUDF(MODULE, name, filled(name, arguments, pythoncom.Missing)))


def command_line(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sellersheet_addin.cli", *words],
        stdin=subprocess.PIPE,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode not in (0, 1):
        raise AssertionError(f"{words}: exit code {done.returncode}: {said[-1500:]}")
    return said


def batch_in_chinese() -> None:
    folder = Path(tempfile.mkdtemp()) / "账单 三月"
    folder.mkdir()
    orders, result = folder / "订单.csv", folder / "结果.csv"
    lines = (",".join(map(str, row)) for row in (ORDERS[0], *ORDERS[2:6]))
    orders.write_text("\n".join(lines), encoding="gb18030")
    command_line("batch", str(orders), str(result), "--lang", "zh")
    if len(result.read_text("utf-8-sig").splitlines()) != 5:
        raise AssertionError(result.read_text("utf-8-sig"))


def equal(left: Any, right: Any) -> None:
    if left != right:
        raise AssertionError(f"{str(left)[:300]} is not {str(right)[:300]}")


def timed(server: Any) -> None:
    started = time.perf_counter()
    for _ in range(100):
        call(server, "SEMIFEE", (100.0, 22.6))
    print(f"      one call of SEMIFEE: {(time.perf_counter() - started) * 10:.1f} ms")


def tries(server: Any, expected: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Each by its name; one fails by an exception."""
    return {
        "SEMIFEE gives 31.3": lambda: equal(call(server, "SEMIFEE", (100.0, 22.6)), 31.3),
        "ORDERTABLE over 1,000 rows gives what Linux gives": lambda: equal(
            call(server, "ORDERTABLE", (ORDERS,)), expected["ORDERTABLE"]
        ),
        "a wrong value gives the marker": lambda: equal(
            call(server, "SEMIFEE", ("abc", 22.6)), "#VALUE!"
        ),
        "a Chinese remedy comes whole": lambda: equal(
            call(server, "FAILCODE", CALLS["FAILCODE"]), expected["FAILCODE"]
        ),
        "a policy's source comes whole": lambda: equal(
            call(server, "POLICYVALUE", CALLS["POLICYVALUE"]), expected["POLICYVALUE"]
        ),
        "100 calls": lambda: timed(server),
        "sellersheet --version": lambda: command_line("--version"),
        "sellersheet batch in a Chinese folder": batch_in_chinese,
        "sellersheet demo": lambda: command_line("demo", tempfile.mkdtemp(), "--lang", "zh"),
    }


def try_all(file: Path) -> int:
    expected = json.loads(file.read_text(encoding="utf-8"))
    print(f"Windows' Python {sys.version.split()[0]}, code page {sys.getfilesystemencoding()}")
    server = activated()
    print("passed: the DLL starts the COM server")
    passed, failed = 1, 0
    for name, attempt in tries(server, expected).items():
        try:
            attempt()
        except Exception as error:  # the rest is tried all the same
            failed += 1
            print(f"FAILED: {name}: {type(error).__name__}: {error}")
        else:
            passed += 1
            print(f"passed: {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.stdout.encoding != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if sys.argv[1] == "expected":
        keep_expected(Path(sys.argv[2]))
    else:
        sys.exit(try_all(Path(sys.argv[2])))
