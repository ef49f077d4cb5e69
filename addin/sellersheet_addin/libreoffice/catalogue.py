"""What LibreOffice is told: the worksheet functions, by their registry, and the menu.

The menu's entries have the words of Excel's ribbon.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from sellersheet.columns import TABLES
from sellersheet.functions.registry import FUNCTIONS, Argument, Function
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel.ribbon import TAB, Button, buttons, words
from sellersheet_addin.tasks import TASKS

SERVICE: Final = "sellersheet.Functions"
_LOCALES: Final[dict[Lang, str]] = {"zh": "zh-CN", "en": "en-US"}
_TITLES: Final = {item.key: item.title("zh") for item in TABLES["arguments"]}
_IDL: Final = """\
module sellersheet {{
  interface XFunctions {{
{methods}
  }};
}};
"""
_XCU: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 oor:name="CalcAddIns" oor:package="org.openoffice.Office">
 <node oor:name="AddInInfo">
  <node oor:name="{service}" oor:op="replace">
   <node oor:name="AddInFunctions">
{functions}
   </node>
  </node>
 </node>
</oor:component-data>
"""
_ADDONS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 oor:name="Addons" oor:package="org.openoffice.Office">
 <node oor:name="AddonUI">
  <node oor:name="OfficeMenuBar">
   <node oor:name="sellersheet.menu" oor:op="replace">
{title}
    <prop oor:name="Context"><value>com.sun.star.sheet.SpreadsheetDocument</value></prop>
    <node oor:name="Submenu">
{entries}
    </node>
   </node>
  </node>
 </node>
</oor:component-data>
"""
_ENTRY: Final = """\
     <node oor:name="{name}" oor:op="replace">
      <prop oor:name="URL"><value>{url}</value></prop>
{more}     </node>"""


def types() -> str:
    """The interface in UNO's language: any arguments in, a block of cells out."""
    methods = (
        "    sequence< sequence<any> > {}({});".format(
            function.name, ", ".join(f"[in] any {_in_idl(item)}" for item in function.arguments)
        )
        for function in FUNCTIONS.values()
    )
    return _IDL.format(methods="\n".join(methods))


def catalogue() -> str:
    """CalcAddIns.xcu: the function wizard's texts, and the names that .xlsx files have."""
    return _XCU.format(service=SERVICE, functions="\n".join(map(_function, FUNCTIONS.values())))


def names() -> str:
    """What the component itself has to know."""
    return json.dumps({"functions": list(FUNCTIONS), "actions": list(TASKS)}, indent=1) + "\n"


def _function(function: Function) -> str:
    lines = [
        f'    <node oor:name="{function.name}" oor:op="replace">',
        *_texts("DisplayName", dict.fromkeys(LANGS, function.name)),
        *_texts("Description", {lang: function.help(lang) for lang in LANGS}),
        '     <prop oor:name="Category"><value>Add-In</value></prop>',
        *_texts("CompatibilityName", dict.fromkeys(LANGS, function.name)),
        '     <node oor:name="Parameters">',
        *(line for item in function.arguments for line in _argument(item)),
        "     </node>",
        "    </node>",
    ]
    return "\n".join(lines)


def _argument(argument: Argument) -> list[str]:
    titles: dict[Lang, str] = {"zh": _TITLES[argument.name], "en": argument.name}
    return [
        f'      <node oor:name="{_in_idl(argument)}" oor:op="replace">',
        *_texts("DisplayName", titles),
        *_texts("Description", {lang: argument.help(lang) for lang in LANGS}),
        "      </node>",
    ]


def _in_idl(argument: Argument) -> str:
    """UNO takes an underscore in capitals only."""
    first, *others = argument.name.split("_")
    return first + "".join(map(str.capitalize, others))


def _texts(name: str, given: dict[Lang, str]) -> list[str]:
    """A property that has a text in each language."""
    values = "".join(
        f'<value xml:lang="{_LOCALES[lang]}">{escape(text)}</value>' for lang, text in given.items()
    )
    return [f'       <prop oor:name="{name}">{values}</prop>']


def addons() -> str:
    """Addons.xcu: a menu of its own; lines stand between the ribbon's groups."""
    entries = [item for task, item in buttons().items() if task in TASKS]
    shown: list[str] = []
    for _, items in groupby(entries, lambda item: item.group):
        if shown:
            shown.append(_ENTRY.format(name=f"m{len(shown):02}", url="private:separator", more=""))
        shown += [_entry(f"m{len(shown) + at:02}", item) for at, item in enumerate(items)]
    title = {lang: words(lang)[f"{TAB}.label"] for lang in LANGS}
    return _ADDONS.format(title="\n".join(_texts("Title", title)), entries="\n".join(shown))


def _entry(name: str, item: Button) -> str:
    labels = _texts("Title", {lang: item.label(lang) for lang in LANGS})
    target = '       <prop oor:name="Target"><value>_self</value></prop>\n'
    more = "\n".join(labels) + "\n" + target
    return _ENTRY.format(name=name, url=f"sellersheet:{item.task}", more=more)
