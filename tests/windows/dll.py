"""xlwings' own DLL called as the add-in's VBA calls it, with the command that the VBA makes."""

from __future__ import annotations

import ctypes
import json
import re
from pathlib import Path
from typing import Any

MODULE = "sellersheet.excel"


class NotStarted(Exception):
    """What the DLL says when there is no server."""


def vba() -> str:
    from sellersheet_addin.excel.vba_modules import connection_module

    return connection_module()


def constant(name: str) -> str:
    """A text that stands in the VBA."""
    (found,) = re.findall(rf'Const {name} As String = "(.*)"\r', vba())
    return str(found)


def command(interpreter: str) -> str:
    """What StartCommand of the VBA makes of the interpreter, from its own text."""
    (expression,) = re.findall(r"(?m)^    StartCommand = (.*)\r$", vba())
    values = {"interpreter": interpreter, "SERVER_CODE": constant("SERVER_CODE")}
    parts = re.findall(r'"((?:[^"]|"")*)"|(Chr\$\(34\))|(\w+)', expression)
    return "".join(
        '"' if quote else values[name] if name else text.replace('""', '"')
        for text, quote, name in parts
    )


def activated(interpreter: str, dll: Path | None = None) -> Any:
    """The XLPython object; NotStarted with the DLL's words. ``dll`` lies beside Python."""
    import pythoncom
    import win32com.client

    lies = dll or next(Path(interpreter).parent.glob("xlwings64-*.dll"))
    library = ctypes.WinDLL(str(lies))  # type: ignore[attr-defined]
    oleaut = ctypes.WinDLL("oleaut32")  # type: ignore[attr-defined]
    oleaut.SysAllocStringByteLen.restype = ctypes.c_void_p
    oleaut.SysAllocStringByteLen.argtypes = [ctypes.c_char_p, ctypes.c_uint]
    text = command(interpreter).encode("mbcs")  # Declare hands strings over in the code page
    config = oleaut.SysAllocStringByteLen(text, len(text))
    variant = (ctypes.c_uint64 * 3)()
    library.XLPyDLLActivateAuto.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long]
    if library.XLPyDLLActivateAuto(ctypes.addressof(variant), config, 1):
        raise NotStarted(ctypes.wstring_at(variant[1]))
    found = pythoncom.ObjectFromAddress(variant[1], pythoncom.IID_IDispatch)
    return win32com.client.Dispatch(found)


def call(server: Any, name: str, given: tuple[Any, ...]) -> Any:
    """A cell's call as the VBA wrapper makes it: an argument that is left out is COM's Missing."""
    import pythoncom

    from sellersheet.functions.registry import FUNCTIONS

    missing = pythoncom.ArgNotFound
    arguments = [missing if cell is None else cell for cell in given]
    arguments += [missing] * (len(FUNCTIONS[name].arguments) - len(given))
    return plain(server.CallUDF(MODULE, name, arguments))


def plain(result: Any) -> Any:
    """Rows as lists, days as texts, as they are kept in a file."""
    return json.loads(json.dumps(result, default=lambda day: str(day)[:19]))


def process(server: Any) -> int:
    """Which process answers."""
    return int(server.Str(server.Eval("__import__('os').getpid()")))
