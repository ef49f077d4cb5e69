"""Files of every kind with faults put in by chance: none ends a run, hangs or fills memory.

    python -m tests.mutator --count 10000            10,000 seeds, about 20 minutes on one core
    python -m tests.mutator --first 4711 --count 1   one again; --keep FOLDER keeps its file

A seed gives the same file each time. The files of some seeds lie in one folder with two sound
ones, and the command runs over that folder: every file has a result or is named with what is
wrong, both sound ones have theirs. What is not so is printed, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import shutil
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Final

import pandas as pd

from sellersheet_addin.cli import main
from sellersheet_addin.cli.say import console
from sellersheet_workbook.files import guarded
from tests.cases import FOLDER
from tests.damaged_files import sound_xlsx

SECONDS: Final = 10.0
MEGABYTES: Final = 1_000
TOGETHER: Final = 50
_FORMS: Final = FOLDER / "intake"
_OVERLAY: Final = """
[values.rush_fee]
value = "4.00"
start = 2024-08-01
reason = "新合同"

[values.service_rate]
value = "0.04"
reason = "own"
"""
_NUMBERS: Final = (
    *("0", "-1", "1", "255", "65536", "1048577", "4294967295", "99999999999", "1e309", "NaN"),
    *("", "0.0000000001", "18446744073709551616", "9" * 400, "-0", "1.", "0x1F", "１２"),
)
_PLACES: Final = ("ZZ100000", "XFD1048576", "A0", "AAAA1", "A99999999999", "a1", "1A", "", "A1:A9")
_WORDS: Final = (
    *("klingon", "utf-16", "UTF-7", "&#0;", "&#xD800;", "&lol;", "<!--", "]]>", "\ufffe", "'", '"'),
    *("=1+1", "s", "str", "inlineStr", "e", "b", "d", "n", "true", "../../x", "/", "#REF!"),
    "x" * 70_000,
)  # fmt: skip
_SAID: Final = ("Traceback", "panicked", "could not be worked through", "The program failed")

TALLY: Final[Counter[str]] = Counter()  # what became of the files of orders


def _parts(data: bytes, **more: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {**{name: book.read(name) for name in book.namelist()}, **more}


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def _parquet() -> bytes:
    made = io.BytesIO()
    pd.read_excel(_FORMS / "forms.xlsx", engine="openpyxl", dtype_backend="pyarrow").to_parquet(
        made
    )
    return made.getvalue()


def sound() -> dict[str, bytes]:
    """A sound file of every kind, by its extension."""
    book = (_FORMS / "forms.xlsx").read_bytes()
    csv = pd.read_excel(_FORMS / "forms.xlsx", engine="openpyxl", dtype=str).to_csv(index=False)
    return {
        "csv": csv.encode(),
        "xlsx": book,
        "xlsm": _zipped(_parts(book, **{"xl/vbaProject.bin": bytes(range(256)) * 9})),
        "xls": (_FORMS / "forms.xls").read_bytes(),
        "ods": (_FORMS / "forms.ods").read_bytes(),
        "parquet": _parquet(),
        "toml": _OVERLAY.encode(),
    }


def mutated(seed: int, files: dict[str, bytes]) -> tuple[str, bytes]:
    """The extension and the bytes of the seed's file."""
    chance = random.Random(seed)
    kind = list(files)[seed % len(files)]
    data = files[kind]
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        if kind in ("xlsx", "xlsm", "ods") and chance.random() < 0.8:
            with suppress(Exception):  # what the last fault left is no archive any more
                parts = _parts(data)
                name = chance.choice([name for name in parts if "theme" not in name])
                parts[name] = _in_text(parts[name], chance)
                if chance.random() < 0.1:
                    del parts[name]
                data = _zipped(parts)
        elif kind in ("csv", "toml") and chance.random() < 0.8:
            data = _in_text(data, chance)
        else:
            data = _in_bytes(data, chance)
    return kind, data


def _in_text(data: bytes, chance: random.Random) -> bytes:
    found = {
        "number": list(re.finditer(rb"(?<![\w#])-?\d[\d.]*", data)),
        "place": list(re.finditer(rb"(?<=\")[A-Z]{1,3}\d+(?=\")", data)),
        "word": list(re.finditer(rb"(?<=[\">,=])[^<>\",=\n]{1,40}(?=[\"<,\n])", data)),
        "tag": list(re.finditer(rb"<[^>]*>|\n", data)),
    }
    what = chance.choice([name for name, places in found.items() if places] or ["bytes"])
    if what == "bytes":
        return _in_bytes(data, chance)
    one = chance.choice(found[what])
    start, end = one.span()
    if what == "tag":
        other = chance.choice(found[what])
        new: bytes = chance.choice((b"", one[0] * 2, one[0] * 3_000, other[0], one[0][:-1]))
    else:
        choices = {"number": _NUMBERS, "place": _PLACES, "word": _WORDS}[what]
        new = chance.choice(choices).encode("utf-8", "surrogatepass")
    return data[:start] + new + data[end:]


