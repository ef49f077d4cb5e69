"""Files that are put back when a piece of work doesn't end well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.user_folder import is_private, make_private, user_folder


@contextmanager
def put_back_on_failure(*paths: Path) -> Iterator[None]:
    """When the block ends with an exception, every file is as it was, or gone if there was none.

    So are the folders made for them. An interrupt by the user counts as a failure.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    made = {folder for path in paths for folder in path.parents if not folder.exists()}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            # What can't be put back must not hide what went wrong.
            with suppress(Exception):
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    write(path, content)
        for folder in sorted(made, reverse=True):
            with suppress(OSError):  # not empty: something else is in it by now
                folder.rmdir()
        raise


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, with the folders it needs; not what is there already."""
    if path.is_file() and path.read_bytes() == content:
        return
    if is_private(path.resolve()):
        make_private(user_folder())
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(content)
