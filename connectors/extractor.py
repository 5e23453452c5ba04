"""The only door to the protocols: from a page's documents to its reading, whatever the documents hold.

A parser given a hostile page can take hours or all the memory, and no parser is safe from
that.  So a page is read in a worker process that is killed after a while; the page then
has a reason for its absences, and the next page is read by a new worker.
"""

import contextlib
import gc
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from threading import Lock, local
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from connectors import first_page
from connectors.errors import ReadingError, ReadingTooLong
from connectors.extraction import Document, Reading
from connectors.protocol import absent, nothing_more
from connectors.protocols import PROTOCOLS
from connectors.service import First, Page

T = TypeVar("T")

STARTING = 60.0
"""Seconds that a process may take to start, beyond those it has for reading."""


LITTLE = 1_000_000
"""Bytes that are parsed without a worker: at most some hundredths of a second, and 50 MB."""


def read_now(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read a page in this process, without any limit of time.

    Never raises: what goes wrong is in the absences, an error of a reader included.
    """
    sha256 = documents[0].sha256 if documents else None
    try:
        own = first_page.entered(page, first_page.find(page, documents[0])) if documents else page
        its_documents = documents[1:] if page.first else documents
        if not its_documents:
            return absent(service_id, page, ReadingError("no document was given to read"), sha256)
        return PROTOCOLS[page.protocol].read(service_id, own, its_documents)
    except ReadingError as problem:
        error = problem
    except MemoryError:
        error = ReadingTooLong("reading took more memory than one page may")
    except Exception as problem:  # noqa: BLE001
        # One page's trouble, whatever it is, must not cost the night.
        error = ReadingError(f"the {page.protocol} reader failed: {type(problem).__name__}: {problem}"[:500])
    return absent(service_id, page, error, sha256)


def _read_and_tidy(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read, then free the page's tree; to look for garbage while it grows costs a tenth of the reading."""
    try:
        return read_now(service_id, page, documents)
    finally:
        gc.collect()


def _tidily(work: Callable[..., T], *arguments: object) -> T:
    try:
        return work(*arguments)
    finally:
        gc.collect()


class Extractor:
    """Reads pages in ``workers`` processes, each page within ``seconds`` and ``megabytes``.

    A context manager; safe to use from several threads.  Processes start on entering, since whoever
    enters has something to fetch first.
    Leaving waits for the readings asked for; leaving by an error stops those that run and cancels
    those that wait.
    """

    def __init__(self, *, workers: int = 2, seconds: float = 20.0, megabytes: int = 2048) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._workers = workers
        self._threads = ThreadPoolExecutor(workers, "extractor")
        self._mine = local()
        self._lock = Lock()
        self._leaving = False
        self._pools: list[ProcessPool] = []
        self._tasks: set[Future[Any]] = set()
        self._found: dict[tuple[First, str, str], Future[str]] = {}

    def __enter__(self) -> Self:
        for _ in range(self._workers):
            self._threads.submit(self._start)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._threads.shutdown(wait=False, cancel_futures=True)
            with self._lock:
                self._leaving = True
                for task in self._tasks:
                    task.cancel()
        self._threads.shutdown()
        for pool in self._pools:
            _end(pool)

    def address(self, page: Page) -> str:
        """The first URL to fetch for ``page``: that of its first page, when it has one.

        Raises:
            ValueError: the page's URL does not suit its protocol; the catalogue refuses such a page.
        """
        if page.first:
            return first_page.address(page, page.first)
        return PROTOCOLS[page.protocol].address(page)

    def found(self, page: Page, document: Document) -> str:
        """What the first page, ``document``, gives ``page``: a token, an address framed, or nothing.

        Raises:
            ReadingError: it does not give it.
        """
        if page.first is None or page.first.cookie:
            return ""
        key = (page.first, document.url, document.sha256)
        if key not in self._found:
            self._found[key] = self.run(first_page.find, page, document)
        return self._found[key].result()

    def understands(self, page: Page, document: Document) -> bool:
        """Whether an answer of another status than 2xx says something in the page's protocol."""
        return PROTOCOLS[page.protocol].refused(document) is not None

    def follow(self, page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
        """The URLs still to be fetched, given the documents so far; none when these cannot be read.

        An address whose fetch failed is named again at each call: ask for each address once.
        """
        try:
            if page.first is None:
                return self._followed(page, documents)
            own = first_page.entered(page, self.found(page, documents[0]))
            if not documents[1:]:
                return (PROTOCOLS[page.protocol].address(own),)
            return self._followed(own, documents[1:])
        except Exception:  # noqa: BLE001
            # ``read`` will tell what is wrong with the documents.
            return ()

    def _followed(self, page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
        """Little is parsed here; what could cost the whole night its time or its memory, in a worker."""
        follow = PROTOCOLS[page.protocol].follow
        if follow is nothing_more:
            return ()
        if sum(len(document.content) for document in documents) <= LITTLE:
            return follow(page, documents)
        return self.run(follow, page, tuple(documents)).result()

    def read(self, service_id: str, page: Page, documents: Sequence[Document]) -> Future[Reading]:
        """Read a page in a worker process; the future gives a reading, never an error."""
        return self._threads.submit(self._read, service_id, page, tuple(documents))

    def run(self, work: Callable[..., T], *arguments: object) -> Future[T]:
        """Do ``work`` in a worker process, within the same limits; it and all it takes and gives are pickled.

        The future raises :class:`ReadingTooLong` where the limits were passed, and what ``work`` raises.
        """
        return self._threads.submit(self._run, work, arguments)

    def _run(self, work: Callable[..., T], arguments: Sequence[object]) -> T:
        try:
            given: T = self._finished(_tidily, work, *arguments)
            return given
        except TimeoutError as problem:
            raise ReadingTooLong(f"reading was stopped after {self._seconds:g} seconds") from problem
        except (MemoryError, ProcessExpired, CancelledError) as problem:
            sentence = f"the process that read the page was lost: {type(problem).__name__} {problem}".strip()
            raise ReadingTooLong(sentence) from problem

    def _read(self, service_id: str, page: Page, documents: tuple[Document, ...]) -> Reading:
        """Read in this thread's own process, so that a process that dies takes no other page with it."""
        try:
            return self._finished(_read_and_tidy, service_id, page, documents)
        except TimeoutError:
            sentence = f"reading was stopped after {self._seconds:g} seconds"
        except Exception as problem:  # noqa: BLE001
            # The process died (of a signal, for lack of memory), or we are leaving.
            sentence = f"the process that read the page was lost: {type(problem).__name__} {problem}".strip()
        sha256 = documents[0].sha256 if documents else None
        return absent(service_id, page, ReadingTooLong(sentence), sha256)

    def _finished(self, work: Callable[..., T], *arguments: object) -> T:
        """What ``work`` gives in this thread's own process."""
        with self._lock:
            if self._leaving:
                raise CancelledError
            pool = self._pool()
            task: Future[T] = pool.schedule(work, args=arguments, timeout=self._seconds)
            self._tasks.add(task)
        try:
            return task.result(self._seconds + STARTING)
        except ProcessExpired:
            _end(pool)  # the lock of its pipe may have died with the process: whoever came next would wait
            raise
        finally:
            with self._lock:
                self._tasks.discard(task)
            if not task.done():  # the pool lost it: nothing more can be asked of this pool
                _end(pool)

    def _start(self) -> None:
        """Start this thread's process; if that fails, the first reading tells."""
        with self._lock:
            if not self._leaving:
                self._pool().schedule(int)

    def _pool(self) -> ProcessPool:
        """This thread's pool of one process; a new one when the last is broken."""
        pool: ProcessPool | None = getattr(self._mine, "pool", None)
        if pool is None or not pool.active:
            pool = ProcessPool(1, context=_context(), initializer=_settle, initargs=(self._megabytes,))
            self._mine.pool = pool
            self._pools.append(pool)
        return pool


def _end(pool: ProcessPool) -> None:
    stop: Callable[[], object] = pool.stop
    stop()
    pool.join()


def _context() -> multiprocessing.context.BaseContext:
    """Processes that inherit no thread and no open file of ours, and start fast where that can be."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _settle(megabytes: int) -> None:
    """Keep this worker's memory under a ceiling, on systems that have one, and tidy between pages only."""
    gc.freeze()
    gc.disable()
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
