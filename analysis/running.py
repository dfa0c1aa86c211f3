"""What is run over parts, in this process, in others or on a cluster, and how far it is."""

import ctypes
import gc
import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import reduce
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from analysis.errors import InputError

Part = TypeVar("Part")
Found = TypeVar("Found")
QUIET = 2.0  # seconds before anything is said
OFTEN = 0.5  # seconds between what is said
SELDOM = 100_000  # objects between searches for circles of them, of which results make none
RETRIES = 3  # of a part whose worker was lost
LOADED = ("numpy", "pandas", "regex")
PATIENCE = 20.0  # seconds for a cluster to answer


class Progress:
    """Says on standard error what is done, how far, and how long still; only at a terminal.

    Parameters
    ----------
    what : is done, such as "counting"
    total : parts in all, 0 where nobody knows
    """

    def __init__(self, what: str, total: int = 0) -> None:
        self._what, self._total, self._done = what, total, 0
        self._start = self._said = time.monotonic()
        self._shown = 0

    def step(self, what: str = "") -> None:
        """Say that one more part is done, or what comes next."""
        self._done += 1
        self._what = what or self._what
        now = time.monotonic()
        if sys.stderr is None or not sys.stderr.isatty():
            return
        if now - self._start > QUIET and (now - self._said > OFTEN or self._done == self._total):
            self._said = now
            self._write(self.line(now - self._start))

    def expect(self, more: int) -> None:
        """Add parts that nobody knew of before."""
        self._total += more

    def line(self, seconds: float) -> str:
        """Return what is said after so many seconds.

        >>> progress = Progress("counting", 4)
        >>> progress.step()
        >>> progress.line(10.0)
        'counting: 1 of 4 parts, 30 s left'
        """
        if not self._total:
            return f"{self._what}: {seconds:.0f} s"
        left = seconds / self._done * max(self._total - self._done, 0)
        said = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
        return f"{self._what}: {self._done} of {self._total} parts, {said} left"

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")
            self._shown = 0

    def _write(self, line: str) -> None:
        with suppress(OSError):
            sys.stderr.write("\r" + line.ljust(self._shown) + ("" if line else "\r"))
            sys.stderr.flush()
        self._shown = len(line)


@contextmanager
def searching_seldom() -> Iterator[None]:
    """Search for circles of objects less often than usual, which takes a third of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def spared(name: str) -> Iterator[None]:
    """Let a module that is not loaded yet be missing, for a library that can do without."""
    absent = name not in sys.modules
    if absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[name]


_WATCHED: list[Progress | None] = []


@contextmanager
def watched(what: str, total: int = 0) -> Iterator[None]:
    """Say how far the work within is, as far as it tells by ``step``."""
    progress = Progress(what, total)
    _WATCHED.append(progress)
    try:
        yield
    finally:
        _WATCHED.pop()
        progress.end()


@contextmanager
def unwatched() -> Iterator[None]:
    """Say nothing of the work within, which is a part of what is followed already."""
    _WATCHED.append(None)
    try:
        yield
    finally:
        _WATCHED.pop()


def step(what: str = "") -> None:
    """Tell whoever watches what comes next; without one, nothing is said."""
    if _WATCHED and (progress := _WATCHED[-1]):
        progress.step(what)


def expect(more: int) -> None:
    """Tell whoever watches of further parts."""
    if _WATCHED and (progress := _WATCHED[-1]):
        progress.expect(more)


def followed(items: Sequence[Part], what: str, size: int = 500) -> Iterator[Part]:
    """Yield items, and tell whoever watches what is done with them, after every so many."""
    expect(len(items) // size + 1)
    step(what)
    for number, item in enumerate(items, start=1):
        yield item
        if number % size == 0:
            step(what)


def give_back() -> None:
    """Give the memory that is free back to the system, where the C library keeps it (glibc)."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def run(
    function: Callable[[Part], Found],
    parts: Sequence[Part],
    merge: Callable[[Found, Found], Found],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    what: str = "counting",
    load: Sequence[str] = LOADED,
) -> Found:
    """Return what a function finds in all parts, put together in the order of the parts.

    Whole numbers add up to the same in any order, so that the outcome is the same, to the last
    digit, in one process, in several and on a cluster. A part whose worker is lost is run again,
    up to RETRIES times; an error of the function itself ends the run.

    Parameters
    ----------
    function : of a part; known by its module, so that other processes find it
    parts : at least one
    merge : of what two parts gave
    workers : processes on this machine
    scheduler : the address of a Dask scheduler (``tcp://…``), whose workers read the parts; needs
        the extra ``cluster``
    what : is done, for progress
    load : modules that are loaded once for all processes of this machine

    Raises
    ------
    InputError
        No worker, a scheduler that does not answer, or workers that were lost again and again.
    """
    if scheduler:
        progress = Progress(f"{what} on {scheduler}")
        try:
            return _as_tree(function, parts, merge, scheduler, progress)
        finally:
            progress.end()
    if not parts:
        raise InputError("There is nothing to count: give a table with texts.")
    return reduce(merge, each(function, parts, workers=workers, what=what, load=load))


