"""Members of a zip carried over byte for byte, whatever form the zip is in."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.problems import FileProblem

NAMES = ("a.xml", "文件.xml", "b.bin")
TEXT = b"<a>0</a>" * 50


def _zip(*, stream: bool = False, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", compression) as archive:
        archive.comment = b"note"
        for name in NAMES:
            info = zipfile.ZipInfo(name, (2020, 2, 3, 4, 5, 6))
            info.compress_type = compression
            info.external_attr = 0o600 << 16
            info.extra = b"\x99\x99\x02\x00hi"
            info.comment = name.encode()
            with archive.open(info, "w", force_zip64=stream) as part:
                part.write(TEXT)
    return memory.getvalue()


def _with_zip64_directory(data: bytes) -> bytes:
    """The zip with every size and place of its directory in 64 bits."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos, start = archive.infolist(), archive.start_dir
    directory, at = b"", start
    for info in infos:
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        whole = data[at : at + 46 + name + extra + comment]
        wide = struct.pack(
            "<2H3Q", 1, 24, info.file_size, info.compress_size, info.header_offset
        ) + whole[46 + name : 46 + name + extra]  # fmt: skip
        directory += (
            whole[:20] + b"\xff" * 8 + struct.pack("<3H", name, len(wide), comment)
            + whole[34:42] + b"\xff" * 4 + whole[46 : 46 + name] + wide
            + whole[46 + name + extra :]
        )  # fmt: skip
        at += len(whole)
    count, end = len(infos), start + len(directory)
    wide_end = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start
    )
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:start] + directory + wide_end + locator + last


FORMS = {
    "plain": _zip(),
    "stored": _zip(compression=zipfile.ZIP_STORED),
    "wide members": _zip(stream=True),
    "wide directory": _with_zip64_directory(_zip()),
}


@pytest.mark.parametrize("form", FORMS)
def test_members_keep_their_bytes(form: str) -> None:
    old = Archive(FORMS[form], Path("a.xlsx"))
    assert old.names == NAMES
    for changed in NAMES:
        memory = io.BytesIO()
        old.write(memory, {changed: b"<new/>"}, ())
        new = Archive(memory.getvalue(), Path("a.xlsx"))
        assert new.names == NAMES
        assert new.read(changed) == b"<new/>"
        for name in set(NAMES) - {changed}:
            assert new.raw(name) == old.raw(name)
            assert new.read(name) == TEXT
        with zipfile.ZipFile(memory) as archive:
            assert archive.testzip() is None
            for info in archive.infolist():
                assert info.date_time == (2020, 2, 3, 4, 5, 6)
                assert info.external_attr == 0o600 << 16
                assert info.comment == info.filename.encode()


def test_nothing_changed_is_the_same_file() -> None:
    memory = io.BytesIO()
    Archive(FORMS["plain"], Path("a.xlsx")).write(memory, {}, ())
    assert memory.getvalue() == FORMS["plain"]


def test_a_dropped_member() -> None:
    memory = io.BytesIO()
    Archive(FORMS["plain"], Path("a.xlsx")).write(memory, {}, {"文件.xml"})
    with zipfile.ZipFile(memory) as archive:
        assert archive.namelist() == ["a.xml", "b.bin"]
        assert archive.testzip() is None


def _renamed(data: bytes) -> bytes:
    return data.replace(b"a.xml", b"c.xml", 1)


def _encrypted(data: bytes) -> bytes:
    at = data.index(b"PK\1\2") + 8
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "spoilt",
    [
        _renamed(FORMS["plain"]),
        _encrypted(FORMS["plain"]),
        b"stub" + FORMS["plain"],
        FORMS["plain"] + b"more",
        FORMS["plain"].replace(b"b.bin", b"A.XML"),
    ],
)
def test_zips_that_can_not_be_carried_over(spoilt: bytes) -> None:
    with pytest.raises(FileProblem) as caught:
        Archive(spoilt, Path("a.xlsx"))
    assert caught.value.code in ("zip_form", "damaged")
