"""Catalog: the services we collect, from one YAML file each.

Every fault of every file is told at once, each with its line, in one sentence::

    signalement.yml:12: pages[0].metrics.reports.unit: field required
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.errors import InvalidSpec
from connectors.locators import HtmlLocator, Locator
from connectors.service import Metric, Page, Service
from connectors.specs.rules import (
    KINDS,
    UNDATED,
    Broken,
    locator_faults,
    metric_faults,
    page_faults,
    service_faults,
)
from connectors.specs.schema import json_schema, write_schema
from connectors.specs.sentences import explained
from connectors.specs.yaml_lines import Location, Tree, read

__all__ = ["SERVICES", "Catalog", "json_schema", "load", "load_file", "write_schema"]

SERVICES = Path(__file__).parent / "services"

M = TypeVar("M", bound=BaseModel)


class Fault(NamedTuple):
    """One thing to mend in one file."""

    file: str
    line: int
    location: Location
    sentence: str

    def __str__(self) -> str:
        field = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in self.location)
        return f"{self.file}:{self.line}: {field.lstrip('.')}{': ' if field else ''}{self.sentence}"


@dataclass(frozen=True, eq=False)
class Catalog(Mapping[str, Service]):
    """Services by id, in the order of their ids."""

    services: tuple[Service, ...]

    def __getitem__(self, service_id: str) -> Service:
        return self._by_id[service_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self.services)

    def by_portfolio_id(self, portfolio_id: str) -> Service | None:
        """The service that the portfolio calls, or once called, ``portfolio_id``."""
        return self._by_id.get(portfolio_id) or self._by_former_id.get(portfolio_id)

    @cached_property
    def _by_id(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def _by_former_id(self) -> dict[str, Service]:
        return {former: service for service in self.services for former in service.formerly}


def load(directory: Path = SERVICES) -> Catalog:
    """All service files of a folder.

    Raises:
        InvalidSpec: with every fault of every file, one to a line.
    """
    if not directory.is_dir():
        raise InvalidSpec(f"{directory}: no such folder")
    files = [_File(path) for path in sorted(directory.glob("*.yml"))]
    faults = [fault for file in files for fault in file.faults]
    faults += [Fault(each.name, 1, (), "name it *.yml") for each in sorted(directory.glob("*.yaml"))]
    faults += _shared_ids(files)
    _refuse(faults)
    services = (file.service for file in files if file.service)
    return Catalog(tuple(sorted(services, key=lambda service: service.id)))


def load_file(path: Path) -> Service:
    """One service file.

    Raises:
        InvalidSpec: with every fault of the file, one to a line.
    """
    if not path.is_file():
        raise InvalidSpec(f"{path}: no such file")
    file = _File(path)
    _refuse(file.faults)
    assert file.service is not None
    return file.service


def _refuse(faults: Iterable[Fault]) -> None:
    lines = [
        str(fault) for fault in sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
    ]
    if lines:
        raise InvalidSpec("\n".join(lines))


class _File:
    """One file: the service it declares, unless it has faults."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree: Tree = read(path.read_bytes())
        self.service: Service | None = None
        self.faults = [Fault(path.name, *fault) for fault in self.tree.faults]
        if not self.tree.faults:
            self._validate()

    def fault(self, location: Location, sentence: str) -> None:
        """Note what is wrong at a location."""
        self.faults.append(Fault(self.path.name, self.tree.line(location), location, sentence))

    def _validate(self) -> None:
        for location, page in _items(self.tree.value, "pages"):
            self._validate_page(location, page)
        try:
            service = Service.model_validate(self.tree.value)
        except ValidationError as errors:
            for location, sentence in explained(errors):
                self.fault(location, sentence)
            return
        self._check_names(service)
        self.service = None if self.faults else service

    def _validate_page(self, location: Location, page: dict[str, object]) -> None:
        """Replace each locator by its value: the protocol, not its keys, says of which kind it is."""
        kind = KINDS.get(str(page.get("protocol")))
        for here, metric in _items(page, "metrics"):
            if "locate" in metric:
                metric["locate"] = self._locator(metric["locate"], kind, (*location, *here, "locate"))
            # After a fault in its locator, a metric gets the benefit of the doubt for its date.
            has_date = "dated" in page or metric.get("locate") == HtmlLocator()
            self._check(Metric, metric, (*location, *here), partial(metric_faults, page_dated=has_date))
        if page.get("dated") is not None:
            page["dated"] = self._dated(page, kind, (*location, "dated"))
        self._check(Page, page, location, page_faults)

    def _check(
        self, model: type[M], raw: object, here: Location, rules: Callable[[M], Iterable[Broken]]
    ) -> None:
        """The rules that join two keys, where the shape is right; the shape is told later, and once."""
        with suppress(ValidationError):
            for location, sentence in rules(model.model_validate(raw)):
                self.fault((*here, *location), sentence)

    def _dated(self, page: dict[str, object], kind: type[Locator] | None, here: Location) -> object:
        if page["protocol"] in UNDATED:
            self.fault(here, UNDATED[str(page["protocol"])])
            return None
        return self._locator(page["dated"], kind, here)

    def _locator(self, raw: object, kind: type[Locator] | None, here: Location) -> Locator:
        """The locator, or after a fault an empty one, so that the same mistake is not told twice."""
        if kind is None:
            return HtmlLocator()
        try:
            locator = kind.model_validate(raw)
        except ValidationError as errors:
            for location, sentence in explained(errors, kind):
                self.fault((*here, *location), sentence)
            return HtmlLocator()
        for location, sentence in locator_faults(locator):
            self.fault((*here, *location), sentence)
        return locator

    def _check_names(self, service: Service) -> None:
        if self.path.name != f"{service.id}.yml":
            self.fault(("id",), f"{service.id!r} belongs in {service.id}.yml")
        if bool(service.pages) == bool(service.unread):
            self.fault(("unread",), "either pages, or `unread`: why nothing is read")
        seen: set[tuple[str, date]] = set()
        for index, page in enumerate(service.pages):
            for metric_id in page.metrics:
                if (metric_id, page.last_day) in seen:
                    here = ("pages", index, "metrics", metric_id)
                    self.fault(here, "metric id already used on another page that serves until the same day")
                seen.add((metric_id, page.last_day))
        for location, sentence in service_faults(service):
            self.fault(location, sentence)


