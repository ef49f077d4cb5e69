"""The ribbon's tab and the buttons, from one registry: ribbon.toml.

The ribbon's XML holds no words: Excel asks for them by callbacks, which answer in the
language of Excel's own menus.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, cast
from xml.etree import ElementTree

from sellersheet.wording import Lang

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
TAB: Final = "sellersheet"
PRESSED: Final = "SellersheetPressed"
LABEL: Final = "SellersheetLabel"
TIP: Final = "SellersheetTip"


@dataclass(frozen=True, slots=True)
class Button:
    """A button; ``task`` is the function of macros.py, ``macro`` the VBA Sub without arguments."""

    task: str
    group: str
    macro: str
    image: str
    zh: str
    en: str
    tip_zh: str
    tip_en: str
    large: bool = False

    def label(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def tip(self, lang: Lang) -> str:
        return self.tip_zh if lang == "zh" else self.tip_en


@cache
def buttons() -> dict[str, Button]:
    """Every button by its task, in the order of the ribbon."""
    return {task: Button(task=task, **entry) for task, entry in _registry()["buttons"].items()}


def sheet_buttons(lang: Lang) -> dict[str, dict[str, Button]]:
    """The buttons that stand on sheets of a macro workbook: sheet name -> cell -> button."""
    return {
        sheet[lang]: {cell: buttons()[task] for task, cell in sheet["cells"].items()}
        for sheet in _registry()["sheets"].values()
    }


def words(lang: Lang) -> dict[str, str]:
    """Everything the VBA shows, by the key it asks with."""
    registry = _registry()
    found = {f"{TAB}.label": registry["tab"][lang]}
    found |= {f"{name}.label": group[lang] for name, group in registry["groups"].items()}
    for button in buttons().values():
        found[f"{button.task}.label"] = button.label(lang)
        found[f"{button.task}.tip"] = button.tip(lang)
    found |= {f"message.{name}": entry[lang] for name, entry in registry["messages"].items()}
    return found


def ribbon_xml() -> bytes:
    """The part customUI14.xml."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}customUI")
    tab = _element(_element(_element(root, "ribbon"), "tabs"), "tab", id=TAB, getLabel=LABEL)
    for group in _registry()["groups"]:
        box = _element(tab, "group", id=group, getLabel=LABEL)
        for button in buttons().values():
            if button.group == group:
                _element(
                    box,
                    "button",
                    id=button.task,
                    size="large" if button.large else "normal",
                    imageMso=button.image,
                    getLabel=LABEL,
                    getScreentip=LABEL,
                    getSupertip=TIP,
                    onAction=PRESSED,
                )
    ElementTree.indent(root)
    return cast("bytes", ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _element(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


@cache
def _registry() -> dict[str, Any]:
    text = resources.files("sellersheet_addin.excel").joinpath("ribbon.toml").read_text("utf-8")
    return tomllib.loads(text)
