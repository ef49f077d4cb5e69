"""``sellersheet addin``: the add-in of Excel and of LibreOffice put in, looked at, taken out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
from click.core import ParameterSource

from sellersheet.wording import Lang, Problem, Wording
from sellersheet_addin.cli.commands import FILE, Group, command
from sellersheet_addin.cli.say import CallProblem, complain, tell
from sellersheet_addin.excel import install as excel
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.install import has_excel
from sellersheet_addin.excel.own_excel import make_addin
from sellersheet_addin.installing import Python
from sellersheet_addin.libreoffice import install as libreoffice
from sellersheet_addin.libreoffice.program import LibreOffice, LibreOfficeProblem, find
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.together import results

WORDS: Final = Wording("sellersheet_addin.cli", "addin.toml")


class AddinCallProblem(CallProblem):
    """Options that don't go together."""

    wording = WORDS


def addin(lang: Lang) -> Group:
    """The group of commands in one language."""
    group = Group("addin", lang=lang, code="addin")
    for item in (_install(lang), _uninstall(lang), _status(lang), _selfcheck(lang)):
        group.add_command(item)
    return group


def _soffice_option(lang: Lang) -> Callable[..., Any]:
    return click.option("--soffice", type=FILE, help=WORDS("soffice_help", lang))


def _install(lang: Lang) -> click.Command:
    @command("install", lang, "addin_install")
    @click.option("--excel", "in_excel", is_flag=True, help=WORDS("excel_help", lang))
    @click.option("--libreoffice", "in_office", is_flag=True, help=WORDS("libreoffice_help", lang))
    @click.option("--import", "by_import", is_flag=True, help=WORDS("import_help", lang))
    @click.option("--python", "interpreter", type=FILE, help=WORDS("python_help", lang))
    @_soffice_option(lang)
    @click.pass_context
    def run(
        ctx: click.Context,
        in_excel: bool,
        in_office: bool,
        by_import: bool,
        interpreter: Path | None,
        soffice: Path | None,
    ) -> None:
        if not in_excel and not in_office:
            in_excel = by_import or (soffice is None and has_excel())
            in_office = not in_excel
        if soffice and not in_office:
            raise AddinCallProblem(
                "only_one", option="--soffice", program="LibreOffice", instead="--libreoffice"
            )
        if by_import and not in_excel:
            raise AddinCallProblem(
                "only_one", option="--import", program="Excel", instead="--excel"
            )
        # An absolute path, but not the file behind a link: an environment's python is one.
        python = Path(os.path.abspath(interpreter or sys.executable))  # noqa: PTH100
        if in_excel:
            _install_in_excel(python, by_import, lang)
        if in_office:
            asked = _asked_for_a_language(ctx)
            _install_in_libreoffice(find(soffice), python, lang if asked else None, lang)

    return run


def _install_in_excel(python: Path, by_import: bool, lang: Lang) -> None:
    folders = excel.WindowsFolders.from_environment()
    tell(WORDS("checking", lang, path=python))
    with _undone_in_words(lang), TemporaryDirectory() as folder:
        addin = excel.ADDIN
        if by_import:
            tell(WORDS("importing", lang))
            addin = Path(folder, addin.name)
            addin.write_bytes(make_addin())
        found, what = excel.install(folders, python, addin)
    tell(WORDS(f"in_excel_{what}", lang, path=folders.addin, tab=_tab(lang)), style="bold")
    _tell_python(found, folders.configuration, lang)
    tell(WORDS("excel_notes", lang, tab=_tab(lang)))
    if by_import:
        tell(WORDS("no_ribbon", lang), style="yellow")


def _tab(lang: Lang) -> str:
    """What the ribbon's tab is called."""
    return ribbon.words(lang)[f"{ribbon.TAB}.label"]


def _install_in_libreoffice(
    office: LibreOffice, python: Path, wanted: Lang | None, lang: Lang
) -> None:
    new = libreoffice.read_extension(libreoffice.EXTENSION).version
    tell(WORDS("installing", lang, version=office.version(), path=office.soffice))
    with _undone_in_words(lang):
        found, old = libreoffice.install(office, python, wanted)
    tell(WORDS("in_libreoffice", lang), style="bold")
    if old and old != new:
        tell(WORDS("replaced", lang, old=old, new=new))
    _tell_python(found, libreoffice.settings_file(), lang)
    if given := os.environ.get("SELLERSHEET_HOME"):
        tell(WORDS("home_set", lang, path=given), style="yellow")


@contextmanager
def _undone_in_words(lang: Lang) -> Iterator[None]:
    """Says before the reason that nothing was left half done."""
    try:
        yield
    except (Problem, OSError):
        complain(WORDS("undone", lang))
        raise


def _tell_python(found: Python, settings: Path, lang: Lang) -> None:
    about = {"version": found.version, "sellersheet": found.sellersheet}
    tell(WORDS("calculates", lang, path=found.path, **about))
    tell(WORDS("settings", lang, path=settings))


def _uninstall(lang: Lang) -> click.Command:
    @command("uninstall", lang, "addin_uninstall")
    @click.option("--excel", "in_excel", is_flag=True, help=WORDS("from_excel_help", lang))
    @click.option(
        "--libreoffice", "in_office", is_flag=True, help=WORDS("from_libreoffice_help", lang)
    )
    @_soffice_option(lang)
    def run(in_excel: bool, in_office: bool, soffice: Path | None) -> None:
        everywhere = not in_excel and not in_office
        removed: list[str] = []
        if in_excel or (everywhere and _windows() is not None):
            removed += map(str, excel.uninstall(excel.WindowsFolders.from_environment()))
        if in_office or everywhere:
            removed += libreoffice.uninstall(_found(soffice))
        for what in removed:
            tell(WORDS("removed", lang, what=what))
        if not removed:
            tell(WORDS("nothing_to_remove", lang))

    return run


