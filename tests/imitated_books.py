"""Workbooks with what Excel and WPS write and no program here does, put in by hand.

They are XlsxWriter's books with the attributes, parts and elements added that files saved
by those two programs are known to have. They stand for them; they are not from them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from tests.workbook_corpus import FEE, HEADERS, ROWS, STATUS, Made, replaced, xlsxwriter_table

_SHEET: Final = "xl/worksheets/sheet1.xml"
_BOOK: Final = "xl/workbook.xml"
_BOOK_RELS: Final = "xl/_rels/workbook.xml.rels"
_TYPES: Final = "[Content_Types].xml"
_STRINGS: Final = "xl/sharedStrings.xml"
_SCHEMAS: Final = "http://schemas.microsoft.com/office/spreadsheetml"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_UID: Final = "{5E2C3F0A-7B1D-4C58-9C39-0A4C6B0E7D11}"
_NEWER: Final = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'mc:Ignorable="x14ac xr xr2 xr3" '
    f'xmlns:x14ac="{_SCHEMAS}/2009/9/ac" xmlns:xr="{_SCHEMAS}/2014/revision" '
    f'xmlns:xr2="{_SCHEMAS}/2015/revision2" xmlns:xr3="{_SCHEMAS}/2016/revision3"'
)


def formulas_in_targets(folder: Path) -> Made:
    """Fees by formulas, the status by one array formula over the column; no table."""
    path = folder / "formulas.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(0, 0, HEADERS)
        for at, row in enumerate(ROWS, 1):
            sheet.write_string(at, 0, row[0])
            sheet.write_datetime(at, 1, row[1], day)
            sheet.write_number(at, 2, row[2], money)
            sheet.write_string(at, 3, row[3])
            sheet.write_formula(at, FEE, f"=(C{at + 1}-100.5)*1.25", money, row[FEE])
        last = len(ROWS)
        sheet.write_array_formula(1, STATUS, last, STATUS, '{="old "&(ROW(A2:A10)-2)}', None, 0)
        for at, row in enumerate(ROWS, 1):
            if at > 1:  # what XlsxWriter leaves for the cells below the first
                sheet.write_string(at, STATUS, row[STATUS])
        other = book.add_worksheet("汇总")
        other.write_formula("A1", "=SUM(订单!E2:E10)", None, 45)
    text = _text(path, _SHEET).replace("<v>0</v></c></row>", "<v>old 0</v></c></row>", 1)
    text = re.sub(r'(<c r="F2")( s="\d+")?>', r'\1\2 t="str">', text)
    replaced(path, {_SHEET: text.encode()})
    return Made(path)


def saved_by_excel(folder: Path) -> Made:
    """Shared formulas, an order of calculation, revision marks, readings of words."""
    made = formulas_in_targets(folder)
    path = made.path.rename(folder / "excel.xlsx")
    sheet = _text(path, _SHEET)
    root = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = sheet.replace(root, f'{root} {_NEWER} xr:uid="{_UID}"', 1)
    sheet = re.sub(r'<row r="(\d+)"', r'<row r="\1" x14ac:dyDescent="0.25"', sheet)
    sheet = sheet.replace("<sheetFormatPr", '<sheetFormatPr x14ac:dyDescent="0.25"', 1)
    shared = iter(['<f t="shared" ref="E2:E10" si="0">(C2-100.5)*1.25</f>'])
    sheet = re.sub(
        r"<f>\(C\d+-100\.5\)\*1\.25</f>",
        lambda found: next(shared, '<f t="shared" si="0"/>'),
        sheet,
    )
    chain = "".join(f'<c r="E{row}" i="1"/>' for row in range(2, 2 + len(ROWS)))
    chain += '<c r="F2" i="1" a="1"/><c r="A1" i="2"/>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    replaced(
        path,
        {
            _SHEET: sheet.encode(),
            "xl/calcChain.xml": f'<calcChain xmlns="{main}">{chain}</calcChain>'.encode(),
            _BOOK_RELS: _linked(path, "calcChain", "calcChain.xml"),
            _TYPES: _typed(path, "/xl/calcChain.xml", "spreadsheetml.calcChain"),
            _BOOK: _newer_book(path),
            _STRINGS: _with_readings(path),
        },
    )
    return Made(path)


def table_saved_by_excel(folder: Path) -> Made:
    """A table whose parts have unique ids, with a filter and a text in pieces beside it."""
    made = xlsxwriter_table(folder)
    path = made.path.rename(folder / "excel-table.xlsm")
    part = "xl/tables/table1.xml"
    table = re.sub(r"<table ", f'<table {_NEWER} xr:uid="{_UID}" ', _text(path, part), count=1)
    table = table.replace("<autoFilter ", f'<autoFilter xr:uid="{_UID}" ', 1)
    table = re.sub(r"<tableColumn ", f'<tableColumn xr3:uid="{_UID}" ', table)
    sheet = re.sub(r'<row r="(\d+)"', r'<row r="\1" spans="2:24"', _text(path, _SHEET))
    sheet = re.sub(r'(spans="2:24") spans="[\d:]+"', r"\1", sheet)
    replaced(
        path,
        {
            part: table.encode(),
            _SHEET: sheet.encode(),
            _BOOK: _newer_book(path),
            _STRINGS: _with_readings(path),
        },
    )
    return Made(path, name="Orders", top=made.top, left=made.left)


def saved_by_wps(folder: Path) -> Made:
    """WPS's own properties and names, pictures in cells, and rows with all their heights."""
    made = xlsxwriter_table(folder)
    path = made.path.rename(folder / "wps.xlsm")
    put_through_wps(path, picture=True)
    return Made(path, name="Orders", top=made.top, left=made.left)


