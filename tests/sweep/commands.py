"""The commands that are swept: a line each."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from connectors import catalog
from tests.pipelines.world import END_OF_2022, END_OF_2023, evening
from tests.sweep.place import Place
from tests.tools.foreign_warc import HTML, Shot, write

REPORT = Path(__file__).parents[1] / "connectors" / "reports" / "printed" / "bilan_2023.md"


class Swept(NamedTuple):
    """A command: the nights before it, what else it needs, and its arguments."""

    nights: tuple[date, ...]
    prepare: Callable[[Place], None]
    arguments: Callable[[Place], list[str]]


def nothing(place: Place) -> None:
    """Nothing else is needed."""


def night(place: Place, day: date, earlier: timedelta = timedelta(0)) -> list[str]:
    """The arguments of the night of a day, whose pages are served from now on."""
    place.server.day = day
    place.server.specs(place.living / "services")
    hosts = [part for host in place.server.hosts for part in ("--allow-host", host)]
    return ["night", "--at", (evening(day) - earlier).isoformat(), *hosts]


def capture(place: Place) -> None:
    """A WARC file of another tool, with a page of a service."""
    place.server.day = END_OF_2022
    place.server.specs(place.living / "services")
    urls = [str(page.url) for page in catalog.load(place.living / "services")["trackdechets"].pages]
    write(place.living / "captures.warc.gz", [_shot(url) for url in urls])


def _shot(url: str) -> Shot:
    with urlopen(url, timeout=10) as answer:
        return Shot(url, evening(END_OF_2022), answer.read(), headers=(HTML,))


MENDED = "    valid_until: 2099-12-31\n"


def another_definition(place: Place) -> None:
    """Service files that were mended since: each page is read by a new version of its file."""
    for file in (place.living / "services").glob("*.yml"):
        text = file.read_text("utf-8").replace("    metrics:\n", f"{MENDED}    metrics:\n")
        file.write_text(text, "utf-8")


def over_an_older(command: str) -> Callable[[Place], None]:
    """What the command wrote after the first night stands where it is to write after the second."""

    def prepare(place: Place) -> None:
        for arguments in ([command, "out"], night(place, END_OF_2023)):
            end = place.run(arguments)
            assert end.status == 0, end.err

    return prepare


BOTH = (END_OF_2022, END_OF_2023)

COMMANDS: dict[str, Swept] = {
    "night": Swept((END_OF_2022,), nothing, lambda place: night(place, END_OF_2023)),
    "import-warc": Swept((), capture, lambda _: ["import-warc", "captures.warc.gz"]),
    "import-report": Swept(
        (END_OF_2022,),
        nothing,
        lambda _: ["import-report", str(REPORT), "--edition", "2023", "--by", "x"],
    ),
    "replay": Swept(BOTH, another_definition, lambda _: ["replay"]),
    "export": Swept((END_OF_2022,), over_an_older("export"), lambda _: ["export", "out"]),
    "site": Swept((END_OF_2022,), over_an_older("site"), lambda _: ["site", "out"]),
}