def _found(given: Path | None) -> LibreOffice | None:
    """The LibreOffice; None where there is none (any more)."""
    try:
        return find(given)
    except LibreOfficeProblem:
        if given:
            raise
        return None


def _status(lang: Lang) -> click.Command:
    @command("status", lang, "addin_status")
    @_soffice_option(lang)
    def run(soffice: Path | None) -> int:
        folders = _windows()
        if folders is not None:
            in_excel = _show_excel(folders, lang)
        else:
            in_excel = None
            tell(WORDS("status_no_excel", lang))
        in_office = _show_libreoffice(soffice, lang)
        # One of the two is enough; what is installed must be whole.
        return 0 if True in (in_excel, in_office) and False not in (in_excel, in_office) else 1

    return run


def _show_excel(folders: excel.WindowsFolders, lang: Lang) -> bool | None:
    """Whether it is in order; None when it is not installed."""
    found = excel.status(folders)
    tell(WORDS("status_excel", lang), style="bold")
    if found.addin:
        _told("addin_current" if found.current else "addin_other", lang, path=found.addin)
    else:
        _told("not_installed", lang, option="--excel")
        if not found.configuration:
            return None
    if not found.interpreter:
        _told("no_settings", lang, path=folders.configuration, option="--excel")
    _tell_state(found.python, found.problem, lang)
    if found.last:
        from sellersheet_addin.excel.selfcheck import last_problem_told  # loads pandas

        tell(f"  {last_problem_told(found.last, lang)}", style="yellow")
    if found.complete:
        _told("try_selfcheck", lang)
    return found.complete


def _show_libreoffice(soffice: Path | None, lang: Lang) -> bool | None:
    """Whether it is in order; None when it is not installed."""
    try:
        office = find(soffice)
    except LibreOfficeProblem as problem:
        tell(WORDS("status_no_libreoffice", lang, what=problem.text(lang)))
        return None
    found = libreoffice.status(office)
    about = {"version": found.office_version, "path": office.soffice}
    tell(WORDS("status_libreoffice", lang, **about), style="bold")
    new = libreoffice.read_extension(libreoffice.EXTENSION).version
    if not found.extension:
        _told("not_installed", lang, option="--libreoffice")
        if not found.settings.exists():
            return None
    elif found.extension == new:
        _told("extension_there", lang, version=found.extension)
    else:
        _told("extension_older", lang, version=found.extension, new=new)
    if not found.interpreter:
        _told("no_settings", lang, path=found.settings, option="--libreoffice")
    _tell_state(found.python, found.problem, lang)
    _told("works" if found.works else "not_tried", lang)
    return bool(found.works)


def _tell_state(python: Python | None, problem: Problem | None, lang: Lang) -> None:
    if python:
        _told("status_python", lang, **asdict(python))
    if problem:
        tell(f"  {problem.text(lang)}", style="red")


def _selfcheck(lang: Lang) -> click.Command:
    @command("selfcheck", lang, "addin_selfcheck")
    @click.option("--excel", "in_excel", is_flag=True, help=WORDS("check_excel_help", lang))
    @click.option("--libreoffice", "in_office", is_flag=True, help=WORDS("check_lo_help", lang))
    @click.option("-o", "--output", type=FILE, help=WORDS("report_help", lang))
    @_soffice_option(lang)
    def run(in_excel: bool, in_office: bool, output: Path | None, soffice: Path | None) -> int:
        # They load pandas, which takes longer than all that the other commands here do.
        from sellersheet_addin.excel.selfcheck import selfcheck as excel_selfcheck
        from sellersheet_addin.libreoffice.selfcheck import selfcheck as libreoffice_selfcheck

        if not in_excel and not in_office:
            in_excel = soffice is None and has_excel()
            in_office = not in_excel
        reports = []
        if in_excel:
            folders = excel.WindowsFolders.from_environment()
            tell(WORDS("checking_excel", lang))
            reports.append(excel_selfcheck(folders, lang))
        if in_office:
            tell(WORDS("checking_libreoffice", lang))
            reports.append(libreoffice_selfcheck(find(soffice), lang))
        text = "\n".join(report.text() for report in reports)
        tell(text)
        target = output or Path("sellersheet-selfcheck.txt")
        with results(target), replacing(target) as file:
            file.write(text.encode("utf-8-sig"))  # Windows' editor takes it for UTF-8
        tell(WORDS("report_written", lang, path=target.absolute()))
        return 1 if any(report.wrong for report in reports) else 0

    return run


def _told(code: str, lang: Lang, **fields: object) -> None:
    tell("  " + WORDS(code, lang, **fields))


def _asked_for_a_language(ctx: click.Context | None) -> bool:
    """Whether --lang stands on the line; if not, LibreOffice's own language counts."""
    while ctx is not None:
        if ctx.get_parameter_source("lang") is ParameterSource.COMMANDLINE:
            return True
        ctx = ctx.parent
    return False


def _windows() -> excel.WindowsFolders | None:
    """The user's folders on Windows; None elsewhere."""
    try:
        return excel.WindowsFolders.from_environment()
    except excel.ExcelProblem:
        return None