def _in_bytes(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return b"x"
    at = chance.randrange(len(data))
    end = min(at + chance.choice((1, 4, 16, 300)), len(data))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
        lambda: data[:at] + bytes(end - at) + data[end:],
        lambda: data[:at] + b"\xff" * (end - at) + data[end:],
        lambda: data[:at] + chance.randbytes(end - at) + data[end:],
        lambda: data[:at],
        lambda: data[at:],
        lambda: data[:at] + data[end:],
        lambda: data[:end] + data[at:],
        lambda: data[:at] + struct.pack("<I", chance.choice((1 << 31, 0xFFFFFFFE, 1 << 24)))
        + data[at + 4 :],
    )  # fmt: skip
    return chance.choice(ways)()


def _run(words: list[str]) -> tuple[int, str, float]:
    """The exit code, what was said, and the seconds; an exception is said as it would be.

    A busy machine is no hang: time that others had counts for a sixth.
    """
    console.cache_clear()
    said, code = io.StringIO(), 0
    began, worked = time.monotonic(), time.process_time()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main([*words, "--lang", "en"])
        except SystemExit as done:
            code = done.code if isinstance(done.code, int) else 2
        except BaseException:
            traceback.print_exc()
    seconds = max(time.process_time() - worked, (time.monotonic() - began) / 6)
    return code, said.getvalue(), seconds


def faults(first: int, count: int, kept: Path | None = None) -> Iterator[str]:
    """What was not as it must be, seed by seed."""
    files = sound()
    good = sound_xlsx()
    for start in range(first, first + count, TOGETHER):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "in")
            folder.mkdir()
            paths = {}
            for seed in range(start, min(start + TOGETHER, first + count)):
                kind, data = mutated(seed, files)
                paths[seed] = folder / f"s{seed}.{kind}"
                paths[seed].write_bytes(data)
                if kept:
                    shutil.copy(paths[seed], kept)
            yield from _together(paths, good)
            yield from _alone(paths)
    guarded._end_children()
    most = most_memory()
    if most > MEGABYTES:
        yield f"{first}+{count}: {most} MB of memory"


def _together(paths: dict[int, Path], good: bytes) -> Iterator[str]:
    """A folder with all but the policies, between two sound files."""
    folder = next(iter(paths.values())).parent
    for name in ("a-good", "z-good"):
        (folder / f"{name}.xlsx").write_bytes(good)
    out = folder.with_name("out")
    code, said, seconds = _run(["batch", str(folder), "-o", str(out)])
    of_orders = {seed: path for seed, path in paths.items() if path.suffix != ".toml"}
    made = {path.name.rsplit("-result", 1)[0] for path in out.glob("*-result.xlsx")}
    for name in ("a-good", "z-good"):
        if name not in made:
            yield f"{min(paths)}: {name} has no result: {code} {said[-500:]}"
    for seed, path in of_orders.items():
        told = [line for line in said.splitlines() if path.name in line]
        TALLY["computed" if path.stem in made else "refused"] += 1
        if path.stem not in made and not told:
            yield f"{seed}: {path.name} has no result and is not named"
        yield from (f"{seed}: {line}" for line in told if any(word in line for word in _SAID))
    if "Traceback" in said or "panicked" in said:
        yield f"{min(paths)}: {said[-2000:]}"
    if seconds > SECONDS / 2:  # all of them together take less than one of them may
        yield from _slow(of_orders)


def _slow(paths: dict[int, Path]) -> Iterator[str]:
    for seed, path in paths.items():
        _, _, seconds = _run(["batch", str(path), "-o", str(path.with_name("r.csv"))])
        if seconds > SECONDS:
            yield f"{seed}: {path.name} took {seconds:.0f} s"


def _alone(paths: dict[int, Path]) -> Iterator[str]:
    """Policies are checked, some workbooks updated in place."""
    for seed, path in paths.items():
        if path.suffix == ".toml":
            words = ["policy", "validate", str(path)]
        elif path.suffix in (".xlsx", ".xlsm") and seed % 5 == 0:
            words = ["update", str(path)]
        else:
            continue
        _, said, seconds = _run(words)
        if any(word in said for word in _SAID):
            yield f"{seed}: {' '.join(words)}: {said[-2000:]}"
        if seconds > SECONDS:
            yield f"{seed}: {' '.join(words)} took {seconds:.0f} s"


def most_memory() -> int:
    """The most MB that this process or a child of it had at once; 0 where none says."""
    if sys.platform == "win32":
        return 0
    import resource

    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // scale
    status = Path("/proc/self/status")
    if not status.is_file():
        return max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale)
    # What Linux says of itself there is not what the process that began it had.
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(children, int(peak.split()[1]) // scale)


def _main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    count = 0
    for fault in faults(given.first, given.count, given.keep):
        count += 1
        print(fault, flush=True)
    told = f"{given.count} seeds, {count} faults"
    print(f"{told}, {TALLY['computed']} computed, {TALLY['refused']} refused, {most_memory()} MB")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(_main())
