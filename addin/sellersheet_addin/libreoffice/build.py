"""Builds sellersheet.oxt: ``python -m sellersheet_addin.libreoffice.build``.

With ``--check`` it only says whether the committed file is what the sources make. Every
file of the folder ``extension`` goes into it, so a part is added by adding its files. What
LibreOffice is told of the worksheet functions is made of their registry; the menu's entries have
the words of Excel's ribbon.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import sellersheet
from sellersheet.columns import TABLES
from sellersheet.functions.registry import FUNCTIONS, Argument, Function
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel.ribbon import TAB, Button, buttons, words
from sellersheet_addin.tasks import TASKS

COMMITTED: Final = Path(__file__).parent.parent / "assets" / "sellersheet.oxt"
_SOURCES: Final = Path(__file__).with_name("extension")
# Python files and what they read become one package beside the file that LibreOffice loads.
_LOADED: Final = "component.py"
_PACKAGE: Final = "pythonpath/sellersheet_office/"
_INSIDE: Final = (".py", ".json")
# What LibreOffice is to register, by file name; it reads the types first.
_MEDIA: Final = {
    ".idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    ".components": "application/vnd.sun.star.uno-components",
    ".xcu": "application/vnd.sun.star.configuration-data",
}
_MANIFEST: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
{entries}
</manifest:manifest>
"""
_VERSION: Final = "@VERSION@"
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell
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


def extension() -> bytes:
    """The whole extension; the same bytes from the same sources."""
    files = contents()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            # Stored: what deflate makes of the same text differs between zlib's versions.
            archive.writestr(entry, files[name], zipfile.ZIP_STORED)
    return packed.getvalue()


def contents() -> dict[str, bytes]:
    """Every file by its name in the extension."""
    texts = {_place(path): path.read_text("utf-8") for path in _sources()}
    texts |= {
        "sellersheet.idl": _types(),
        "CalcAddIns.xcu": _catalogue(),
        "Addons.xcu": _addons(),
        f"{_PACKAGE}catalogue.json": _names(),
    }
    texts["description.xml"] = texts["description.xml"].replace(_VERSION, sellersheet.__version__)
    texts["META-INF/manifest.xml"] = _manifest(sorted(texts))
    return {name: text.encode() for name, text in texts.items()}


def main(arguments: list[str] | None = None) -> int:
    """Write the committed file; with --check, compare only."""
    parser = argparse.ArgumentParser(prog="python -m sellersheet_addin.libreoffice.build")
    parser.add_argument("--check", action="store_true", help="change nothing, say if it is stale")
    wanted = extension()
    if not parser.parse_args(arguments).check:
        COMMITTED.parent.mkdir(exist_ok=True)
        COMMITTED.write_bytes(wanted)
        return 0
    if COMMITTED.is_file() and COMMITTED.read_bytes() == wanted:
        return 0
    print(
        f"{COMMITTED.name} is stale: run python -m sellersheet_addin.libreoffice.build",
        file=sys.stderr,
    )
    return 1


def _sources() -> list[Path]:
    found = (path for path in _SOURCES.rglob("*") if "__pycache__" not in path.parts)
    return [path for path in found if path.is_file()]


def _place(path: Path) -> str:
    name = path.relative_to(_SOURCES).as_posix()
    inside = path.suffix in _INSIDE and name != _LOADED
    return f"{_PACKAGE}{name}" if inside else name


def _manifest(names: list[str]) -> str:
    entries = [
        f" <manifest:file-entry manifest:full-path={quoteattr(name)}"
        f" manifest:media-type={quoteattr(media)}/>"
        for suffix, media in _MEDIA.items()
        for name in names
        if name.endswith(suffix)
    ]
    return _MANIFEST.format(entries="\n".join(entries))


def _types() -> str:
    """The interface in UNO's language: any arguments in, a block of cells out."""
    methods = (
        "    sequence< sequence<any> > {}({});".format(
            function.name, ", ".join(f"[in] any {_in_idl(item)}" for item in function.arguments)
        )
        for function in FUNCTIONS.values()
    )
    return _IDL.format(methods="\n".join(methods))


def _catalogue() -> str:
    """CalcAddIns.xcu: the function wizard's texts, and the names that .xlsx files have."""
    return _XCU.format(service=SERVICE, functions="\n".join(map(_function, FUNCTIONS.values())))


def _names() -> str:
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


def _addons() -> str:
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


if __name__ == "__main__":
    sys.exit(main())
