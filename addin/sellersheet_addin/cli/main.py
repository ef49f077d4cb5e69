"""Puts the commands together in the user's language and turns problems into sentences."""

from __future__ import annotations

import sys
from importlib import import_module

import click

import sellersheet
from sellersheet.wording import LANGS, Lang, Problem, system_language
from sellersheet_addin.cli.say import SAY, complain

# Command -> the module that builds it. A module is loaded when its command is called: most
# of them load pandas, which takes longer than a question for help may.
_COMMANDS = {
    "demo": "demo",
    "quote": "quote",
    "batch": "batch",
    "deposit": "shop",
    "eligible": "shop",
    "policy": "policy",
    "rates": "rates",
}
REFUSED_ROWS = 1
WRONG_CALL = 2


class _Commands(click.Group):
    """A group whose commands are built in one language when they are asked for."""

    def __init__(self, lang: Lang) -> None:
        super().__init__(
            "sellersheet",
            help=SAY("about", lang),
            epilog=SAY("about_examples", lang),
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )
        self.lang = lang
        version = click.version_option(
            sellersheet.__version__, prog_name="sellersheet", help=SAY("version_help", lang)
        )
        version(self)
        self.params.append(language_option(lang))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = import_module(f"sellersheet_addin.cli.{_COMMANDS[name]}")
        command: click.Command = getattr(module, name)(self.lang)
        for item in (command, *getattr(command, "commands", {}).values()):
            item.params.append(language_option(self.lang))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from their one-line texts, without loading the commands."""
        with formatter.section(SAY("commands", self.lang)):
            formatter.write_dl([(name, SAY(f"{name}_short", self.lang)) for name in _COMMANDS])


def language_option(lang: Lang) -> click.Option:
    """``--lang``; its value was looked for before the commands were built."""
    return click.Option(
        ["--lang"], type=click.Choice(LANGS), expose_value=False, help=SAY("lang_help", lang)
    )


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits: 0 done, 1 rows were refused, 2 it could not be done."""
    given = sys.argv[1:] if arguments is None else arguments
    lang = _language(given)
    for stream in (sys.stdout, sys.stderr):
        # A Chinese console of an old code page must not stop a result from being shown.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = _Commands(lang).main(given, prog_name="sellersheet", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(0)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "sellersheet"
        complain(SAY("usage", lang, message=error.format_message(), command=command))
        sys.exit(WRONG_CALL)
    except Problem as problem:
        complain(problem.text(lang))
        sys.exit(WRONG_CALL)
    except (click.Abort, KeyboardInterrupt):
        complain(SAY("stopped", lang))
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


def _language(arguments: list[str]) -> Lang:
    """The language asked for anywhere on the line, else the system's."""
    for place, word in enumerate(arguments):
        value = arguments[place + 1 : place + 2] if word == "--lang" else [word[7:]]
        if word.split("=")[0] == "--lang" and value and value[0] in LANGS:
            return "zh" if value[0] == "zh" else "en"
    return system_language()
