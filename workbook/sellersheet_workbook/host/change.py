"""A change of a live workbook: made whole or put back, and undone later.

A macro's process ends with the macro, so undo can't live in memory: what stood in the workbook
before its last change is kept in a file until it is undone. There is one small file a workbook, of
plain JSON; the oldest go when there are too many.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sellersheet_workbook.host.program import Cell, Program, Rows, Typed, short
from sellersheet_workbook.keeping import make_private
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HostProblem

_FORM: Final = 1
_FILES: Final = 20
_LARGEST: Final = 1 << 29  # bytes of JSON; a full sheet of results is below it
_TEXT, _GENERAL = "@", "General"
_INPUTS: Final = ("import_orders", "import_rates")  # actions that write what people go on editing


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
    added; ``formats`` are number formats by sheet and part. ``written`` is what the change wrote
    and people may have worked on since: all of an added sheet, inputs. Without marks the change
    did not end, or undoing it did not.
    """

    action: str
    time: str
    blocks: tuple[Block, ...]
    tables: tuple[tuple[str, Area], ...]
    sheets: tuple[str, ...]
    marks: tuple[tuple[str, Area, str], ...] | None = None
    formats: tuple[tuple[str, Area, str], ...] = ()
    written: tuple[tuple[str, Area, str], ...] = ()


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
        "written": kept.written,
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


def _load(path: Path) -> Kept | None:
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
            _placed(data.get("formats", ())),  # an older edition kept none, nor what follows
            _placed(data.get("written", ())),
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise HostProblem("kept_damaged", path=path) from error


def _digest(rows: Rows) -> str:
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


