"""Where the tasks run: worker processes of this machine, or a Dask cluster that is there."""

from __future__ import annotations

import asyncio
import concurrent.futures
import copyreg
import logging
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sellersheet_workbook.problems import ScaleProblem

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

_SECONDS = 5  # until a cluster that does not answer is given up
_SETTLED = 120  # until a task that is under way is no longer waited for

# Dask has its workers give memory back to the system at every turn. Columns come and go with
# each partition here, and getting their memory anew takes a third of the time.
_KEPT = {"MALLOC_TRIM_THRESHOLD_": 1 << 28, "MALLOC_MMAP_THRESHOLD_": 1 << 25}

_END: Final = signal.SIGTERM if os.name == "nt" else signal.SIGKILL

# Which of the two it is depends on the version.
_CANCELLED = (asyncio.CancelledError, concurrent.futures.CancelledError)


def _record(entries: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(entries)


# The records of a policy are read-only mappings, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda record: (_record, (dict(record),)))


@dataclass(frozen=True)
class Place:
    """``scheduler`` is the address of a cluster; without one it is ``workers`` processes here."""

    scheduler: str | None = None
    workers: int | None = None


class Pool:
    """Runs tasks, each again when its worker dies."""

    def __init__(self, client: Client, cluster: LocalCluster | None) -> None:
        self._client = client
        self._cluster = cluster
        self._given: list[Future] = []

    def shared(self, value: Any) -> Any:
        """A value for many tasks: it travels once to each worker, also to one that comes later."""
        # Not scattered: what was scattered to workers that die is gone.
        return self._client.submit(_same, value, pure=False)

    def run(self, task: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """The result of each call, in any order."""
        from distributed import as_completed

        futures = [self._client.submit(task, *call, pure=False) for call in calls]
        self._given = futures
        for _, result in as_completed(futures, loop=self._client.loop, with_results=True):
            yield result

    def settle(self) -> None:
        """Wait until no task runs any more: one that does could still write a file."""
        from distributed import wait

        if self._cluster is not None:
            _end_workers(self._cluster)
            return
        with suppress(Exception):  # the workers may be gone
            wait(self._given, timeout=_SETTLED)


@contextmanager
def pool(place: Place) -> Iterator[Pool]:
    """Workers for the length of the block; what goes wrong with them is a ScaleProblem."""
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise ScaleProblem("no_dask") from error
    cluster = None
    try:
        if place.scheduler is None:
            cluster = local_cluster(place.workers or os.cpu_count() or 1)
            client = Client(cluster, set_as_default=False)
        else:
            client = _connected(place.scheduler)
        with client:
            yield Pool(client, cluster)
    except KilledWorker as error:
        raise ScaleProblem("killed") from error
    except (CommClosedError, *_CANCELLED) as error:
        raise ScaleProblem("lost", detail=type(error).__name__) from error
    except ImportError as error:
        raise ScaleProblem("workers_lack", detail=error.name or str(error)) from error
    finally:
        if cluster is not None:
            cluster.close()


def local_cluster(workers: int) -> LocalCluster:
    """So many processes of this machine, which no other machine can reach."""
    import dask
    from distributed import LocalCluster

    # Read before a process starts: its own options would come too late.
    options = {
        "distributed.nanny.pre-spawn-environ": _KEPT,
        "distributed.worker.preload": [__name__],  # dask_setup
    }
    with dask.config.set(options), _without_interrupts():
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            # Any free port: the usual one may be another program's.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        )


def dask_setup(worker: object) -> None:
    """A worker leaves Ctrl-C, which every process of the terminal gets, to the one that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Threads and processes begun in the block never see Ctrl-C, not even while they start.

    This thread sees it at the end of the block. On Windows ``dask_setup`` has to do.
    """
    if os.name != "posix":
        yield
        return
    from multiprocessing import resource_tracker

    # Begun within the block, it would let the signal through again.
    resource_tracker.ensure_running()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _end_workers(cluster: LocalCluster) -> None:
    """At once: what they are at is not wanted any more, and none may write after this."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # nobody wants to hear of it
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
        with suppress(Exception):  # it may have ended by itself
            os.kill(nanny.pid, _END)


def _connected(address: str) -> Client:
    from distributed import Client

    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        detail = str(error).split(";")[0] or type(error).__name__
        raise ScaleProblem("no_scheduler", address=address, detail=detail) from error
    if not client.scheduler_info()["workers"]:
        client.close()
        raise ScaleProblem("no_workers", address=address)
    return client


def _same(value: Any) -> Any:
    return value
