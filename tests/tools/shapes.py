"""Every shape in which figures are published, and what may come in its place, each on a port of its own.

A shape is a case of ``tests/connectors/bodies/<protocol>/answers.yml``: its body answers the first address
that its protocol asks for, its other files those that follow.  A hostile variant answers every address
of a shape with bytes that are no figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from connectors.extractor import Extractor
from connectors.service import Metric, Page, Service
from connectors.specs.rules import KINDS
from tests.tools.replica_server import TYPES, Port, Reply

BODIES = Path(__file__).parents[1] / "connectors" / "bodies"

USUAL = {
    "stats_json": "https://service.example/api/stats",
    "matomo": "https://stats.example/index.php?module=CoreHome&idSite=12&period=day&date=yesterday",
    "table": "https://service.example/chiffres.csv",
    "superset": "https://superset.example/superset/dashboard/lasuite/",
    "embedded": "https://service.example/stats",
}
"""Where the bodies of a protocol are, unless the case says otherwise."""

HOSTILE: dict[str, bytes] = {
    "login": b"<!DOCTYPE html><html><body><h1>Connexion</h1> 12 345</body></html>",
    "nothing": b"",
    "depth": b"[" * 100_000,
    "objects": b'{"stats":' * 100_000,
    "tags": b"<!DOCTYPE html>" + b"<div>" * 20_000 + b"12 345",
    "attribute": b'<!DOCTYPE html><p title="' + b"9" * 1_000_000 + b'">12</p>',
    "zip": b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    "null": b"null",
    "nan": b'{"stats": [{"date": "2023-12-01", "value": NaN}]}',
    "latin1": "<!DOCTYPE html><p>chiffre cl\u00e9 : \u0661\u0662</p>".encode("utf-16"),
}
"""What may come in the place of figures, under a good status."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One case: its protocol, where it is, and what must be told of it."""

    name: str
    protocol: str
    case: dict[str, Any]
    hostile: str | None = None

    @property
    def service_id(self) -> str:
        """The id of the service that publishes it."""
        return self.name.replace("_", "-")

    @property
    def url(self) -> str:
        """Where it is published."""
        return str(self.case.get("url", USUAL[self.protocol]))

    @property
    def told(self) -> list[str] | None:
        """What a reading says of it; None when it must say no figure, for whatever good reason."""
        return None if self.hostile else list(self.case["told"])


def shapes() -> Iterator[Shape]:
    """Every sound case, then the hostile variants of the first case of each protocol."""
    for protocol in USUAL:
        cases = yaml.safe_load((BODIES / protocol / "answers.yml").read_text("utf-8"))
        for rank, case in enumerate(cases):
            yield Shape(f"{protocol}-{rank}", protocol, case)
        for name in HOSTILE:
            yield Shape(f"{protocol}-{name}", protocol, cases[0], name)


class ShapesServer:
    """All shapes, from entering to leaving the context."""

    def __init__(self) -> None:
        self.shapes = list(shapes())
        self._ports = {shape.name: self._port(shape) for shape in self.shapes}

    def __enter__(self) -> Self:
        for port in self._ports.values():
            port.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for port in self._ports.values():
            port.stop()

    @property
    def hosts(self) -> list[str]:
        """Every ``host:port``, for ``--allow-host``."""
        return [port.host for port in self._ports.values()]

    def services(self) -> list[Service]:
        """A service for each shape, with one figure named ``a``."""
        return [self._service(shape) for shape in self.shapes]

    def _service(self, shape: Shape) -> Service:
        locate = {**shape.case.get("locate", {})}
        if "where" in locate:
            locate["where"] = {column: str(cell) for column, cell in locate["where"].items()}
        given = {
            "unit": "dossier",
            "nature": "cumulative",
            "dimension": "utile",
            "kind": "usage",
            "reach": "uses",
        }
        figure = Metric(
            label="A", locate=KINDS[shape.protocol](**locate), **{**given, **shape.case.get("metric", {})}
        )
        page = Page.model_validate(
            {"url": self._here(shape.name, shape.url), "protocol": shape.protocol, "metrics": {"a": figure}}
        )
        return Service(id=shape.service_id, name=shape.name, incubator="essai", pages=(page,))

    def _here(self, name: str, url: str) -> str:
        return re.sub("^https://[^/]+", f"http://{self._ports[name].host}", url)

    def _port(self, shape: Shape) -> Port:
        if shape.hostile:
            reply = Reply(200, TYPES[".html"], HOSTILE[shape.hostile])
            return Port(lambda path: reply)
        return Port(lambda path: self._body(shape, path))

    def _body(self, shape: Shape, path: str) -> Reply:
        """The body of an address, in which the hosts of the shape lead here too."""
        (page,) = self._service(shape).pages
        files: dict[str, str] = shape.case.get("files", {})
        answers = {urlsplit(Extractor().address(page)).path: shape.case["body"]}
        answers |= {urlsplit(url).path: name for url, name in files.items()}
        if path not in answers:
            return Reply(503, TYPES[".html"], b"")  # a case names all that answers
        file = BODIES / shape.protocol / answers[path]
        body = file.read_bytes()
        for url in (shape.url, *files):
            there = f"https://{urlsplit(url).netloc}"
            body = body.replace(there.encode(), f"http://{self._ports[shape.name].host}".encode())
        return Reply(200, TYPES.get(file.suffix, "text/plain"), body)
