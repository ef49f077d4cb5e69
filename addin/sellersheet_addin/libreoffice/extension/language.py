"""The language that texts are in."""

from __future__ import annotations

from typing import Any


def language_of(context: Any) -> str:
    """zh where LibreOffice itself is Chinese, else en."""
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    setting = _named("nodepath", "/org.openoffice.Setup/L10N")
    access = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", (setting,)
    )
    return "zh" if str(access.getByName("ooLocale")).startswith("zh") else "en"


def _named(name: str, value: Any) -> Any:
    from com.sun.star.beans import PropertyValue

    return PropertyValue(name, 0, value, 0)
