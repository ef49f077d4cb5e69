"""The files of an action."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno


class ChosenFiles:
    """Those that it was called with, else those that the user chooses."""

    def __init__(self, context: Any, files: Sequence[str], target: str) -> None:
        self._context = context
        self._files = files
        self._target = target

    def open(self, title: str, several: bool) -> list[str]:
        """Files to read, none where the user thinks better of it."""
        if self._files:
            return list(map(uno.fileUrlToSystemPath, self._files))
        picker = self._picker(title, 0)  # com.sun.star.ui.dialogs.TemplateDescription
        picker.setMultiSelectionMode(several)
        picker.appendFilter(title, "*.xlsx;*.xlsm;*.xls;*.csv;*.tsv;*.txt;*.parquet;*.ods")
        return list(map(uno.fileUrlToSystemPath, picker.SelectedFiles)) if picker.execute() else []

    def save(self, title: str, proposed: str) -> list[str]:
        """A file to write, none where the user thinks better of it."""
        if self._target:
            return [uno.fileUrlToSystemPath(self._target)]
        picker = self._picker(title, 10)  # with the ending added by the dialog
        path = Path(proposed)
        picker.appendFilter("Excel (.xlsx)", "*.xlsx")
        picker.setDefaultName(path.name)
        if path.is_absolute():
            with suppress(Exception):  # a folder that is gone; the dialog starts elsewhere
                picker.setDisplayDirectory(path.parent.as_uri())
        return [uno.fileUrlToSystemPath(picker.SelectedFiles[0])] if picker.execute() else []

    def _picker(self, title: str, kind: int) -> Any:
        picker = self._context.ServiceManager.createInstanceWithArgumentsAndContext(
            "com.sun.star.ui.dialogs.FilePicker", (kind,), self._context
        )
        picker.setTitle(title)
        return picker