@dataclass(slots=True)
class Change:
    """What is to be written, in the order: sheets, tables, rows filled down, formats, cells,
    looks of headers.

    ``tables`` are Excel tables that grow: name, area before, area after. ``headers`` stand on
    added sheets, with which they go. ``marks`` are the places whose cells say whether the rows
    are still the same ones when it is undone.
    """

    sheets: list[str] = field(default_factory=list)
    tables: list[tuple[str, Area, Area]] = field(default_factory=list)
    filled: list[tuple[str, Area]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    formats: list[tuple[str, Area, str]] = field(default_factory=list)
    headers: list[tuple[str, Area]] = field(default_factory=list)
    marks: list[tuple[str, Area]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.blocks)


def make(program: Program, change: Change, action: str, now: dt.datetime) -> None:
    """Write it all. When anything fails, what stood before is put back: a HostProblem."""
    places = [*change.filled, *((item.sheet, item.area) for item in change.blocks)]
    _check_open(program, [place for place in places if place[0] not in change.sheets])
    path = kept_path(program)
    formats = [*_for_numbers(program, change), *change.formats]
    kept = Kept(
        action,
        now.strftime("%Y-%m-%d %H:%M:%S"),
        tuple(
            Block(sheet, area, program.contents(sheet, area))
            for sheet, area in places
            if sheet not in change.sheets
        ),
        tuple((name, before) for name, before, _ in change.tables),
        tuple(change.sheets),
        formats=tuple(
            (sheet, part, code)
            for sheet, area, _ in formats
            if sheet not in change.sheets
            for part, code in program.number_formats(sheet, area)
        ),
    )
    older = path.read_bytes() if path.is_file() else None
    save(kept, path)
    try:
        with program.changing():
            _write(program, change, formats)
    except Exception as error:
        whole = True
        try:
            with program.changing():
                _put_back(program, kept)
        except Exception:
            whole = False  # what was kept stays, for an undo later
        if whole:
            _restore_file(path, older)
        code = "put_back" if whole else "not_put_back"
        raise HostProblem(code, detail=short(error)) from error
    marks = tuple(
        (sheet, area, _digest(program.contents(sheet, area))) for sheet, area in change.marks
    )
    written = _written(program, change, places if action in _INPUTS else [])
    save(replace(kept, marks=marks, written=written), path)


def _written(
    program: Program, change: Change, inputs: Sequence[tuple[str, Area]]
) -> tuple[tuple[str, Area, str], ...]:
    """What an undo would take away from whoever worked on it since: added sheets, and inputs."""
    added = [(sheet, area) for sheet in change.sheets if (area := program.used(sheet))]
    others = [place for place in inputs if place[0] not in change.sheets]
    return tuple((at, area, _digest(program.contents(at, area))) for at, area in [*added, *others])


def unmake(program: Program) -> Kept:
    """Write back what stood before the last change; a HostProblem where that would do harm."""
    path = kept_path(program)
    kept = _load(path)
    if kept is None:
        raise HostProblem("nothing_to_undo")
    sheets = set(program.sheets())
    for block in kept.blocks:
        if block.sheet not in sheets and block.sheet not in kept.sheets:
            raise HostProblem("changed_since", sheet=block.sheet, time=kept.time)
    _check_open(program, [(item.sheet, item.area) for item in kept.blocks if item.sheet in sheets])
    for sheet, area, digest in kept.marks or ():
        gone = sheet in kept.sheets and sheet not in sheets
        if not gone and (sheet not in sheets or _digest(program.contents(sheet, area)) != digest):
            raise HostProblem("changed_since", sheet=sheet, time=kept.time)
    for sheet, area, digest in kept.written:
        if sheet not in sheets:
            continue
        more = sheet in kept.sheets and program.used(sheet) != area
        if more or _digest(program.contents(sheet, area)) != digest:
            raise HostProblem("worked_on_since", sheet=sheet, area=area.ref, time=kept.time)
    # From here on it may stand half written; an undo that is tried again must not refuse.
    save(replace(kept, marks=None, written=()), path)
    try:
        with program.changing():
            _put_back(program, kept)
    except Exception as error:
        raise HostProblem("not_put_back", detail=short(error)) from error
    path.unlink(missing_ok=True)
    return kept


def _check_open(program: Program, places: Sequence[tuple[str, Area]]) -> None:
    """A HostProblem where a sheet would not take what is written, or not where it belongs."""
    for sheet in dict.fromkeys(sheet for sheet, _ in places):
        if program.protected(sheet):
            raise HostProblem("protected", sheet=sheet)
        if program.filtered(sheet):
            raise HostProblem("filtered", sheet=sheet)
    for sheet, area in places:
        if cell := program.spilled(sheet, area):
            raise HostProblem("spilled", sheet=sheet, cell=cell.ref)


def _for_numbers(program: Program, change: Change) -> list[tuple[str, Area, str]]:
    """Cells that are shown as text and get numbers: Excel would make texts of these."""
    found = []
    for block in change.blocks:
        if block.sheet in change.sheets:
            continue
        for part, code in program.number_formats(block.sheet, block.area):
            rows = block.rows[part.top - block.area.top : part.bottom - block.area.top + 1]
            left, right = part.left - block.area.left, part.right - block.area.left + 1
            if code == _TEXT and any(
                type(c) in (int, float) for row in rows for c in row[left:right]
            ):
                found.append((block.sheet, part, _GENERAL))
    return found


def _write(program: Program, change: Change, formats: Sequence[tuple[str, Area, str]]) -> None:
    for sheet in change.sheets:
        program.add_sheet(sheet)
    for name, _, after in change.tables:
        program.resize_table(name, after)
    for sheet, area in change.filled:
        program.fill_down(sheet, area)
    for sheet, area, code in formats:
        program.set_format(sheet, area, code)
    for block in change.blocks:
        program.write(block.sheet, block.area, block.rows)
    for sheet, area in change.headers:
        program.dress_header(sheet, area)


def _put_back(program: Program, kept: Kept) -> None:
    sheets = set(program.sheets())
    tables = {item.name for item in program.tables()}
    for name, area in kept.tables:
        if name in tables:
            program.resize_table(name, area)
    for block in reversed(kept.blocks):
        program.write(block.sheet, block.area, block.rows)
    for sheet, area, code in reversed(kept.formats):  # the first of two is the older one
        if sheet in sheets:
            program.set_format(sheet, area, code)
    for sheet in kept.sheets:
        if sheet in sheets:
            program.remove_sheet(sheet)


def _restore_file(path: Path, older: bytes | None) -> None:
    with suppress(OSError):
        if older is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(older)
