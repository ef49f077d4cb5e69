"""What LibreOffice is asked: options by their names, the language that texts are in."""

from __future__ import annotations

from typing import Any

from com.sun.star.beans import PropertyValue


def named_values(**values: Any) -> tuple[Any, ...]:
    """Options by their names."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def language_of(context: Any) -> str:
    """zh where LibreOffice itself is Chinese, else en."""
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    access = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess",
        named_values(nodepath="/org.openoffice.Setup/L10N"),
    )
    return "zh" if str(access.getByName("ooLocale")).startswith("zh") else "en"
