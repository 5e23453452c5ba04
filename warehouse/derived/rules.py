"""Rules: what the programme calls "impact national", and what its reports printed, as dated data.

The data are two files beside this one: ``impact_national.yml`` (the criteria, one rule set per
wording) and ``cohorts.yml`` (the services that each annual report lists).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from connectors.locators import Strict
from connectors.portfolio import PHASES
from connectors.service import Reach
from warehouse.errors import InvalidRules
from warehouse.night import paris_day

Requirement = Literal["accessibility", "statistics", "team", "source", "budget"]

_Model = TypeVar("_Model", bound=Strict)

_RULES = Path(__file__).with_name("impact_national.yml")
_COHORTS = Path(__file__).with_name("cohorts.yml")


class Deployment(Strict):
    """The names of phases in which a service counts as deployed nationwide, and those in which not."""

    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    why: str


class Threshold(Strict):
    """How many make a significant impact, and what fewer than that prove."""

    at_least: Decimal = Field(gt=0)
    below: Literal["not_met", "unknown"]
    why: str


class Team(Strict):
    """The names of phases that prove a team at work, and those that prove there is none left."""

    active: tuple[str, ...]
    ended: tuple[str, ...]


class RuleSet(Strict):
    """The three criteria, as worded from ``valid_from`` to ``valid_until`` (both included)."""

    id: str = Field(pattern=r"^\d{4}-\d{2}$")
    valid_from: date
    valid_until: date | None
    source: str
    deployment: Deployment
    impact: Mapping[Reach, Threshold] = Field(min_length=1)
    team: Team
    quality: Mapping[Requirement, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _knows_its_phases(self) -> Self:
        """A misspelt phase would silently never match."""
        for names in (
            (*self.deployment.accepted, *self.deployment.refused),
            (*self.team.active, *self.team.ended),
        ):
            if unknown := set(names) - set(PHASES):
                raise ValueError(f"unknown phases: {', '.join(sorted(unknown))}")
            if len(set(names)) < len(names):
                raise ValueError("one phase is on both sides")
        return self


class PrintedCohort(Strict):
    """One cohort as printed; ``total`` is the number of services up to this cohort, where printed.

    ``published`` is the day from which the edition is known (``cohorts.yml`` has the rule).
    """

    cohort: int = Field(ge=2013, le=2100)
    edition: int
    published: date
    total: int | None = None
    services: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Cohorts:
    """All printed cohorts, found by portfolio id.

    ``formerly`` gives, for a service's present id, the ids it had before: a portfolio of 2024
    says `itou` where the reports' service is `les-emplois`.
    """

    printed: tuple[PrintedCohort, ...]
    formerly: Mapping[str, Sequence[str]]

    def known(self, at: datetime) -> "Cohorts":
        """The cohorts that were printed by a moment: an edition is known on its whole day."""
        day = paris_day(at)
        return replace(self, printed=tuple(one for one in self.printed if one.published <= day))

    @cached_property
    def by_id(self) -> Mapping[str, int]:
        """The cohort of every service printed, under its present id and every former one."""
        return {
            known: one.cohort
            for one in self.printed
            for service in one.services
            for known in (service, *self.formerly.get(service, ()))
        }


def load_rules(path: Path = _RULES) -> tuple[RuleSet, ...]:
    """Every rule set, oldest first.

    Raises:
        InvalidRules: the file cannot be read as such, or leaves a day with two rule sets or none.
    """
    found = tuple(sorted(load_data(path, RuleSet), key=lambda rules: rules.valid_from))
    for earlier, later in pairwise(found):
        if earlier.valid_until is None or earlier.valid_until + timedelta(days=1) != later.valid_from:
            message = f"{path.name}: {later.id} does not begin on the day after the end of {earlier.id}."
            raise InvalidRules(message)
    return found


def rules_on(rule_sets: Iterable[RuleSet], day: date) -> RuleSet:
    """The rule set in force on ``day``.

    Raises:
        InvalidRules: none is.
    """
    for rules in rule_sets:
        if rules.valid_from <= day and (rules.valid_until is None or day <= rules.valid_until):
            return rules
    message = f"No rule set of impact national was in force on {day}."
    raise InvalidRules(message)


def rules_named(rule_sets: Iterable[RuleSet], rules_id: str) -> RuleSet:
    """The rule set of this id, in force or not.

    Raises:
        InvalidRules: there is none; the message lists those that there are.
    """
    by_id = {rules.id: rules for rules in rule_sets}
    if rules_id not in by_id:
        message = f"No rule set is named {rules_id!r}: there are {', '.join(by_id)}."
        raise InvalidRules(message)
    return by_id[rules_id]


def load_cohorts(formerly: Mapping[str, Sequence[str]] | None = None, path: Path = _COHORTS) -> Cohorts:
    """The printed cohorts, oldest first.

    Raises:
        InvalidRules: the file cannot be read as such, lists a service twice, publishes an edition
            twice, or contradicts a printed total.
    """
    printed = tuple(sorted(load_data(path, PrintedCohort), key=lambda one: one.cohort))
    listed: list[str] = []
    for one in printed:
        listed += one.services
        if one.total not in (None, len(listed)):
            message = (
                f"{path.name}: {len(listed)} services up to {one.cohort}, where {one.total} are printed."
            )
            raise InvalidRules(message)
    if len(set(listed)) < len(listed):
        message = f"{path.name}: a service is listed twice."
        raise InvalidRules(message)
    if len({(one.edition, one.published) for one in printed}) > len({one.edition for one in printed}):
        message = f"{path.name}: an edition is published on two days."
        raise InvalidRules(message)
    return Cohorts(printed, formerly or {})


def load_data(path: Path, model: type[_Model]) -> list[_Model]:
    """A YAML list of ``model``.

    Raises:
        InvalidRules: the file cannot be read as such; the message lists its faults.
    """
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        return TypeAdapter(list[model]).validate_python(content)  # type: ignore[valid-type]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise InvalidRules(message) from error
    except ValidationError as error:
        message = f"{path.name}: {'; '.join(_faults(error))}."
        raise InvalidRules(message) from error


def _faults(error: ValidationError) -> list[str]:
    faults = error.errors(include_url=False, include_input=False)
    return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]
