"""Measure and print: ``python -m tests.benchmarks [NAME ...] [--quick]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    batch,
    growth,
    in_place,
    libreoffice,
    plain,
    rule_diff,
    rules,
    scale,
    template,
    validation,
    worksheet,
)
from tests.benchmarks.harness import FULL, QUICK, Line, Scale

SUBJECTS: Final[dict[str, Callable[[Scale], Iterator[Line]]]] = {
    "rules": rules.measure,
    "rule_diff": rule_diff.measure,
    "growth": growth.measure,
    "batch": batch.measure,
    "validation": validation.measure,
    "worksheet": worksheet.measure,
    "in_place": in_place.measure,
    "libreoffice": libreoffice.measure,
    "scale": scale.measure,
    "template": template.measure,
    "plain": plain.measure,
}


def main(arguments: list[str]) -> None:
    """Run the subjects named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, fewer runs")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in SUBJECTS]
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
    size = QUICK if given.quick else FULL
    found: dict[str, list[Line]] = {}
    progress = Console(stderr=True)
    for name in given.names or SUBJECTS:
        start = perf_counter()
        found[name] = []
        progress.print(f"{name} …")
        for line in SUBJECTS[name](size):
            found[name].append(line)
            progress.print(f"  {perf_counter() - start:5.0f} s  {line.what}: {_number(line.ratio)}")
    console = Console(width=None if sys.stdout.isatty() else 132)
    console.print(table_of(found))
    console.print(
        f"Ratios: the median of {size.pairs} pairs of runs in turns; smaller is better. "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}, "
        f"pandas {pd.__version__}, pyarrow {pa.__version__}."
    )


def table_of(found: dict[str, list[Line]]) -> Table:
    """The results as they are printed."""
    table = Table("what", "against", title="Benchmarks")
    for heading in ("ratio", "least – most", "aim", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for lines in found.values():
        for line in lines:
            missed = line.aim is not None and line.ratio > line.aim
            several = len(line.ratios) > 1
            table.add_row(
                line.what,
                line.against,
                f"[bold {'red' if missed else 'green'}]{_number(line.ratio)}",
                f"{_number(min(line.ratios))} – {_number(max(line.ratios))}" if several else "",
                "" if line.aim is None else f"≤ {line.aim:g}",
                "" if line.seconds is None else f"{line.seconds:.3f}",
            )
        table.add_section()
    return table


def _number(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"1/{1 / ratio:,.0f}"


if __name__ == "__main__":
    main(sys.argv[1:])
