"""An edited workbook takes the place of the old one, which is kept as a backup."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from sellersheet_workbook.keeping.atomic import check_replaceable, replacing
from sellersheet_workbook.keeping.inputs import resolved
from sellersheet_workbook.keeping.locks import WAIT, held, lock_beside
from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.patch.package import Package
from sellersheet_workbook.problems import EditProblem, FileProblem

_DIGITS: Final = 4
_STAMP: Final = re.compile(r"(\d{8}-\d{6})(?:-(\d+))?")


def save(package: Package, *, backup: bool) -> Path | None:
    """Writes beside the file, checks what was written, keeps the old file, then renames.

    The path of the backup; None where none is wanted or nothing has changed.
    """
    if not package.changed and not package.dropped:
        return None

    def write(file: BinaryIO) -> None:
        package.archive.write(file, package.changed, package.dropped)
        file.flush()
        _check(package, file)

    return take_place(package.path.resolve(), package.archive.data, write, backup=backup)


def take_place(
    path: Path, before: bytes, write: Callable[[BinaryIO], object], *, backup: bool = True
) -> Path | None:
    """What is written takes the place of the file as it was ``before``; the path of the backup."""
    check_free(path)
    kept: Path | None = None
    place = resolved(path)
    with held(lock_beside(place), path, wait=WAIT):
        try:
            with replacing(path) as file:
                write(file)
                if path.read_bytes() != before:
                    raise EditProblem("changed_meanwhile", path=path)
                kept = keep_backup(place, before) if backup else None
        except Exception:
            if kept:
                kept.unlink(missing_ok=True)
            raise
    return kept


def restore(path: str | os.PathLike[str], backup: str | os.PathLike[str]) -> None:
    """Puts the backup, byte for byte, in the place of the workbook."""
    source, target = Path(backup), Path(path)
    original = Package(source).archive.data  # a workbook, whole and readable
    check_free(target)
    with replacing(target) as file:
        file.write(original)


def check_free(path: Path) -> None:
    """A FileProblem where the file is read-only, or open in a program that keeps it locked."""
    check_replaceable(path.resolve())
    try:
        if not path.stat().st_mode & stat.S_IWUSR:  # root may write it all the same
            raise EditProblem("read_only", path=path)
        with path.open("r+b"):
            pass
    except FileNotFoundError:
        return
    except OSError as error:
        raise FileProblem("target_denied", path=path) from error


def _check(package: Package, file: BinaryIO) -> None:
    """What is on the disk is what was meant, and every other member is as it was."""
    old = package.archive
    new = Archive(Path(file.name).read_bytes(), package.path)
    right = new.names == tuple(name for name in old.names if name not in package.dropped)
    for name in new.names:
        if name in package.changed:
            right = right and new.holds(name, package.changed[name])
            right = right and _well_formed(package.changed[name])
        else:
            right = right and new.raw(name) == old.raw(name)
    if not right:
        raise EditProblem("not_verified", path=package.path)


def _well_formed(data: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError:
        return False
    return True


def keep_backup(path: Path, data: bytes) -> Path:
    """A copy beside the file, open to the same people; its number is above that of every other
    copy kept of the file, since clocks are set back."""
    number = max((_order(other) for other in backups(path)), default=(0, "", 0))[0] + 1
    stem = f"{path.stem}.bak-{dt.datetime.now():%Y%m%d-%H%M%S}-{number:04d}"
    target = path.with_name(f"{stem}{path.suffix}")
    with replacing(target, like=path) as file:
        file.write(data)
    return target


def backups(path: Path) -> list[Path]:
    """The copies kept of a workbook, the oldest state first."""
    begin = f"{path.stem}.bak-"
    found = [
        item
        for item in path.parent.iterdir()
        if item.name.startswith(begin) and item.suffix == path.suffix
        if _STAMP.fullmatch(item.stem.removeprefix(begin)) and item.is_file()
    ]
    return sorted(found, key=_order)


def _order(backup: Path) -> tuple[int, str, int]:
    """By number. Copies of older versions have none of four digits: they are older, and among
    them the clock decides, then the number within a second."""
    found = _STAMP.fullmatch(backup.stem.rpartition(".bak-")[2])
    stamp, number = (found[1], found[2] or "1") if found else ("", "0")
    return (int(number), "", 0) if len(number) >= _DIGITS else (0, stamp, int(number))
