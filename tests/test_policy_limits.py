"""Policy files that no person wrote: refused in words, at once and in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from sellersheet.policy import PolicyProblem, load
from sellersheet.policy.reading import parsed, read_toml

OWN = '[values.service_fee_rate]\nreason = "x"\nvalue = '
CASES = {
    "lists in lists": ("values = " + "[" * 50_000, "too_deep", 1),
    "tables in tables": ("\n\nvalues = " + "{a = " * 20_000 + "1" + "}" * 20_000, "too_deep", 3),
    "a key of dots": ("a" + ".a" * 20_000 + " = 1", "long_key", 1),
    "a header of dots": ("#\n[a" + " . a" * 20_000 + "]\nb = 1", "long_key", 2),
    "quoted dots": ('"a"' + '."a"' * 20_000 + " = 1", "long_key", 1),
    "dots in a table": ("x = {" + "a." * 20_000 + "a = 1}", "long_key", 1),
    "digits": (OWN + "1" * 100_000, "long_number", 3),
    "digits with signs": (OWN + "-1_" + "1_" * 50_000 + "1", "long_number", 3),
    "hexadecimal digits": (OWN + "0x" + "f" * 100_000, "long_number", 3),
    "decimals": (OWN + "0." + "1" * 100_000, "long_number", 3),
    "a power": (OWN + "1e999999999", "unfit", None),
    "a small power": (OWN + "1e-999999999", "unfit", None),
    "a power as text": (OWN + '"1e999999999"', "unfit", None),
    "digits as text": (OWN + '"' + "1" * 100_000 + '"', "unfit", None),
    "one long word": ("a" * 200_000, "syntax", 1),
    "quotes": ('"' * 200_001, "syntax", None),
    "a large file": ("#" * 300_000, "too_much", None),
}
# What a file costs beside the program itself; each in a process of its own.
_MEASURED = """
import os, resource, sys, time
from pathlib import Path
from sellersheet.policy import PolicyProblem, load
load()
for path in sys.argv[1:]:
    if os.fork():
        os.wait()
        continue
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        load(Path(path))
    except PolicyProblem as problem:
        code = problem.code
    seconds = time.process_time() - began
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(code, seconds, more, flush=True)
    os._exit(0)
"""


@pytest.fixture(scope="module", name="measured")
def what_each_costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The problem's code, the seconds and the memory that the file of each case takes."""
    folder = tmp_path_factory.mktemp("own")
    paths = [folder / f"{at}.toml" for at in range(len(CASES))]
    for path, (text, _, _) in zip(paths, CASES.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURED, *paths], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in ran.stdout.splitlines()]
    return dict(zip(CASES, lines, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_a_file_beyond_all_measure(
    tmp_path: Path, case: str, measured: dict[str, list[str]]
) -> None:
    text, code, line = CASES[case]
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyProblem) as problem:
        load(path)
    assert problem.value.code == code, problem.value.text("en")
    if line:
        assert problem.value.fields["line"] == line
    assert all(len(problem.value.text(lang)) < 700 for lang in ("zh", "en"))
    found, seconds, more = measured[case]
    assert found == code
    assert float(seconds) < 1
    assert int(more) * (1 if sys.platform != "darwin" else 1 / 1024) < 100_000  # KB


def test_what_people_write_is_read() -> None:
    text = (
        "a.b.c = 1 # [[[[[[[[[[[[[[[[[[[[[[[[[\n"
        '"x.y" = "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a [[[[[[[[[[[[[[[[[[[[[[["\n'
        "n = [[1, 2], [0x1f, 1_000]]\n"
        'long = """\n[[[[[[[[[[[[[[[[[[[[[[\n' + "9" * 200 + '\n"""\n'
        "literal = '" + "8" * 200 + "'\nrate = 0.0351\n"
    )
    found = parsed(text)
    assert found["rate"] == Decimal("0.0351")
    assert found["n"] == [[1, 2], [31, 1000]]
    assert found["x.y"].endswith("[[[")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes of that kind here")
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.toml")
    for path in (tmp_path / "own.toml", Path("/dev/zero")):
        began = time.monotonic()
        with pytest.raises(PolicyProblem) as problem:
            read_toml(path)
        assert problem.value.code == "not_a_file"
        assert time.monotonic() - began < 1
