"""The worker as LibreOffice sees it: started when it is needed, ended when it hangs.

The worker is a process of the user's own Python. Nothing waits for it without an end: a
watch ends it when an answer is overdue, and whoever waits finds the pipe closed. Which Python it
is the installer wrote: libreoffice.json in the user's folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from . import wire

FILE: Final = "libreoffice.json"
LOG: Final = "libreoffice.log"
ACTION_LOG: Final = "libreoffice-menu.log"
_LARGEST: Final = 100_000  # bytes of a configuration
MODULE: Final = "sellersheet_addin.libreoffice.worker"
PAUSE_S: Final = 5.0  # after a failed start, before the next
_WATCH_S: Final = 0.2
_FOREVER: Final = float("inf")


class NotConfigured(Exception):
    """There is no configuration, or none that can be used; the text says which file."""


@dataclass(frozen=True)
class Configuration:
    """``lang`` is None where LibreOffice's own language counts."""

    interpreter: str
    lang: str | None = None
    start_seconds: float = 30.0
    call_seconds: float = 60.0
    action_seconds: float = 600.0  # between two signs of life


def user_folder() -> Path:
    """Where Sellersheet keeps what belongs to the user: as ``sellersheet_addin`` has it."""
    given = os.environ.get("SELLERSHEET_HOME")
    return Path(given) if given else Path.home() / ".sellersheet"


def configuration() -> Configuration:
    """The configuration as it is now."""
    path = user_folder() / FILE
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        interpreter = found["interpreter"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NotConfigured(f"{path}: {error}") from error
    if not isinstance(interpreter, str) or not Path(interpreter).is_file():
        raise NotConfigured(f"{path}: {interpreter}")
    lang = found.get("lang")
    return Configuration(
        interpreter,
        lang if lang in ("zh", "en") else None,
        _seconds(found, "start_seconds", Configuration.start_seconds),
        _seconds(found, "call_seconds", Configuration.call_seconds),
        _seconds(found, "action_seconds", Configuration.action_seconds),
    )


def _seconds(found: dict[str, Any], name: str, default: float) -> float:
    value = found.get(name)
    return float(value) if isinstance(value, (int, float)) and 0 < value < 86_400 else default


class Failed(Exception):
    """The worker gave no answer. ``reason`` names the sentence for it, ``detail`` completes it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Worker:
    """The one worker of this LibreOffice, for all its documents.

    ``when_started`` is called when there is a new one, which may answer otherwise.
    """

    def __init__(
        self, default_lang: Callable[[], str], when_started: Callable[[], object] = bool
    ) -> None:
        self._default_lang = default_lang
        self._when_started = when_started
        self._one_at_a_time = threading.Lock()
        self._running: _Running | None = None
        self._has_answered = False
        self._not_before = 0.0
        self._failed: Failed | None = None

    def ask(self, subject: str, values: Sequence[Any] = ()) -> wire.Message:
        """The answer to a request; Failed where there is none.

        A worker that ended is replaced once, one that hung by the next call. After one that
        never answered nothing is started for a while, so that ten thousand cells fail as
        fast as one.
        """
        with self._one_at_a_time:
            if self._failed and monotonic() < self._not_before:
                raise self._failed
            try:
                answer = self._answer(subject, values)
            except Failed as failed:
                if not self._has_answered:
                    self._failed, self._not_before = failed, monotonic() + PAUSE_S
                raise
            self._has_answered, self._failed = True, None
            return answer

    def stop(self) -> None:
        """Ends the worker."""
        with self._one_at_a_time:
            self._end()

    def _answer(self, subject: str, values: Sequence[Any]) -> wire.Message:
        if self._running is not None:
            try:
                return self._asked(self._running, subject, values)
            except wire.Closed:  # it had ended
                pass
        self._has_answered = False
        self._running = _Running(self._default_lang())
        self._when_started()
        try:
            return self._asked(self._running, subject, values)
        except wire.Closed as closed:
            raise Failed("ended", str(closed)) from closed

    def _asked(self, running: _Running, subject: str, values: Sequence[Any]) -> wire.Message:
        try:
            return running.ask(subject, values)
        except wire.Closed:
            self._end()
            if running.overdue:
                raise Failed("hangs", f"{running.seconds:g}") from None
            raise

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


def run(
    action: str,
    values: Sequence[Any],
    answer: Callable[[wire.Message], tuple[str, list[Any]]],
    default_lang: str,
) -> wire.Message:
    """An action in a process of its own, which asks until it is done; Failed where it is not."""
    running = _Running(default_lang, action=True)
    try:
        asked = running.ask(f"action {action}", values)
        while asked.subject != "done":
            asked = running.ask(*answer(asked))
        return asked
    except wire.Closed as closed:
        if running.overdue:
            raise Failed("hung_action", f"{running.seconds:g}") from closed
        raise Failed("ended_action", str(closed)) from closed
    finally:
        running.end()


class _Running:
    """One process, with what it may take."""

    def __init__(self, default_lang: str, *, action: bool = False) -> None:
        try:
            configured = configuration()
        except NotConfigured as error:
            raise Failed("not_configured", str(error)) from error
        self.overdue = False
        self.seconds = configured.start_seconds
        self._due = monotonic() + self.seconds
        self._process = _started(configured, default_lang, ACTION_LOG if action else LOG)
        self._ends = [end for end in (self._process.stdout, self._process.stdin) if end is not None]
        self._pipe = wire.Pipe(*(end.fileno() for end in self._ends))
        threading.Thread(target=self._watch, daemon=True).start()
        self._check(configured)
        self.seconds = configured.action_seconds if action else configured.call_seconds
        self._due = _FOREVER

    def ask(self, subject: str, values: Sequence[Any]) -> wire.Message:
        self._due = monotonic() + self.seconds
        try:
            self._pipe.send(subject, values)
            return self._pipe.receive()
        finally:
            self._due = _FOREVER

    def end(self) -> None:
        """Whatever it is doing: the functions change nothing."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for end in self._ends:
            with suppress(OSError):
                end.close()

    def _check(self, configured: Configuration) -> None:
        """Its first message says that it is there, and which messages it knows."""
        try:
            ready = self._pipe.receive()
        except wire.Closed as closed:
            self.end()
            reason = "slow_start" if self.overdue else "no_start"
            raise Failed(reason, configured.interpreter) from closed
        if ready.subject != "ready" or ready.values[:2] != [wire.VERSION, wire.SPECIMEN]:
            self.end()
            raise Failed("other_version", configured.interpreter)

    def _watch(self) -> None:
        """Kills it when an answer is overdue; ends with it."""
        while self._process.poll() is None:
            if monotonic() > self._due:
                self.overdue = True
                with suppress(OSError):
                    self._process.kill()
                return
            sleep(_WATCH_S)


def _started(configured: Configuration, default_lang: str, log: str) -> subprocess.Popen[bytes]:
    # LibreOffice's own settings for its Python must not reach the user's.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["SELLERSHEET_LANG"] = configured.lang or default_lang
    try:
        with _log(log) as complaints:
            return subprocess.Popen(  # noqa: S603 - a list, no shell
                [configured.interpreter, "-P", "-m", MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                bufsize=0,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
    except OSError as error:
        raise Failed("no_start", f"{configured.interpreter}: {error}") from error


def _log(name: str) -> Any:
    """What the worker complains of, of its last start only."""
    try:
        handle = os.open(user_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return os.fdopen(handle, "wb")
    except OSError:
        return open(os.devnull, "wb")  # noqa: PTH123
