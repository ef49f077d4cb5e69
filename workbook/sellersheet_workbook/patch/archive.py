"""A zip file some of whose members are replaced while all others keep their bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sellersheet_workbook.problems import EditProblem, FileProblem

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s4B4H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_LEVEL: Final = 2  # a third faster than 4, and the file a twentieth larger
_BLOCK: Final = 1 << 20
_UTF8_NAME: Final = 0x0800
_ENCRYPTED: Final = 0x0001
_VERSION: Final = 20  # the first with deflate
_ZIP64: Final = 0x0001
_TOO_LONG: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Member:
    """``start`` to ``end`` are its header, packed content and what follows up to the next."""

    info: zipfile.ZipInfo
    stored_name: bytes
    start: int
    end: int


class Archive:
    """The zip ``data``; whatever in it could not be carried over faithfully is refused."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.data = data
        self._path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._members = self._found()
        except (zipfile.BadZipFile, NotImplementedError, struct.error) as error:
            raise FileProblem("damaged", path=path) from error
        self._by_name = {member.info.filename: member for member in self._members}
        self._refuse()

    @property
    def names(self) -> tuple[str, ...]:
        """The members in the order in which the zip lists them."""
        return tuple(self._by_name)

    def size(self, name: str) -> int:
        """A member's length unpacked."""
        return self._by_name[name].info.file_size

    def read(self, name: str) -> bytes:
        """A member unpacked, its checksum verified."""
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
            raise FileProblem("damaged", path=self._path) from error

    def holds(self, name: str, content: bytes) -> bool:
        """Whether a member unpacks to that, its checksum verified."""
        try:
            with self._zip.open(name) as member:
                at = 0
                while block := member.read(_BLOCK):
                    if content[at : at + len(block)] != block:
                        return False
                    at += len(block)
        except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError):
            return False
        return at == len(content)

    def raw(self, name: str) -> memoryview:
        """A member as it stands in the file, header included."""
        member = self._by_name[name]
        return memoryview(self.data)[member.start : member.end]

    def write(self, file: BinaryIO, new: Mapping[str, bytes], dropped: Collection[str]) -> None:
        """The same zip with the parts ``new`` in the place of the old and without ``dropped``."""
        kept = [member for member in self._members if member.info.filename not in dropped]
        position = 0
        records: dict[str, bytes] = {}
        for member in sorted(kept, key=lambda member: member.start):
            name = member.info.filename
            block: bytes | memoryview = self.raw(name)
            records[name] = _record(member, position)
            if name in new:
                block, records[name] = _packed(member, new[name], position)
            file.write(block)
            position += len(block)
        directory = b"".join(records[member.info.filename] for member in kept)
        comment = self._zip.comment
        count = len(kept)
        if position + len(directory) >= _TOO_LONG or count >= 0xFFFF:
            raise EditProblem("zip_form", path=self._path)
        end = (b"PK\x05\x06", 0, 0, count, count, len(directory), position, len(comment))
        file.write(directory + _END.pack(*end) + comment)

    def _found(self) -> list[_Member]:
        infos = self._zip.infolist()
        starts = sorted(info.header_offset for info in infos)
        following = dict(zip(starts, [*starts[1:], self._zip.start_dir], strict=True))
        members = []
        for info in infos:
            start, end = info.header_offset, following[info.header_offset]
            header = _LOCAL.unpack_from(self.data, start)
            name_at = start + _LOCAL.size
            name = self.data[name_at : name_at + header[9]]
            packed_end = name_at + header[9] + header[10] + info.compress_size
            if header[0] != b"PK\x03\x04" or packed_end > end:
                raise zipfile.BadZipFile
            members.append(_Member(info, name, start, end))
        return members

    def _refuse(self) -> None:
        names = [name.casefold() for name in self._zip.namelist()]
        starts = [member.start for member in self._members]
        # Something before the first member or after the last record belongs to a
        # self-extractor, a signature or a damaged copy.
        tail = len(self.data) - _END.size - len(self._zip.comment)
        odd = (
            len(set(names)) < len(names)
            or (min(starts, default=0) != 0)
            or self.data[tail : tail + 4] != b"PK\x05\x06"
            or any(member.info.flag_bits & _ENCRYPTED for member in self._members)
            or any(not _same_name(member) for member in self._members)
        )
        if odd:
            raise EditProblem("zip_form", path=self._path)


def _same_name(member: _Member) -> bool:
    code = "utf-8" if member.info.flag_bits & _UTF8_NAME else "cp437"
    try:
        return member.stored_name.decode(code) == member.info.orig_filename
    except UnicodeDecodeError:
        return False


def _packed(member: _Member, content: bytes, position: int) -> tuple[bytes, bytes]:
    """The member with new content and its record in the directory; its date stays."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    old = member.info
    info = zipfile.ZipInfo(old.orig_filename, old.date_time)
    info.create_version, info.create_system = old.create_version, old.create_system
    info.extract_version, info.flag_bits = _VERSION, old.flag_bits & _UTF8_NAME
    info.internal_attr, info.external_attr = old.internal_attr, old.external_attr
    info.comment, info.compress_type = old.comment, zipfile.ZIP_DEFLATED
    info.CRC, info.compress_size, info.file_size = zlib.crc32(content), len(packed), len(content)
    header = _LOCAL.pack(
        b"PK\x03\x04", _VERSION, info.flag_bits, info.compress_type, *_dos(info),
        info.CRC, info.compress_size, info.file_size, len(member.stored_name), 0,
    )  # fmt: skip
    changed = _Member(info, member.stored_name, 0, 0)
    return header + member.stored_name + packed, _record(changed, position)


def _record(member: _Member, position: int) -> bytes:
    """The member's record in the directory, in 32 bits whatever it was in before."""
    info = member.info
    extra = _without_zip64(info.extra)
    fixed = _CENTRAL.pack(
        b"PK\x01\x02", info.create_version, info.create_system, info.extract_version, info.reserved,
        info.flag_bits, info.compress_type, *_dos(info), info.CRC, info.compress_size,
        info.file_size, len(member.stored_name), len(extra), len(info.comment), 0,
        info.internal_attr, info.external_attr, position,
    )  # fmt: skip
    return fixed + member.stored_name + extra + info.comment


def _dos(info: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]
