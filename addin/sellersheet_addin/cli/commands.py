"""Commands whose help and complaints are in the user's language."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sellersheet.wording import LANGS, Lang
from sellersheet_addin.cli.folding import Context, Formatter
from sellersheet_addin.cli.say import SAY

if TYPE_CHECKING:  # generic for the type checker; older versions of click know no [Any]
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType


class Command(click.Command):
    """A command in one language: its help, its examples, ``--lang`` and the words of click."""

    context_class = Context

    def __init__(self, name: str, *, lang: Lang, code: str, **more: Any) -> None:
        more |= {
            "help": SAY(f"{code}_help", lang),
            "options_metavar": SAY("options_metavar", lang),
            "context_settings": {"help_option_names": ["-h", "--help"]},
        }
        super().__init__(name, **more)
        self.lang, self.code = lang, code
        self.params.append(_language_option(lang))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = SAY("help_help", self.lang)
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, SAY("usage_title", self.lang))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        needed = f"[{SAY('required', self.lang)}]"
        # An argument is told in the text above; newer versions of click list it here too.
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        records = [record for item in options if (record := item.get_help_record(ctx))]
        with _section(formatter, SAY("options", self.lang)):
            formatter.write_dl(
                [(left, text.replace("[required]", needed)) for left, text in records]
            )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, each from a line of its own."""
        if f"{self.code}_examples" not in SAY.messages:
            return
        with _section(formatter, SAY("examples", self.lang)):
            for line in SAY(f"{self.code}_examples", self.lang).splitlines():
                if isinstance(formatter, Formatter):
                    formatter.write_example(line)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        empty = any(arg == "" or arg.endswith("=") for arg in args)
        rest = super().parse_args(ctx, args)
        if empty and any(Path() in _several(value) for value in ctx.params.values()):
            # As from a script's variable that holds nothing: it would be this folder.
            raise click.UsageError(SAY("empty_name", self.lang), ctx)
        if ctx.args:
            raise click.UsageError(SAY("extra_words", self.lang, words=" ".join(ctx.args)), ctx)
        return rest


class Group(Command, click.Group):
    """A group of commands; called alone it shows its help."""

    def __init__(self, name: str, *, lang: Lang, code: str, **more: Any) -> None:
        more |= {
            "subcommand_metavar": SAY("command_metavar", lang),
            "callback": _help_alone,
            "invoke_without_command": True,
        }
        super().__init__(name, lang=lang, code=code, **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return click.Group.parse_args(self, ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        found = self.get_command(ctx, args[0])
        if found is None:
            raise click.UsageError(self._unknown(ctx, args[0]), ctx)
        return found.name, found, args[1:]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one-line texts; none of them is loaded for it."""
        code = f"{self.code}_{{}}_help" if ctx.parent else "{}_short"
        names = self.list_commands(ctx)
        with _section(formatter, SAY("commands", self.lang)):
            formatter.write_dl([(name, SAY(code.format(name), self.lang)) for name in names])

    def _unknown(self, ctx: click.Context, name: str) -> str:
        near = difflib.get_close_matches(name, self.list_commands(ctx), n=1, cutoff=0.5)
        code = "unknown_command_near" if near else "unknown_command"
        return SAY(code, self.lang, command=name, near="".join(near))


@click.pass_context
def _help_alone(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), color=ctx.color)


FILE: Final = click.Path(path_type=Path)  # or a folder, there or not


class Word(ParamType):
    """One of a few words."""

    name = "word"

    def __init__(self, words: tuple[str, ...], lang: Lang) -> None:
        self.words, self.lang = words, lang

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.words:
            allowed = " / ".join(self.words)
            self.fail(SAY("not_a_word", self.lang, value=value, allowed=allowed), param, ctx)
        return str(value)


class Whole(ParamType):
    """A whole number between two others."""

    name = "whole"

    def __init__(self, low: int, high: int, lang: Lang) -> None:
        self.low, self.high, self.lang = low, high, lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and self.low <= int(text) <= self.high):
            allowed = {"low": f"{self.low:,}", "high": f"{self.high:,}"}
            self.fail(SAY("not_whole", self.lang, value=text, **allowed), param, ctx)
        return int(text)


def command(name: str, lang: Lang, code: str | None = None) -> Callable[..., click.Command]:
    """Makes a function the command of that name; ``code`` names its texts."""
    return click.command(name, cls=Command, lang=lang, code=code or name)


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def complaint(error: click.ClickException, lang: Lang) -> str:
    """What was wrong with the call, and where the help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "sellersheet"
    return SAY("wrong_call", lang, what=_what(error, lang), command=path)


def _what(error: click.ClickException, lang: Lang) -> str:
    if isinstance(error, click.NoSuchOption):
        near = difflib.get_close_matches(error.option_name, error.possibilities or (), n=1)
        code = "unknown_option_near" if near else "unknown_option"
        return SAY(code, lang, option=error.option_name, near="".join(near))
    if isinstance(error, click.MissingParameter) and error.param:
        argument = isinstance(error.param, click.Argument)
        return SAY("missing_argument" if argument else "missing_option", lang, name=_name(error))
    if isinstance(error, click.BadParameter) and error.param:
        return SAY("bad_value", lang, name=_name(error), what=error.message)
    if isinstance(error, click.BadOptionUsage):
        return SAY("option_value", lang, name=error.option_name)
    return error.format_message()


def _name(error: click.BadParameter) -> str:
    """The parameter as the help writes it."""
    item = error.param
    if item is None:
        return ""
    if isinstance(item, click.Argument):
        return item.metavar or str(item.name).upper()
    return max(item.opts, key=len)


@contextmanager
def _section(formatter: click.HelpFormatter, title: str) -> Iterator[None]:
    """As ``formatter.section``, which puts a colon of its own after the title."""
    formatter.write(f"\n{title}\n")
    with formatter.indentation():
        yield


def _language_option(lang: Lang) -> click.Option:
    """``--lang``; its value was looked for before the commands were built."""
    return click.Option(
        ["--lang"],
        type=Word(LANGS, lang),
        expose_value=False,
        help=SAY("lang_help", lang),
    )
