"""The wheel and the sdist that the tree gives: installed, they work without the checkout."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import sellersheet

ROOT = Path(__file__).resolve().parent.parent
# A run in which nothing may be skipped says so; elsewhere a machine may lack the builder.
STRICT = "SELLERSHEET_REQUIRE_LIBREOFFICE" in os.environ
pytestmark = pytest.mark.skipif(
    not STRICT and importlib.util.find_spec("hatchling") is None,
    reason="hatchling is not installed: it builds the wheel (python -m pip install hatchling)",
)


def done(*words: str | Path, at: Path) -> str:
    """What a program says that must succeed; it finds no sources through its surroundings."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    kept |= {"PYTHONIOENCODING": "utf-8"}
    if words[1:3] == ("-m", "hatchling") and "PYTHONPATH" in os.environ:
        kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
    run = subprocess.run(
        [str(word) for word in words],
        cwd=at,
        env=kept,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def built(tree: Path, folder: Path, *kinds: str) -> None:
    targets = [word for kind in kinds for word in ("-t", kind)]
    done(sys.executable, "-m", "hatchling", "build", "-d", folder, *targets, at=tree)


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("built")
    built(ROOT, folder, "wheel", "sdist")
    return folder


@pytest.fixture(scope="module")
def unpacked(distributions: Path) -> Path:
    """The sdist's own tree."""
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(distributions / "sdist", filter="data")
    (tree,) = (distributions / "sdist").iterdir()
    return tree


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(distributions: Path, unpacked: Path) -> Path:
    """The programs of an environment that has the wheel of the sdist and this one's libraries.

    That wheel must be the tree's own, byte for byte.
    """
    again = distributions / "again"
    built(unpacked, again, "wheel")
    (wheel,) = again.glob("*.whl")
    assert contents(wheel) == contents(distributions / wheel.name)
    home = distributions / "environment"
    venv.create(home)
    (packages,) = {
        Path(sysconfig.get_path(name, "venv", {"base": str(home), "platbase": str(home)}))
        for name in ("purelib", "platlib")
    }
    # Only the libraries of this environment are seen: its .pth files, one of which may name
    # the checkout, are not read.
    libraries = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (packages / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "install")
    # What is installed beside the checkout must not pass for this wheel.
    done(*pip, "-q", "--no-deps", "--no-index", "--ignore-installed", wheel, at=distributions)
    return programs


def test_demo_and_new_run_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    told = done(installed / "sellersheet", "--version", at=tmp_path)
    assert told == f"sellersheet {sellersheet.__version__}\n"
    done(installed / "sellersheet", "demo", "-o", "try", "--lang", "en", at=tmp_path)
    done(installed / "sellersheet", "new", "book.xlsx", "--lang", "en", at=tmp_path)
    assert (tmp_path / "try" / "sample-result.xlsx").is_file()
    assert zipfile.is_zipfile(tmp_path / "book.xlsx")
    where = "import sellersheet, sellersheet_addin as a; print(sellersheet.__file__, a.__file__)"
    for file in done(installed / "python", "-c", where, at=tmp_path).split():
        assert Path(file).is_relative_to(installed.parent)


def test_the_sdist_carries_tests_that_pass_with_what_is_installed(
    installed: Path, unpacked: Path
) -> None:
    files = ("tests/test_money.py", "tests/test_plans.py", "tests/test_exchange_ties.py")
    told = done(installed / "python", "-m", "pytest", "-q", "-n", "0", *files, at=unpacked)
    assert "passed" in told


def test_the_wheel_holds_every_file_that_is_read_at_run_time(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    packages = ("udfs/sellersheet", "workbook/sellersheet_workbook", "addin/sellersheet_addin")
    wanted = {
        file.relative_to((ROOT / package).parent).as_posix()
        for package in packages
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert packed == wanted
