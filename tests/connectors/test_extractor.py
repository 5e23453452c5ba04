"""The door to the protocols: nothing is lost, whatever a page does to its reader."""

import os
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.errors import NotFound, ReadingTooLong
from connectors.extraction import Reading
from connectors.extractor import Extractor, read_now
from connectors.locators import CardLocator, HtmlLocator, JsonLocator
from tests.connectors.values import document, page, told

QUIET = document("<p class=n>83 746</p>")
SIMPLE = page("html", HtmlLocator(css=".n"), HtmlLocator(css=".m"))
ENDLESS = page("html", HtmlLocator(css="p", pattern=r"(?P<figure>(?:a+)+)b"), HtmlLocator(css="p"))
HOSTILE = document("<p>" + "a" * 60 + "</p>")  # the pattern tries 2^60 ways


def outcome(future: Future[Reading], timeout: float = 120) -> dict[str, str]:
    return told(future.result(timeout))


def test_a_page_is_read_in_a_worker_as_it_is_here() -> None:
    with Extractor(workers=1) as extractor:
        assert extractor.read("s", SIMPLE, [QUIET]).result(timeout=120) == read_now("s", SIMPLE, [QUIET])


def test_a_page_that_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    with Extractor(workers=1, seconds=1.5) as extractor:
        slow = extractor.read("s", ENDLESS, [HOSTILE])
        next_ = extractor.read("s", SIMPLE, [QUIET])
        expected = "reading_too_long: reading was stopped after 1.5 seconds"
        assert outcome(slow) == {"a": expected, "b": expected}
        assert outcome(next_)["a"] == "83 746"


def test_a_page_that_takes_too_much_memory_is_stopped_and_the_next_is_read() -> None:
    huge = document("<b>1</b>" * 2_000_000)
    with Extractor(workers=1, seconds=60, megabytes=400) as extractor:
        heavy = extractor.read("s", SIMPLE, [huge])
        next_ = extractor.read("s", SIMPLE, [QUIET])
        assert all(each.startswith("reading_too_long") for each in outcome(heavy).values())
        assert outcome(next_)["a"] == "83 746"


def children() -> set[int]:
    """The processes started by a child of ours: workers come from the fork server."""
    listed = {int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()}
    parents = {}
    for pid in listed:
        try:
            parents[pid] = int((Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    return {pid for pid, parent in parents.items() if parents.get(parent) == os.getpid()}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the worker")
def test_a_worker_that_dies_costs_its_own_page_only() -> None:
    before = children()
    with Extractor(workers=1, seconds=60) as extractor:
        assert outcome(extractor.read("s", SIMPLE, [QUIET]))["a"] == "83 746"
        doomed = extractor.read("s", ENDLESS, [HOSTILE])
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
        assert all(each.startswith("reading_too_long") for each in outcome(doomed).values())
        assert outcome(extractor.read("s", SIMPLE, [QUIET]))["a"] == "83 746"


def die_with_the_lock() -> None:
    """As a worker does that is killed just when it takes its task: the lock of its pipe dies with it."""
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        assert frame.f_back
        frame = frame.f_back
    frame.f_locals["channel"].mutex.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_dies_with_the_lock_of_its_pipe_keeps_nobody_waiting() -> None:
    with Extractor(workers=1, seconds=600) as extractor:
        with pytest.raises(ReadingTooLong, match="ProcessExpired"):
            extractor.run(die_with_the_lock).result(timeout=100)
        assert outcome(extractor.read("s", SIMPLE, [QUIET]), timeout=100)["a"] == "83 746"


def test_pages_are_read_from_several_threads() -> None:
    with Extractor(workers=2) as extractor, ThreadPoolExecutor(8) as threads:
        futures = list(threads.map(lambda _: extractor.read("s", SIMPLE, [QUIET]), range(40)))
        assert {outcome(each)["a"] for each in futures} == {"83 746"}


def test_leaving_by_an_error_ends_what_was_asked() -> None:
    asked: list[Future[Reading]] = []

    def interrupted() -> None:
        with Extractor(workers=1, seconds=600) as extractor:
            asked.extend(extractor.read("s", ENDLESS, [HOSTILE]) for _ in range(3))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all(each.done() for each in asked)


def test_an_error_of_a_reader_is_an_absence_that_names_it() -> None:
    wrong = page("json", HtmlLocator(css="p"))
    expected = (
        "reading_error: the json reader failed: TypeError: a JSON page needs a JsonLocator, not HtmlLocator"
    )
    assert told(read_now("s", wrong, [document("{}")]))["a"] == expected


def test_no_document_is_an_absence() -> None:
    assert told(read_now("s", SIMPLE, []))["a"] == "reading_error: no document was given to read"


def test_every_protocol_is_reached_by_its_name() -> None:
    assert told(read_now("s", page("json", JsonLocator(value="$")), [document("5")])) == {"a": "5"}
    assert told(read_now("s", SIMPLE, [QUIET]))["a"] == "83 746"


def test_addresses_come_from_the_protocol() -> None:
    board = "https://m.example/public/dashboard/8c6560e3-c27a-487b-b242-eb1636912f1a"
    extractor = Extractor()
    assert extractor.address(SIMPLE) == "https://service.example/stats"
    assert extractor.address(page("metabase", CardLocator(card="x"), url=board)).startswith(
        "https://m.example/api/"
    )


def test_documents_that_cannot_be_read_lead_nowhere() -> None:
    board = "https://m.example/public/dashboard/8c6560e3-c27a-487b-b242-eb1636912f1a"
    spec = page("metabase", CardLocator(card="x"), url=board)
    assert Extractor().follow(spec, [document("[" * 100_000)]) == ()
    assert Extractor().follow(SIMPLE, [QUIET]) == ()


def not_found() -> None:
    raise NotFound("nothing matches")


def test_any_work_is_done_in_a_worker_and_its_errors_are_its_own() -> None:
    with Extractor(workers=1) as extractor:
        assert extractor.run(len, "abc").result(timeout=120) == 3
        with pytest.raises(NotFound, match="nothing matches"):
            extractor.run(not_found).result(timeout=120)


def test_work_that_takes_too_long_is_stopped_and_the_next_is_done() -> None:
    with Extractor(workers=1, seconds=1.5) as extractor:
        slow, next_ = extractor.run(time.sleep, 600), extractor.run(len, "abc")
        with pytest.raises(ReadingTooLong, match=r"stopped after 1\.5 seconds"):
            slow.result(timeout=120)
        assert next_.result(timeout=120) == 3
