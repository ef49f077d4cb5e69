"""Puts the commands together in the user's language and turns problems into sentences."""

from __future__ import annotations

import codecs
import gc
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

import sellersheet
from sellersheet.wording import LANGS, Lang, Problem, system_language
from sellersheet_addin.cli.commands import Command, Group, complaint
from sellersheet_addin.cli.say import SAY, complain, tell
from sellersheet_workbook.files.file_kind import WORKBOOKS
from sellersheet_workbook.files.guarded import warm
from sellersheet_workbook.keeping.made import on_kept

_NEW_BEFORE_A_LOOK = 100_000  # objects: to look for dead circles among them takes a while
# Command -> the module that builds it. A module is loaded when its command is called: most
# of them load pandas, which takes longer than a question for help may.
_COMMANDS = {
    "demo": "batch",
    "new": "books",
    "quote": "quote",
    "import": "orders_import",
    "batch": "batch",
    "scale": "scale",
    "reconcile": "reconcile",
    "eligible": "eligible",
    "deposit": "deposit",
    "base": "deposit",
    "triggers": "deposit",
    "ready": "deposit",
    "limit": "ahead",
    "room": "ahead",
    "calendar": "ahead",
    "savings": "ahead",
    "deadlines": "ahead",
    "facts": "policy",
    "policy": "policy",
    "rates": "rates",
    "functions": "functions",
    "update": "books",
    "undo": "books",
    "share": "books",
    "addin": "addin",
}
_COULD_NOT = 2
_STOPPED = 130


class _Sellersheet(Group):
    """All commands, each built when it is asked for."""

    def __init__(self, lang: Lang) -> None:
        super().__init__("sellersheet", lang=lang, code="about")
        click.version_option(
            sellersheet.__version__,
            prog_name="sellersheet",
            message="%(prog)s %(version)s",
            help=SAY("version_help", lang),
        )(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = import_module(f"sellersheet_addin.cli.{_COMMANDS[name]}")
        built: Command = getattr(module, name)(self.lang)
        return built


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits: 0 done, 1 rows were refused, 2 it could not be done.

    With ``SELLERSHEET_DEBUG=1`` a mistake of the program shows where it happened.
    """
    if arguments is None:  # a program of its own: libraries and cells are no circles
        gc.set_threshold(_NEW_BEFORE_A_LOOK, *gc.get_threshold()[1:])
    given = sys.argv[1:] if arguments is None else arguments
    lang = _language(given)
    _write_what_can_be_written()
    if any(Path(word).suffix.lower() in WORKBOOKS for word in given):
        # It starts while pandas is loaded here.
        warm("sellersheet_workbook.files.sheet_cells:sheets")
    kept: list[tuple[Path, Path]] = []
    token = on_kept.set(lambda path, now: kept.append((path, now)))
    try:
        status = _run(given, lang)
        for path, now in kept:
            tell(SAY("kept_aside", lang, path=path, kept=now), style="yellow")
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        status = 0
    finally:
        on_kept.reset(token)
    sys.exit(status)


def _run(given: list[str], lang: Lang) -> int:
    """The exit code; every problem becomes a sentence on standard error."""
    try:
        group = _Sellersheet(lang)
        with group.make_context("sellersheet", list(given)) as context:
            status = group.invoke(context)
            return status if isinstance(status, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        complain(complaint(error, lang))
    except Problem as problem:
        complain(problem.text(lang))
    except (click.Abort, KeyboardInterrupt):
        complain(SAY("stopped", lang))
        return _STOPPED
    except BrokenPipeError:
        raise
    except MemoryError:
        complain(SAY("no_memory", lang))
    except OSError as error:
        what = error.strerror or type(error).__name__
        complain(SAY("system_refused", lang, what=what, path=error.filename or "—"))
    except Exception as error:  # whatever it is, a seller is told in one sentence
        if os.environ.get("SELLERSHEET_DEBUG") == "1":
            traceback.print_exc()
        complain(SAY("mistake", lang, what=f"{type(error).__name__}: {error}"))
    return _COULD_NOT


def _language(arguments: list[str]) -> Lang:
    """The language asked for anywhere on the line, else the system's."""
    for place, word in enumerate(arguments):
        value = arguments[place + 1 : place + 2] if word == "--lang" else [word[7:]]
        if word.split("=")[0] == "--lang" and value and value[0] in LANGS:
            return "zh" if value[0] == "zh" else "en"
    return system_language()


def _write_what_can_be_written() -> None:
    """A console of an old code page shows the nearest sign instead of stopping a result."""
    codecs.register_error("sellersheet", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="sellersheet")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # GBK has only the wide yuan sign.
    wide = error.object[error.start] == "¥" and error.encoding.lower() in ("gbk", "cp936", "gb2312")
    return "￥" if wide else "?", error.start + 1


def _let_go_of_stdout() -> None:
    """Who was reading has gone: nothing is written to the closed pipe at the end either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
