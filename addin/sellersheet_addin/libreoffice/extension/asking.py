"""What LibreOffice and its user are asked: options by name, the language of texts, files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

Kinds = Sequence[tuple[str, str]]  # the name of a kind of files and its patterns


def named_values(**values: Any) -> tuple[Any, ...]:
    """Options by their names."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def service_of(context: Any, name: str) -> Any:
    """A service of LibreOffice."""
    return context.ServiceManager.createInstanceWithContext(name, context)


def language_of(context: Any) -> str:
    """zh where LibreOffice itself is Chinese, else en."""
    provider = service_of(context, "com.sun.star.configuration.ConfigurationProvider")
    access = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess",
        named_values(nodepath="/org.openoffice.Setup/L10N"),
    )
    return "zh" if str(access.getByName("ooLocale")).startswith("zh") else "en"


class ChosenFiles:
    """Those that it was called with, else those that the user chooses."""

    def __init__(self, context: Any, files: Sequence[str], target: str) -> None:
        self._context = context
        self._files = files
        self._target = target

    def open(self, title: str, kinds: Kinds, several: bool) -> list[str]:
        """Files to read, none where the user thinks better of it."""
        if self._files:
            return list(map(uno.fileUrlToSystemPath, self._files))
        # com.sun.star.ui.dialogs.TemplateDescription
        picker = self._picker(title, kinds, 0)
        picker.setMultiSelectionMode(several)
        return list(map(uno.fileUrlToSystemPath, picker.SelectedFiles)) if picker.execute() else []

    def save(self, title: str, kinds: Kinds, proposed: str) -> list[str]:
        """A file to write, none where the user thinks better of it."""
        if self._target:
            return [uno.fileUrlToSystemPath(self._target)]
        picker = self._picker(title, kinds, 10)  # with the ending added by the dialog
        path = Path(proposed)
        picker.setDefaultName(path.name)
        if path.is_absolute():
            with suppress(Exception):  # a folder that is gone; the dialog starts elsewhere
                picker.setDisplayDirectory(path.parent.as_uri())
        return [uno.fileUrlToSystemPath(picker.SelectedFiles[0])] if picker.execute() else []

    def _picker(self, title: str, kinds: Kinds, kind: int) -> Any:
        picker = self._context.ServiceManager.createInstanceWithArgumentsAndContext(
            "com.sun.star.ui.dialogs.FilePicker", (kind,), self._context
        )
        picker.setTitle(title)
        for name, patterns in kinds:
            picker.appendFilter(name, patterns)
        picker.setCurrentFilter(kinds[0][0])
        return picker
