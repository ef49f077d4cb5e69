"""Files such as people really have: cut off, damaged, or not what they say they are.

Each is made as it is described, in a folder given; nothing here was found anywhere.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER: Final = ("订单号", "下单日期", "目的国", "订单实付金额", "物流费(系统报价)")
ROW: Final = ("A1", "2024-08-01", "ES", 100, 22.6)


def sound_xlsx() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER, ROW, ROW)):
        sheet.write_row(number, 0, row)
    book.close()
    return made.getvalue()


def changed_xlsx(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A sound workbook with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound_xlsx())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"


def _parquet(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path)


def unclosed_quote(folder: Path) -> Path:
    path = folder / "quote.csv"
    path.write_text(",".join(HEADER) + '\n"A1,2024-08-01,ES,100,22.6\nA2,,ES,1,1\n', "utf-8")
    return path


def xls_cut_off(folder: Path) -> Path:
    """The head of an OLE file whose sectors are missing."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 0, 0, 4096, 0, 0, 0xFFFFFFFE, 0)
    path = folder / "cut.xls"
    path.write_bytes((head + b"\0\0\0\0" * 109).ljust(512, b"\xff") + bytes(100))
    return path


def damaged_deflate(folder: Path) -> Path:
    data = bytearray(sound_xlsx())
    at = data.index(SHEET.encode()) + len(SHEET) + 30
    data[at : at + 40] = b"\xff" * 40
    path = folder / "deflate.xlsx"
    path.write_bytes(data)
    return path


def unknown_xml_encoding(folder: Path) -> Path:
    path = folder / "encoding.xlsx"
    path.write_bytes(changed_xlsx(SHEET, lambda data: data.replace(b'"UTF-8"', b'"klingon"', 1)))
    return path


def parquet_names_not_utf8(folder: Path) -> Path:
    """A column whose name is GBK, as a program of old writes it."""
    path = folder / "names.parquet"
    _parquet(path, pa.table({"ABCDEF": ["A1"], "paid_cny": [1.0]}))
    data = path.read_bytes().replace(b"ABCDEF", "订单号".encode("gbk"))
    path.write_bytes(data)
    return path


def parquet_uint64(folder: Path) -> Path:
    path = folder / "uint64.parquet"
    numbers = pa.array([2**64 - 1, 1], pa.uint64())
    _parquet(path, pa.table({"order_id": numbers, "paid_cny": numbers, "logistics_cny": [1, 1]}))
    return path


def parquet_lists(folder: Path) -> Path:
    path = folder / "lists.parquet"
    table = {"order_id": ["A1", "A2"], "paid_cny": [[1, 2], [3]], "sku": [{"a": 1}, {"a": 2}]}
    _parquet(path, pa.table(table))
    return path


def link_to_itself(folder: Path) -> Path:
    path = folder / "loop.csv"
    path.symlink_to(folder / "other.csv")
    (folder / "other.csv").symlink_to(path)
    return path


def far_cell_without_dimension(folder: Path) -> Path:
    def change(data: bytes) -> bytes:
        start, end = data.index(b"<dimension"), data.index(b"<sheetViews")
        data = data[:start] + data[end:]
        return data.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    path = folder / "far.xlsx"
    path.write_bytes(changed_xlsx(SHEET, change))
    return path


def stray_cells(folder: Path) -> Path:
    """A cell at ZZ100000, below the limit of what is refused by its extent alone."""

    def change(data: bytes) -> bytes:
        data = data.replace(b'ref="A1:E3"', b'ref="A1:ZZ100000"')
        return data.replace(
            b"</sheetData>", b'<row r="100000"><c r="ZZ100000"><v>1</v></c></row></sheetData>'
        )

    path = folder / "stray.xlsx"
    path.write_bytes(changed_xlsx(SHEET, change))
    return path


def cell_reference_overflows(folder: Path) -> Path:
    path = folder / "reference.xlsx"
    path.write_bytes(
        changed_xlsx(SHEET, lambda data: data.replace(b'r="A2"', b'r="ZZZZZZZ99999999999"', 1))
    )
    return path


def shared_strings_lie(folder: Path) -> Path:
    def change(data: bytes) -> bytes:
        start = data.index(b"count=")
        end = data.index(b">", start)
        return data[:start] + b'count="4294967295" uniqueCount="4294967295"' + data[end:]

    path = folder / "strings.xlsx"
    path.write_bytes(changed_xlsx(STRINGS, change))
    return path


def string_index_beyond(folder: Path) -> Path:
    path = folder / "index.xlsx"
    path.write_bytes(
        changed_xlsx(SHEET, lambda data: data.replace(b"<v>0</v>", b"<v>99999999</v>", 1))
    )
    return path


def _ods(path: Path, rows: str, *, cut: bool = False) -> Path:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="Sheet1">'
        f"{rows}"
    )
    if not cut:
        content += "</table:table></office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    return path


def ods_repeated(folder: Path) -> Path:
    """A cell that says it is repeated more often than there are columns in any program."""
    return _ods(
        folder / "repeated.ods",
        '<table:table-row table:number-rows-repeated="4294967295">'
        '<table:table-cell office:value-type="string" '
        'table:number-columns-repeated="4294967295"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>",
    )


def ods_far_cell(folder: Path) -> Path:
    """Two words, one at each end of the sheet."""
    word = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return _ods(
        folder / "far.ods",
        f"<table:table-row>{word}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/>'
        "</table:table-row><table:table-row>"
        f'<table:table-cell table:number-columns-repeated="16383"/>{word}</table:table-row>',
    )


def ods_cut_off(folder: Path) -> Path:
    """Markup that ends within a cell: a reader that waits for its end waits for ever."""
    cell = '<table:table-cell office:value-type="string"><text:p>x'
    return _ods(folder / "cut.ods", f"<table:table-row>{cell}", cut=True)


def parquet_of_equal_rows(folder: Path) -> Path:
    """40 million rows in a few kilobytes."""
    path = folder / "equal.parquet"
    rows = 1_000_000
    table = pa.table(
        {
            "order_id": pa.array(["A1"] * rows).dictionary_encode(),
            "paid_cny": pa.repeat(pa.scalar(1.0), rows),
            "logistics_cny": pa.repeat(pa.scalar(1.0), rows),
        }
    )
    with pq.ParquetWriter(path, table.schema) as writer:
        for _ in range(40):
            writer.write_table(table)
    return path


CASES: Final[dict[str, Callable[[Path], Path]]] = {
    made.__name__: made
    for made in (
        unclosed_quote, xls_cut_off, damaged_deflate, unknown_xml_encoding,
        parquet_names_not_utf8, parquet_uint64, parquet_lists, link_to_itself,
        far_cell_without_dimension, stray_cells, cell_reference_overflows, shared_strings_lie,
        string_index_beyond, ods_repeated, ods_far_cell, ods_cut_off, parquet_of_equal_rows,
    )
}  # fmt: skip
