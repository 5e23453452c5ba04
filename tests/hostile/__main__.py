"""Print the table of hostile inputs: what the night says of each, its time and its memory.

    python -m tests.hostile [PART OF A NAME…]

Each case has a process of its own.  Exit status 1 when one is told otherwise than the table says, or needs
more memory than the bound.
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.context import BaseContext

from benchmarks.measure import table
from tests.hostile.cases import TABLE, agrees
from tests.hostile.measured import Measured, measure
from tests.hostile.trial import Case
from tests.tools.server import Site

LONGEST = 78

FETCHING_MB, READING_MB = 80, 2_048
"""The bound.  A page is 5 MB on the wire and 20 MB decoded, each twice while its pieces are joined, beside
what is archived of it; a reader is stopped by its system at 2 GB."""


def measured(number: int, case: Case, processes: BaseContext) -> Measured:
    """One case: its site here, the night in a process of its own."""
    with (
        Site(case.trial.routes) as site,
        ProcessPoolExecutor(1, mp_context=processes, max_tasks_per_child=1) as process,
    ):
        return process.submit(measure, number, site.port).result()


def main() -> None:
    """Every case whose name holds one of the words given; all when there are none."""
    words = sys.argv[1:] or [""]
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.hostile.measured"])
    rows, wrong, heavy = [], 0, 0
    for number, case in enumerate(TABLE):
        if any(word in case.name for word in words):
            it = measured(number, case, processes)
            as_said = len(it["told"]) == 1 and agrees(it["told"][0], case.told)
            wrong += not as_said
            heavy += it["fetching"] > FETCHING_MB or it["reading"] > READING_MB
            rows.append(_row(case, it, as_said))
            print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    print(table(["input", "what the night says", "s", "fetching, MB", "reading, MB"], rows))
    print(
        f"\n{len(rows)} inputs: {wrong} told otherwise than expected, {heavy} above the bound of"
        f" {FETCHING_MB} MB for fetching one page and {READING_MB:,} MB for reading it."
    )
    sys.exit(wrong + heavy > 0)


def _row(case: Case, it: Measured, as_said: bool) -> list[str]:
    said = ("" if as_said else "OTHERWISE ") + " ".join(it["told"])
    said = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    name = case.name.encode("unicode_escape").decode()
    costs = (f"{it['seconds']:.1f}", f"{it['fetching']:.0f}", f"{it['reading']:.0f}")
    return [*(cell.replace("|", "\\|") for cell in (name, said)), *costs]


if __name__ == "__main__":
    main()
