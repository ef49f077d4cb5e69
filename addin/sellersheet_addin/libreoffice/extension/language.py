"""The language that texts are in."""

from __future__ import annotations

from typing import Any

from .named_values import named_values


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
