"""What is looked at before a reader opens a file: what it is by its first bytes, whether it is safe
to open, and how far the filled cells of a sheet reach, between which a reader lays out all."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sellersheet_workbook.files.xlsx_parts import column_number, sheet_part
from sellersheet_workbook.problems import FileProblem

TEXTS: Final = (".csv", ".tsv", ".txt")
WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
PARQUETS: Final = (".parquet",)

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What the zip library raises over a damaged directory of members.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error)
_MB = 1 << 20
_MOST = 2048 * _MB
_SUSPECT, _RATIO = 100 * _MB, 200
# Cells that may be laid out in any case, and how many for each that is filled.
_ALWAYS: Final = 20_000_000
_EACH: Final = 20
_ROWS, _COLUMNS = 1_048_576, 16_384
_BLOCK: Final = 1 << 22
_TAG: Final = 1 << 12  # no tag of a cell is longer
# No cell beyond column Z or row 99,999: nothing that has to be looked at.
_FAR: Final = re.compile(rb"""\br=["'](?:[A-Z]{2}|[A-Z]\d{6})""")
_FILLED: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)(\d+)["'](?:[^>]*[^>/])?>(?!\s*</)"""
)


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """What the system says against opening or reading the file is a FileProblem."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileProblem("missing", path=path) from error
    except PermissionError as error:
        raise FileProblem("no_permission", path=path) from error
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise FileProblem("unreadable", path=path, detail=detail) from error


def check_kind(path: Path) -> None:
    """A FileProblem unless the file exists, is not empty and is what its extension says."""
    suffix = path.suffix.lower()
    refuse_special(path)
    if suffix not in (*TEXTS, *WORKBOOKS, *PARQUETS):
        if not path.exists():
            raise FileProblem("missing", path=path)
        kinds = " ".join((*TEXTS, *WORKBOOKS, *PARQUETS))
        raise FileProblem("kind", path=path, kinds=kinds)
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise FileProblem("empty", path=path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", OLE)):
        if suffix not in WORKBOOKS:
            raise FileProblem("workbook_as_other", path=path)
        check_container(path, head)
    elif head.startswith(b"PAR1"):
        if suffix not in PARQUETS:
            raise FileProblem("parquet_as_other", path=path)
    elif suffix in WORKBOOKS:
        raise FileProblem(_not_a_workbook(head), path=path)
    elif suffix in PARQUETS:
        raise FileProblem("damaged", path=path)


def refuse_special(path: Path) -> None:
    """A FileProblem for a folder, and for a pipe, a device or a socket: opened, they could wait
    for ever. What is not there is nothing special."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise FileProblem("directory", path=path)
    if not stat.S_ISREG(mode):
        raise FileProblem("special", path=path)


def check_container(path: Path, head: bytes) -> None:
    """A FileProblem for a workbook that is encrypted, cut off or unpacks to far too much."""
    if head.startswith(OLE):
        if _ENCRYPTED in path.read_bytes():
            raise FileProblem("password", path=path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _DAMAGED as error:
        raise FileProblem("damaged", path=path) from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > _MOST or (unpacked > _SUSPECT and unpacked > _RATIO * packed):
        raise FileProblem("bomb", path=path, size=unpacked // _MB)


def unpacked_mb(path: Path) -> float:
    """What a workbook comes to in memory, roughly, in MB: how much there is to read of it."""
    if not zipfile.is_zipfile(path):
        return 3 * path.stat().st_size / _MB  # numbers of an .xls are packed tightly
    with zipfile.ZipFile(path) as archive:
        return sum(member.file_size for member in archive.infolist()) / _MB


def _not_a_workbook(head: bytes) -> str:
    """Which problem a file without a workbook's first bytes has."""
    if head.startswith(_BOMS[1:]):
        text = head.decode("utf-16", errors="ignore").encode()
    else:
        text = head.removeprefix(_BOMS[0])
    start = text.lstrip()[:1]
    if start == b"<":
        return "html"
    return "damaged" if b"\x00" in text else "text_as_workbook"


class Extent:
    """The area from the first to the last filled cell, and how many are filled."""

    def __init__(self) -> None:
        self.top, self.left = _ROWS, _COLUMNS
        self.bottom = self.right = self.filled = 0

    def add(self, rows: range, columns: range, filled: int) -> None:
        """So many filled cells, somewhere in rows and columns counted from 1."""
        self.top, self.bottom = min(self.top, rows[0]), max(self.bottom, rows[-1])
        self.left, self.right = min(self.left, columns[0]), max(self.right, columns[-1])
        self.filled += filled

    def check(self, path: Path, sheet: str) -> None:
        """A FileProblem where the area is far larger than what is filled."""
        if self.bottom > _ROWS or self.right > _COLUMNS:
            raise FileProblem("damaged", path=path)
        area = max(self.bottom - self.top + 1, 0) * max(self.right - self.left + 1, 0)
        if area > max(_ALWAYS, _EACH * self.filled):
            reach = f"{self.bottom:,} × {self.right:,}"
            raise FileProblem("stray_cells", path=path, sheet=sheet, area=reach)


def check_extent(path: Path, sheet: str) -> None:
    """A FileProblem for a sheet of an .xlsx whose cells would fill the memory."""
    with zipfile.ZipFile(path) as archive:
        if part := sheet_part(archive, sheet):
            _extent(archive, part).check(path, sheet)


def _extent(archive: zipfile.ZipFile, part: str) -> Extent:
    found = Extent()
    for text in _blocks(archive, part):
        if not _FAR.search(text):
            found.add(range(1, 2), range(1, 2), text.count(b" r="))
        elif places := _FILLED.findall(text):
            rows = {int(row) for _, row in places}
            columns = {column_number(letters) for letters in {letters for letters, _ in places}}
            found.add(
                range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1), len(places)
            )
    return found


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end before a cell."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            whole = rest + block
            last = max(whole.rfind(b"<c "), whole.rfind(b":c "))
            cut = whole.rfind(b"<", 0, last + 1)
            if cut <= 0:
                cut = max(len(whole) - _TAG, 0)
            rest = whole[cut:]
            yield whole[:cut]
    yield rest
