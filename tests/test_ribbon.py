"""The ribbon: valid, answered by the VBA, in both languages."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from sellersheet.wording import LANGS
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.build import RIBBON_LINK, RIBBON_PART
from sellersheet_addin.excel.macro_book import links, unzipped
from sellersheet_addin.excel.vba_modules import modules
from tests.macro_books import files, tree

# What Excel takes in customUI14.xml, of the elements used: parent, then required and optional.
RIBBON: dict[str, tuple[str, set[str], set[str]]] = {
    "customUI": ("", set(), {"onLoad", "loadImage"}),
    "ribbon": ("customUI", set(), {"startFromScratch"}),
    "tabs": ("ribbon", set(), set()),
    "tab": ("tabs", {"id"}, {"label", "getLabel", "insertAfterMso", "keytip"}),
    "group": ("tab", {"id"}, {"label", "getLabel", "imageMso"}),
    "button": (
        "group",
        {"id", "onAction"},
        {"size", "imageMso", "label", "getLabel", "getScreentip", "getSupertip", "keytip"},
    ),
}


@pytest.fixture(name="root")
def ribbon_of_the_addin() -> ElementTree.Element:
    return tree(unzipped(files()["addin"])[RIBBON_PART])


class TestRibbon:
    def test_is_found_by_its_link(self) -> None:
        parts = unzipped(files()["addin"])
        assert f'Type="{RIBBON_LINK}"'.encode() in parts["_rels/.rels"]
        assert ("extensibility", RIBBON_PART) in links(parts, "").values()

    def test_elements_and_attributes(self, root: ElementTree.Element) -> None:
        assert root.tag == f"{{{ribbon.NAMESPACE}}}customUI"
        pending = [("", root)]
        while pending:
            parent, element = pending.pop()
            name = element.tag.removeprefix(f"{{{ribbon.NAMESPACE}}}")
            wanted_parent, required, optional = RIBBON[name]
            assert parent == wanted_parent
            assert required <= set(element.keys()) <= required | optional
            assert not {"label", "getLabel"} <= set(element.keys())
            pending += [(name, child) for child in element]

    def test_values(self, root: ElementTree.Element) -> None:
        ids = [element.get("id", "") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids)
        assert {element.get("size", "normal") for element in root.iter()} <= {"normal", "large"}

    def test_every_callback_is_a_sub_and_is_used(self, root: ElementTree.Element) -> None:
        text = modules("addin")["sellersheet_ribbon"]
        asked = {
            (attribute, value)
            for element in root.iter()
            for attribute, value in element.items()
            if attribute == "onAction" or attribute.startswith("get")
        }
        for attribute, value in asked:
            answer = "" if attribute == "onAction" else ", ByRef shown As Variant"
            assert f"Public Sub {value}(ByVal control As IRibbonControl{answer})\r\n" in text
        with_control = re.findall(r"Public Sub (\w+)\(ByVal control As IRibbonControl", text)
        assert set(with_control) == {value for _, value in asked}

    def test_buttons_and_groups_are_those_registered(self, root: ElementTree.Element) -> None:
        shown = [e.get("id") for e in root.iter(f"{{{ribbon.NAMESPACE}}}button")]
        assert sorted(map(str, shown)) == sorted(ribbon.buttons())
        for lang in LANGS:
            words = ribbon.words(lang)
            for element in root.iter():
                if element.get("getLabel"):
                    assert words[f"{element.get('id')}.label"]
            for button in ribbon.buttons().values():
                assert len(button.label(lang)) <= 40
                assert len(button.tip(lang)) <= 1024

    def test_a_macro_book_has_no_ribbon_of_its_own(self) -> None:
        assert RIBBON_PART not in unzipped(files()["zh"])
