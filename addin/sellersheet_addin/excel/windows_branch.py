"""xlwings as it is on Windows, on any system: stand-ins take the place of pywin32.

xlwings' generator of VBA and its call path exist only in that branch. The add-in is
built, and the call path tested, through it.
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final
from unittest.mock import MagicMock, patch

_STAND_INS: Final = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32con",
    "win32event",
    "win32gui",
    "win32process",
    "win32timezone",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.dispatcher",
    "win32com.server.policy",
    "win32com.server.util",
)


@contextmanager
def windows_branch(*udf_modules: str) -> Iterator[tuple[ModuleType, ...]]:
    """xlwings, then the modules named, imported as on Windows; undone at the end."""
    importlib.import_module("xlwings")  # what xlwings imports must not see the false platform
    replaced = [
        name
        for name in sys.modules
        if name in (*_STAND_INS, *udf_modules) or name.partition(".")[0] == "xlwings"
    ]
    before = {name: sys.modules.pop(name) for name in replaced}
    sys.modules.update(_pywin32())
    try:
        with (
            patch.object(sys, "platform", "win32"),
            patch.object(ctypes, "windll", MagicMock(), create=True),
            patch.object(ctypes, "oledll", MagicMock(), create=True),
            patch.object(ctypes, "PyDLL", MagicMock()),
        ):
            xlwings = importlib.import_module("xlwings")
            windows: Any = importlib.import_module("xlwings._xlwindows")
        atexit.unregister(windows.cleanup)  # it would look for Excel processes to end
        yield (xlwings, *map(importlib.import_module, udf_modules))
    finally:
        _restore(before, udf_modules)


def _pywin32() -> dict[str, Any]:
    modules = {name: MagicMock(name=name) for name in _STAND_INS}
    for name, module in modules.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(modules[parent], child, module)
    modules["pythoncom"].__file__ = "pythoncom"
    types = modules["pywintypes"]
    types.com_error = type("com_error", (Exception,), {})
    types.error = type("error", (Exception,), {})
    types.TimeType = dt.datetime
    client = modules["win32com.client"]
    client.CDispatch = type("CDispatch", (), {})
    client.DispatchBaseClass = type("DispatchBaseClass", (), {})
    client.Dispatch = lambda dispatched, *_, **__: dispatched
    modules["win32com.server.util"].unwrap = _unwrap
    return modules


def _unwrap(value: object) -> object:
    raise TypeError(value)  # no cell value is an object of the server's


def _restore(before: dict[str, ModuleType], udf_modules: tuple[str, ...]) -> None:
    server: Any = sys.modules.get("xlwings.com_server")
    if server is not None:
        server.loop.close()
    for name in list(sys.modules):
        if name in (*_STAND_INS, *udf_modules) or name.partition(".")[0] == "xlwings":
            del sys.modules[name]
    sys.modules.update(before)
    for name in udf_modules:
        parent, _, child = name.rpartition(".")
        package = sys.modules.get(parent)
        if package is not None:  # the package remembers its modules too
            vars(package).pop(child, None)
            if name in before:
                setattr(package, child, before[name])
