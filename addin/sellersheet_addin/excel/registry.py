"""What Windows' registry says of the Excel that is installed; only read, never written."""

from __future__ import annotations

import sys
from typing import Final

_BITS: Final = {"x86": 32, "x64": 64}
# Click-to-Run says it once for all programs, an older installer for Outlook's sake.
_PLACES: Final = (
    (r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"),
    (r"SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness"),
    (r"SOFTWARE\Microsoft\Office\15.0\Outlook", "Bitness"),
    (r"SOFTWARE\Microsoft\Office\14.0\Outlook", "Bitness"),
)


def has_excel() -> bool:
    """Whether this Windows knows Excel."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, "Excel.Application").Close()
    except OSError:
        return False
    return True


def excel_bits() -> int | None:
    """32 or 64; None where the registry does not say."""
    if sys.platform != "win32":
        return None
    import winreg

    for place, name in _PLACES:
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(
                    winreg.HKEY_LOCAL_MACHINE, place, access=winreg.KEY_READ | view
                ) as key:
                    said, _ = winreg.QueryValueEx(key, name)
            except OSError:
                continue
            if str(said) in _BITS:
                return _BITS[str(said)]
    return None
