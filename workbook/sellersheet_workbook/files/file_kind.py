"""What a file is by its first bytes, and whether it is safe to open."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

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
