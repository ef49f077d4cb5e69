"""Named values, as LibreOffice takes and gives options."""

from __future__ import annotations

from typing import Any

from com.sun.star.beans import PropertyValue


def named_values(**values: Any) -> tuple[Any, ...]:
    """Options by their names."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())
