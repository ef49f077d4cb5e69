"""What stood in a workbook before the last change, kept in a file until it is undone.

A macro's process ends with the macro, so undo can't live in memory. There is one small file
a workbook, of plain JSON; the oldest go when there are too many.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sellersheet_workbook.host.program import Cell, Program, Rows, Typed
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.user_folder import make_private
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HostProblem

_FORM: Final = 1
_FILES: Final = 20
_LARGEST: Final = 1 << 29  # bytes of JSON; a full sheet of results is below it


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of one sheet."""

    sheet: str
    area: Area
    rows: Rows


@dataclass(frozen=True, slots=True)
class Kept:
    """What an undo writes back. ``marks`` are cells that must not have changed since.

    ``tables`` are those that grew, with the area they had; ``sheets`` are those that were
    added; ``formats`` are number formats by sheet and part. Without marks the change did not
    end, or undoing it did not.
    """

    action: str
    time: str
    blocks: tuple[Block, ...]
    tables: tuple[tuple[str, Area], ...]
    sheets: tuple[str, ...]
    marks: tuple[tuple[str, Area, str], ...] | None = None
    formats: tuple[tuple[str, Area, str], ...] = ()


def kept_path(program: Program) -> Path:
    """The file for this workbook, whether it is there or not."""
    name = str(program.path or program.title).casefold()
    return program.folder / "undo" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json.gz"


def save(kept: Kept, path: Path) -> None:
    """Write the file whole or not at all; a HostProblem where that can't be done."""
    data = {
        "form": _FORM,
        "action": kept.action,
        "time": kept.time,
        "blocks": [[item.sheet, item.area, _encoded(item.rows)] for item in kept.blocks],
        "tables": kept.tables,
        "sheets": kept.sheets,
        "marks": kept.marks,
        "formats": kept.formats,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > _LARGEST:
        raise HostProblem("too_much_to_keep")
    try:
        for folder in (path.parent.parent, path.parent):
            make_private(folder)
    except OSError as error:
        raise HostProblem("no_folder", path=path.parent, detail=error.strerror) from error
    with replacing(path, private=True) as file:
        file.write(gzip.compress(text, compresslevel=3, mtime=0))
    _drop_oldest(path.parent)


def load(path: Path) -> Kept | None:
    """What the file holds; None where there is none. A damaged one is a HostProblem."""
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HostProblem("no_folder", path=path, detail=error.strerror) from error
    try:
        unpacking = zlib.decompressobj(wbits=31)
        data = json.loads(unpacking.decompress(packed, _LARGEST))
        if data["form"] != _FORM:
            raise ValueError(data["form"])
        return Kept(
            str(data["action"]),
            str(data["time"]),
            tuple(Block(s, Area(*area), _decoded(rows)) for s, area, rows in data["blocks"]),
            tuple((name, Area(*area)) for name, area in data["tables"]),
            tuple(data["sheets"]),
            None if data["marks"] is None else _placed(data["marks"]),
            _placed(data.get("formats", ())),  # an older edition kept none
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise HostProblem("kept_damaged", path=path) from error


def digest(rows: Rows) -> str:
    """What tells whether cells are still the same."""
    return hashlib.sha256(json.dumps(_encoded(rows)).encode()).hexdigest()


def _placed(rows: Iterable[tuple[str, list[int], str]]) -> tuple[tuple[str, Area, str], ...]:
    return tuple((sheet, Area(*area), text) for sheet, area, text in rows)


def _encoded(rows: Rows) -> list[list[Any]]:
    return [[[cell] if isinstance(cell, Typed) else cell for cell in row] for row in rows]


def _decoded(rows: list[list[Any]]) -> list[list[Cell]]:
    return [[Typed(cell[0]) if isinstance(cell, list) else cell for cell in row] for row in rows]


def _drop_oldest(folder: Path) -> None:
    with suppress(OSError):
        files = sorted(folder.glob("*.json.gz"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_FILES]:
            file.unlink(missing_ok=True)
