"""An edited workbook takes the place of the old one, which is kept as a backup."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from sellersheet_workbook.atomic import check_replaceable, replacing
from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.patch.package import Package
from sellersheet_workbook.patch.problems import EditProblem
from sellersheet_workbook.problems import FileProblem

_BACKUP: Final = re.compile(r"\.bak-\d{8}-\d{6}(?:-\d+)?\.xls[xm]$", re.IGNORECASE)


def save(package: Package, *, backup: bool) -> Path | None:
    """Writes beside the file, checks what was written, keeps the old file, then renames.

    The path of the backup; None where none is wanted or nothing has changed.
    """
    if not package.changed and not package.dropped:
        return None
    path = package.path.resolve()
    check_free(path)
    kept: Path | None = None
    try:
        with replacing(path) as file:
            package.archive.write(file, package.changed, package.dropped)
            file.flush()
            _check(package, file)
            if path.read_bytes() != package.archive.data:
                raise EditProblem("changed_meanwhile", path=path)
            kept = keep_backup(path, package.archive.data) if backup else None
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


def is_backup(path: str | os.PathLike[str]) -> bool:
    """Whether the file is one that ``save`` kept."""
    return bool(_BACKUP.search(Path(path).name))


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
            right = right and new.read(name) == package.changed[name]
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
    """A copy beside the file under a name that is free."""
    stem = f"{path.stem}.bak-{dt.datetime.now():%Y%m%d-%H%M%S}"
    name, number = f"{stem}{path.suffix}", 1
    while path.with_name(name).exists():
        number += 1
        name = f"{stem}-{number}{path.suffix}"
    target = path.with_name(name)
    with replacing(target) as file:
        file.write(data)
    return target
