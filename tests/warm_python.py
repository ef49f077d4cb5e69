"""A Python that need not load its libraries each time it is started.

    with warm_python.interpreter() as path:  # instead of sys.executable
        ...

A command runs in a process of its own, and so does an entry of LibreOffice's menu; most of its time
goes into loading pandas and ours. This interpreter hands what it was asked to do, with its pipes,
to a process that has loaded them and forks. How a real Python is started is tried in test_cli.py,
test_libreoffice_faults.py and test_libreoffice_install.py.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ASKS = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked:
    asked.connect({place!r})
    words = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(asked, [words], [0, 1, 2])
    ended = asked.recv(1)
sys.exit(ended[0] if ended else 1)
"""


@contextmanager
def interpreter() -> Iterator[Path]:
    """The path of a program that takes ``-P -m MODULE`` as Python does."""
    with tempfile.TemporaryDirectory(prefix="sellersheet-") as folder:
        place, program = Path(folder, "socket"), Path(folder, "python")
        program.write_text(_ASKS.format(python=sys.executable, place=str(place)), encoding="utf-8")
        program.chmod(0o755)
        command = [sys.executable, "-P", __file__, str(place)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        ) as server:  # leaving it closes its pipes, which ends it
            assert server.stdout
            assert server.stdout.readline() == b"ready\n"
            yield program


def _serve(place: str) -> None:
    # Here already, for all forks.
    import pyarrow.dataset  # noqa: F401

    import sellersheet_addin.cli.main
    import sellersheet_addin.libreoffice.worker  # noqa: F401
    import sellersheet_workbook.batch
    import sellersheet_workbook.host
    import sellersheet_workbook.orders_import
    import sellersheet_workbook.reconcile
    import sellersheet_workbook.template  # noqa: F401
    from sellersheet import functions

    functions.SEMIFEE(100.0, 22.6)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(place)
        listening.listen()
        print("ready", flush=True)
        while True:
            heard = select.select([listening, sys.stdin], [], [])[0]
            if sys.stdin in heard:  # closed: nobody asks any more
                return
            asked, _ = listening.accept()
            with asked:
                if not os.fork():
                    listening.close()
                    _answer(asked)


def _answer(asked: socket.socket) -> None:
    """Runs what is asked and tells how it ended; ends it when whoever asked has ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    words, pipes, _, _ = socket.recv_fds(asked, 1 << 20, 3)
    arguments, environment, folder = json.loads(words)
    running = os.fork()
    if not running:
        asked.close()
        for standard, pipe in enumerate(pipes):
            os.dup2(pipe, standard)
            os.close(pipe)
        # What Python knows of the old ones, as whether they can seek, need not hold of these.
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        code = 1
        try:
            assert arguments[:2] == ["-P", "-m"]
            sys.argv[1:] = arguments[3:]
            runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    for pipe in (0, 1, 2, *pipes):
        os.close(pipe)
    with open(os.pidfd_open(running), "rb") as process:  # noqa: PTH123 - it has no path
        if asked in select.select([asked, process], [], [])[0]:
            os.kill(running, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(running, 0)[1])
    try:
        asked.send(bytes([status & 0xFF]))
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
