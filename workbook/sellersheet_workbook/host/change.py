"""A change of a live workbook: made whole or put back, and undone later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sellersheet_workbook.host import kept as keeping
from sellersheet_workbook.host.kept import Block, Kept, kept_path
from sellersheet_workbook.host.program import Program
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HostProblem

_TEXT, _GENERAL = "@", "General"


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
    keeping.save(kept, path)
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
        (sheet, area, keeping.digest(program.contents(sheet, area))) for sheet, area in change.marks
    )
    keeping.save(replace(kept, marks=marks), path)


def unmake(program: Program) -> Kept:
    """Write back what stood before the last change; a HostProblem where that would do harm."""
    path = kept_path(program)
    kept = keeping.load(path)
    if kept is None:
        raise HostProblem("nothing_to_undo")
    sheets = set(program.sheets())
    for block in kept.blocks:
        if block.sheet not in sheets and block.sheet not in kept.sheets:
            raise HostProblem("changed_since", sheet=block.sheet, time=kept.time)
    _check_open(program, [(item.sheet, item.area) for item in kept.blocks if item.sheet in sheets])
    for sheet, area, digest in kept.marks or ():
        gone = sheet in kept.sheets and sheet not in sheets
        if not gone and (
            sheet not in sheets or keeping.digest(program.contents(sheet, area)) != digest
        ):
            raise HostProblem("changed_since", sheet=sheet, time=kept.time)
    # From here on it may stand half written; an undo that is tried again must not refuse.
    keeping.save(replace(kept, marks=None), path)
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


def short(error: Exception) -> str:
    """What a program says of a failure, in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


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
