"""What a reader can do to the process that it runs in."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import NoReturn

from sellersheet_workbook.problems import FileProblem

CALLS: list[int] = []


def sum_of(one: int, other: int) -> tuple[int, int]:
    """The sum, and how many calls this process has answered."""
    CALLS.append(1)
    print("a library that prints")
    return one + other, len(CALLS)


def abort(path: object = None) -> NoReturn:
    os.abort()


def end() -> NoReturn:
    os._exit(0)


def loop(path: object = None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def eat_over(path: object, megabytes: int) -> int:
    return eat(megabytes)


def eat(megabytes: int) -> int:
    held = [bytes(1024 * 1024) for _ in range(megabytes)]
    return len(held)


class Panic(BaseException):
    """As a library written in Rust raises it."""


def panic() -> NoReturn:
    raise Panic("capacity overflow")


def read_nowhere() -> NoReturn:
    ctypes.string_at(0)
    raise AssertionError


def refuse(path: str) -> NoReturn:
    raise FileProblem("damaged", path=path)


class Unpicklable(Exception):
    def __init__(self, one: object, other: object) -> None:
        super().__init__(f"{one} {other}")
        self.held = lambda: one


def unpicklable() -> NoReturn:
    raise Unpicklable("no", "way")
