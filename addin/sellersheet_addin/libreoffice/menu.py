"""What LibreOffice is told of the menu: its entries, in the words of Excel's ribbon."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from sellersheet.wording import LANGS
from sellersheet_addin.excel.ribbon import TAB, Button, buttons, words
from sellersheet_addin.libreoffice.catalogue import texts
from sellersheet_addin.tasks import TASKS

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


def addons() -> str:
    """Addons.xcu: a menu of its own; lines stand between the ribbon's groups."""
    entries = [item for task, item in buttons().items() if task in TASKS]
    shown: list[str] = []
    for _, items in groupby(entries, lambda item: item.group):
        if shown:
            shown.append(_ENTRY.format(name=f"m{len(shown):02}", url="private:separator", more=""))
        shown += [_entry(f"m{len(shown) + at:02}", item) for at, item in enumerate(items)]
    title = {lang: words(lang)[f"{TAB}.label"] for lang in LANGS}
    return _ADDONS.format(title="\n".join(texts("Title", title)), entries="\n".join(shown))


def _entry(name: str, item: Button) -> str:
    labels = texts("Title", {lang: item.label(lang) for lang in LANGS})
    target = '       <prop oor:name="Target"><value>_self</value></prop>\n'
    more = "\n".join(labels) + "\n" + target
    return _ENTRY.format(name=name, url=f"sellersheet:{item.task}", more=more)
