"""Kill commands at each of their durable steps, run them again, and print whether all is as it would be.

python -m tests.sweep [COMMAND…] [--database sqlite|postgresql] [--most N]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import table
from tests.sweep.commands import COMMANDS
from tests.sweep.databases import NotHere, opened
from tests.sweep.place import SERVICES, Place
from tests.sweep.sweep import Found, Sweep
from tests.tools.replica_server import ReplicaServer

DATABASES = ("sqlite", "postgresql")


def swept(name: str, database: str, most: int) -> Found:
    """The sweep of one command on one database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(database, Path(folder)) as its,
        ReplicaServer(SERVICES, down=(), login=()) as server,
    ):
        return Sweep(Place(Path(folder), its, server), name).all(most)


def _row(name: str, database: str, found: Found) -> list[object]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.kinds.items()))
    wrong = "; ".join(f"{point}: {what}" for point, what in found.different.items())
    return [name, database, f"{found.kinds.total()} ({kinds})", found.killed, found.equal, wrong or "none"]


def main() -> None:
    """Sweep, and print the table; exit status 1 when a kill point left another state."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=main.__doc__)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=", ".join(COMMANDS))
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--most", type=int, default=100, help="kill points of one kind of step, at most")
    options = parser.parse_args()
    rows, different = [], 0
    for database in options.database or DATABASES:
        for name in options.commands or COMMANDS:
            try:
                found = swept(name, database, options.most)
            except NotHere as error:
                sys.exit(str(error))
            different += len(found.different)
            rows.append(_row(name, database, found))
            print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    print(table(["command", "database", "durable steps", "killed at", "equal", "different"], rows))
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