def each(
    function: Callable[[Part], Found],
    parts: Iterable[Part],
    *,
    workers: int = 1,
    scheduler: str | None = None,
    what: str = "counting",
    load: Sequence[str] = LOADED,
) -> Iterator[Found]:
    """Yield what a function finds in each part, in the order of the parts; few are worked ahead.

    Parameters and refusals are those of ``run``; parts that come one by one are not handed to
    other processes.
    """
    if workers < 1:
        raise InputError(f"There must be at least one worker, got {workers}.")
    known = parts if isinstance(parts, Sequence) else ()
    if scheduler:
        found = _in_turn(function, known, scheduler)
    elif workers == 1 or len(known) < 2:
        found = map(function, parts)
    else:
        found = _in_processes(function, known, min(workers, len(known)), load)
    progress = Progress(what, len(known))
    try:
        for one in found:
            yield one
            del one
            give_back()
            progress.step()
    finally:
        progress.end()


def _in_processes(
    function: Callable[[Part], Found], parts: Sequence[Part], workers: int, load: Sequence[str]
) -> Iterator[Found]:
    """Yield what the parts gave, in their order; few are ahead of what has been taken."""
    ready: dict[int, Found] = {}
    next_, lost = 0, 0
    while next_ < len(parts):
        try:
            with _pool(workers, load) as pool:
                open_: dict[Future[Found], int] = {}
                ahead = next_
                while next_ < len(parts):
                    while ahead < len(parts) and len(open_) + len(ready) <= workers:
                        if ahead not in ready:
                            open_[pool.submit(function, parts[ahead])] = ahead
                        ahead += 1
                    for future in wait(open_, return_when=FIRST_COMPLETED).done:
                        ready[open_.pop(future)] = future.result()
                    while next_ in ready:
                        yield ready.pop(next_)
                        next_ += 1
        except BrokenProcessPool:
            lost += 1
            if lost > RETRIES:
                raise InputError(
                    f"Worker processes were lost {lost} times (was memory short?): use fewer "
                    "workers, or smaller parts."
                ) from None


@contextmanager
def _pool(workers: int, load: Sequence[str]) -> Iterator[ProcessPoolExecutor]:
    """Give worker processes; of a pool that is broken, end what is left.

    Python's own end passes over a worker that has only just begun, and then waits for it for ever.
    """
    with ProcessPoolExecutor(workers, mp_context=_context(load)) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            for process in list((pool._processes or {}).values()):
                process.kill()
            raise


def _context(load: Sequence[str]) -> BaseContext:
    """Return how processes begin: from one that has loaded some modules, where there is such."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(load))
    return context


def _as_tree(
    function: Callable[[Part], Found],
    parts: Sequence[Part],
    merge: Callable[[Found, Found], Found],
    address: str,
    progress: Progress,
) -> Found:
    """Run on a Dask cluster: parts are read by its workers, and put together as a tree."""
    with _cluster(address) as client:
        level = client.map(function, parts, retries=RETRIES, pure=False)
        while len(level) > 1:
            level = [
                client.submit(merge, *level[i : i + 2], retries=RETRIES, pure=False)
                if i + 1 < len(level)
                else level[i]
                for i in range(0, len(level), 2)
            ]
        from distributed import TimeoutError as Late

        while True:
            try:
                found: Found = level[0].result(timeout=1)
                return found
            except Late:
                progress.step()


def _in_turn(
    function: Callable[[Part], Found], parts: Sequence[Part], address: str
) -> Iterator[Found]:
    """Yield what workers of a Dask cluster found in the parts, in their order."""
    with _cluster(address) as client:
        ahead, asked = 2 * sum(client.nthreads().values()), deque[Any]()
        for part in parts:
            asked.append(client.submit(function, part, retries=RETRIES, pure=False))
            if len(asked) > ahead:
                yield asked.popleft().result()
        while asked:
            yield asked.popleft().result()


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    """Connect to a Dask cluster, and say in one sentence what is lost."""
    logger = logging.getLogger("distributed")
    loud = logger.level
    client = _client(address)
    logger.setLevel(logging.CRITICAL)  # what is lost is said once
    try:
        yield client
    except InputError:
        raise
    except Exception as problem:
        lost = type(problem).__name__ in ("KilledWorker", "CommClosedError")
        if lost or isinstance(problem, CancelledError):
            said = str(problem).split("\n")[0].rstrip(".")
            raise InputError(
                f"The scheduler {address}, or its workers, were lost ({said}): see their logs, "
                "and whether memory was short; then run this again."
            ) from None
        raise
    finally:
        client.close()
        logger.setLevel(loud)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "A cluster needs Dask: pip install 'two-groups-of-texts[cluster]'."
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as problem:
        raise InputError(
            f"The scheduler {address} does not answer ({problem}): start it "
            "(dask scheduler), or mend the address."
        ) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()  # type: ignore[no-untyped-call]
        raise InputError(
            f"The scheduler {address} has no worker: start some (dask worker {address})."
        ) from None
    return client