def _items(parent: object, key: str) -> Iterator[tuple[Location, dict[str, object]]]:
    """The mappings inside ``parent[key]``, a list or a mapping, with their locations."""
    inside = parent.get(key) if isinstance(parent, dict) else None
    pairs: Iterable[tuple[str | int, object]] = ()
    if isinstance(inside, dict):
        pairs = inside.items()
    elif isinstance(inside, list):
        pairs = enumerate(inside)
    return (((key, step), value) for step, value in pairs if isinstance(value, dict))


def _shared_ids(files: Iterable[_File]) -> Iterator[Fault]:
    """Faults for ids, present or former, that two services claim."""
    owners: dict[str, str] = {}
    for file in files:
        for location, claim in _claims(file.tree.value):
            owner = owners.setdefault(claim, file.path.name)
            if owner != file.path.name:
                sentence = f"{claim!r} is already claimed by {owner}"
                yield Fault(file.path.name, file.tree.line(location), location, sentence)


def _claims(value: object) -> Iterator[tuple[Location, str]]:
    """The ids, present and former, that a file claims; even a file with faults claims them."""
    if not isinstance(value, dict):
        return
    formerly = value.get("formerly")
    if value.get("id"):
        yield ("id",), str(value["id"])
    for index, each in enumerate(formerly if isinstance(formerly, list) else ()):
        yield ("formerly", index), str(each)
