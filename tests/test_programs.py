"""Programs that are run to their end, or ended."""

import sys
import time

import pytest

from sellersheet_addin.installing import ProgramProblem, run

OUTLIVED = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"])
print("账单", child.pid)
print("problem", file=sys.stderr)
sys.exit(3)
"""


def test_what_it_says_comes_though_its_child_lives_on() -> None:
    """On Windows a service that a program starts inherits what the program writes to."""
    started = time.monotonic()
    done = run(sys.executable, "-X", "utf8", "-c", OUTLIVED, seconds=15)
    assert time.monotonic() - started < 10
    assert done.returncode == 3
    assert done.stdout.startswith("账单 ")
    assert done.stderr == "problem\n"


def test_after_its_time_it_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(ProgramProblem) as problem:
        run(sys.executable, "-c", "import time; time.sleep(60)", seconds=0.5)
    assert time.monotonic() - started < 10
    assert problem.value.code == "too_slow"


def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(ProgramProblem) as problem:
        run("/no/such/program", seconds=5)
    assert problem.value.code == "not_started"
