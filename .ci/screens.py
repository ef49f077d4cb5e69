"""Pictures of every sheet of the template in a window, with and without the add-in; on demand.

    DISPLAY=:97 SELLERSHEET_SOFFICE=…/soffice python .ci/screens.py FOLDER [--lang zh]
    DISPLAY=:97 SELLERSHEET_SOFFICE=…/soffice python .ci/screens.py docs/pictures --readme

Needs a LibreOffice with windows, an X display of 1600×1000
(Xvfb :97 -noreset -screen 0 1600x1000x24; without -noreset it is gone for a moment when one
LibreOffice ends) and ImageMagick's import. Look at every picture.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import addin_in_libreoffice, libreoffice
from tests.libreoffice import Office

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.template import ENTRIES, TITLES, build, samples

_DRAWN: Final = 1.2  # seconds until a sheet stands on the screen
_README: Final = {
    "home": "Z9",
    "quote": "Z1",
}  # sheet: a cell of the row shown first, out of sight
_CELLS: Final = "1500x812+37+124"  # of the window: without its bars


def _office(lang: Lang, with_addin: bool) -> AbstractContextManager[Office]:
    if with_addin:
        return addin_in_libreoffice.started(window=True, lang=lang)
    return libreoffice.started(recalculate=False, window=True)


def main() -> int:
    """One picture a sheet: language, with or without, number and key of the sheet."""
    parser = argparse.ArgumentParser(prog=".ci/screens.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", choices=LANGS, action="append")
    parser.add_argument("--sheet", action="append", help="keys of sheets; all without it")
    parser.add_argument("--from", dest="first", default="A1", help="the cell shown first")
    parser.add_argument("--with-only", action="store_true", help="not without the add-in")
    parser.add_argument("--readme", action="store_true", help="the README's pictures: cells alone")
    asked = parser.parse_args()
    if asked.readme:
        asked.sheet, asked.with_only = list(_README), True
    if "DISPLAY" not in os.environ:
        parser.error("DISPLAY is not set")
    asked.folder.mkdir(parents=True, exist_ok=True)
    for lang in asked.lang or LANGS:
        for with_addin in (True,) if asked.with_only else (True, False):
            with tempfile.TemporaryDirectory() as made, _office(lang, with_addin) as office:
                book = Path(made, f"{lang}.xlsx")
                book.write_bytes(build(lang, samples(lang)))
                office.open(book, visible=True)
                if with_addin:
                    office.calculate()
                for at, entry in enumerate(ENTRIES):
                    if entry.fill is None or (asked.sheet and entry.key not in asked.sheet):
                        continue
                    first = _README[entry.key] if asked.readme else asked.first
                    office.show(TITLES(entry.key, lang), first)
                    time.sleep(_DRAWN)
                    kind = "with" if with_addin else "without"
                    name = f"{lang}-{kind}-{at:02}-{entry.key}.png"
                    picture = asked.folder / (f"{entry.key}-{lang}.png" if asked.readme else name)
                    crop = ["-crop", _CELLS, "+repage"] if asked.readme else []
                    subprocess.run(["import", "-window", "root", *crop, str(picture)], check=True)
                    print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