def put_through_wps(path: Path, *, picture: bool) -> None:
    """Changes any workbook file as WPS does when it saves it."""
    sheet = _text(path, _SHEET)
    names = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
    if "xmlns:x14=" not in sheet:
        names += f'xmlns:x14="{_SCHEMAS}/2009/9/main" '
    sheet = sheet.replace("<worksheet ", f"<worksheet {names}", 1)
    sheet = re.sub(r"<row (?![^>]*\bht=)", '<row ht="14.25" customHeight="1" ', sheet)
    if picture:
        cell = '<c r="O30" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
        sheet = sheet.replace("</sheetData>", f'<row r="30">{cell}</row></sheetData>', 1)
    values = "<vt:lpwstr>2052-12.1.0.16929</vt:lpwstr>"
    custom = (
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" '
        f'name="KSOProductBuildVer">{values}</property></Properties>'
    )
    images = '<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
    program = "<Application>WPS 表格</Application>"
    properties = re.sub(
        "<Application>[^<]*</Application>", program, _text(path, "docProps/app.xml")
    )
    rels = _text(path, "_rels/.rels").replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{_OFFICE}/relationships/custom-properties" '
        'Target="docProps/custom.xml"/></Relationships>',
    )
    types = _typed(path, "/docProps/custom.xml", "custom-properties").decode()
    images_type = '<Override PartName="/xl/cellimages.xml" ContentType="application/vnd.wps-officedocument.cellimage+xml"/>'  # noqa: E501
    linked = _linked(path, "cellImage", "cellimages.xml").decode()
    replaced(
        path,
        {
            _SHEET: sheet.encode(),
            "docProps/custom.xml": custom.encode(),
            "docProps/app.xml": properties.encode(),
            "xl/cellimages.xml": images.encode(),
            "_rels/.rels": rels.encode(),
            _TYPES: types.replace("</Types>", f"{images_type}</Types>").encode(),
            _BOOK_RELS: linked.replace(
                f"{_OFFICE}/relationships/cellImage",
                "http://www.wps.cn/officeDocument/2020/cellImage",
            ).encode(),
        },
    )


IMITATED: Final[dict[str, Callable[[Path], Made]]] = {
    "formulas_in_targets": formulas_in_targets,
    "saved_by_excel": saved_by_excel,
    "table_saved_by_excel": table_saved_by_excel,
    "saved_by_wps": saved_by_wps,
}


def _text(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(part).decode()


def _linked(path: Path, kind: str, target: str) -> bytes:
    """The workbook's links with one more."""
    link = f'<Relationship Id="rId90" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
    return _text(path, _BOOK_RELS).replace("</Relationships>", f"{link}</Relationships>").encode()


def _typed(path: Path, part: str, kind: str) -> bytes:
    """The content types with one more."""
    full = f"application/vnd.openxmlformats-officedocument.{kind}+xml"
    item = f'<Override PartName="{part}" ContentType="{full}"/>'
    return _text(path, _TYPES).replace("</Types>", f"{item}</Types>").encode()


def _newer_book(path: Path) -> bytes:
    """The workbook's part with the marks of a newer Excel."""
    text = re.sub("<workbook ", f"<workbook {_NEWER} ", _text(path, _BOOK), count=1)
    place = (
        '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath '
        f'xmlns:x15ac="{_SCHEMAS}/2010/11/ac" url="D:\\订单\\"/></mc:Choice></mc:AlternateContent>'
        f'<xr:revisionPtr revIDLastSave="0" documentId="8_{_UID}" xr6:coauthVersionLast="47" '
        f'xmlns:xr6="{_SCHEMAS}/2016/revision6" xr6:coauthVersionMax="47"/>'
    )
    text = text.replace(' mc:Ignorable="', f' xmlns:x15="{_SCHEMAS}/2010/11/main" mc:Ignorable="')
    text = text.replace("<bookViews>", f"{place}<bookViews>", 1)
    extra = (
        '<extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" '
        f'xmlns:x15="{_SCHEMAS}/2010/11/main"><x15:workbookPr chartTrackingRefBase="1"/></ext>'
        "</extLst>"
    )
    return text.replace("</workbook>", f"{extra}</workbook>", 1).encode()


def _with_readings(path: Path) -> bytes:
    """Shared strings, the first of them in pieces and with a reading aid."""
    text = _text(path, _STRINGS)
    pieces = (
        r"<si><r><rPr><b/></rPr><t>\1</t></r><r><t>\2</t></r>"
        r'<rPh sb="0" eb="1"><t>ヨミ</t></rPh><phoneticPr fontId="1"/></si>'
    )
    return re.sub(r"<si><t>(\w)(\w+)</t></si>", pieces, text, count=1).encode()
