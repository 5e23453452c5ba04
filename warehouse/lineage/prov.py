"""PROV: a way back in the W3C's words, as PROV-JSON (https://www.w3.org/submissions/prov-json/).

Every step is an entity.  A quotation, and a revision, is a ``wasDerivedFrom`` of that type, as PROV-DM
defines them (PROV-O names them ``wasQuotedFrom`` and ``wasRevisionOf``).  ``impact:annotation`` of an
extraction, or of a claim, is its Web Annotation, as a JSON literal.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from warehouse.lineage.annotation import annotation, claim_annotation, named_by_hash
from warehouse.lineage.step import Restated, Step

PREFIXES = {
    "impact": "urn:impact-night:",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}

US = "impact:software.impact-night"

Document = dict[str, dict[str, Any]]

_QUOTED = {("extraction", "snapshot"), ("claim", "snapshot"), ("phase", "snapshot"), ("event", "snapshot")}
"""What is printed in what: the first repeats characters of the second."""


def document(asked: Step) -> Document:
    """The way back of a figure as PROV-JSON; its first entity bears ``impact:asked``."""
    writer = _Writer()
    for step in asked.all():
        writer.entity(step, asked=step is asked)
    return writer.document


class _Writer:
    """A document as it is written; relations are numbered, as PROV-JSON wants a name for each."""

    def __init__(self) -> None:
        self.document: Document = {"prefix": dict(PREFIXES)}
        self.numbers: defaultdict[str, int] = defaultdict(int)
        self.put("agent", US, {"prov:type": _name("prov:SoftwareAgent"), "prov:label": "impact-night"})

    def put(self, kind: str, key: str, content: Mapping[str, Any]) -> None:
        self.document.setdefault(kind, {})[key] = dict(content)

    def relate(self, kind: str, content: Mapping[str, Any]) -> None:
        self.numbers[kind] += 1
        self.put(kind, f"_:{kind}{self.numbers[kind]}", content)

    def entity(self, step: Step, *, asked: bool) -> None:
        self.put("entity", _id(step), _attributes(step, asked))
        for source in step.comes_from:
            self.derived(_id(step), _id(source), (step.kind, source.kind) in _QUOTED)
        for one in step.restatements:
            self.revision(step, one)
        self.made(step)

    def derived(self, new: str, old: str, quoted: bool) -> None:
        relation = {"prov:generatedEntity": new, "prov:usedEntity": old}
        self.relate("wasDerivedFrom", relation | ({"prov:type": _name("prov:Quotation")} if quoted else {}))

    def revision(self, step: Step, one: Restated) -> None:
        """An observation that took another's place; the other one may stand on no way back."""
        for key, value in ((one.old_id, one.old_value), (one.new_id, one.new_value)):
            if key and key != step.id:
                self.document["entity"].setdefault(
                    f"impact:{step.kind}.{key}", {"impact:kind": step.kind, "impact:value": value}
                )
        if one.new_id:
            relation = {
                "prov:generatedEntity": f"impact:{step.kind}.{one.new_id}",
                "prov:usedEntity": f"impact:{step.kind}.{one.old_id}",
                "prov:type": _name("prov:Revision"),
                "impact:change": one.kind,
                "impact:reason": one.reason,
                "impact:known_at": _literal(one.known_at),
            }
            if relation not in self.document.get("wasDerivedFrom", {}).values():
                self.relate("wasDerivedFrom", relation)

    def made(self, step: Step) -> None:
        """What made it, when, and whose word it is."""
        activity = _activity(step)
        if activity:
            self.put("activity", activity, {"prov:label": activity.partition(":")[2]})
            self.put("wasAssociatedWith", f"_:by.{activity.partition(':')[2]}", {
                "prov:activity": activity, "prov:agent": US,
            })  # fmt: skip
            at = step.row.get("fetched_at") or step.row.get("known_at")
            generated = {"prov:entity": _id(step), "prov:activity": activity}
            self.relate("wasGeneratedBy", generated | ({"prov:time": at.isoformat()} if at else {}))
        service = step.row.get("service_id")
        if service and step.kind in ("snapshot", "extraction"):
            agent = f"impact:publisher.{service}"
            self.put("agent", agent, {"prov:type": _name("prov:Organization"), "prov:label": service})
            self.relate("wasAttributedTo", {"prov:entity": _id(step), "prov:agent": agent})


def _id(step: Step) -> str:
    return f"impact:{step.kind}.{step.id.replace(' ', '_')}"


def _attributes(step: Step, asked: bool) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "prov:label": str(step.says),
        "impact:kind": step.kind,
        "impact:id": step.id,
    }
    if asked:
        attributes["impact:asked"] = True
    if step.says.figure:
        attributes["prov:value"] = step.says.figure
    facts = {name: value for name, value in {**step.row, **step.facts}.items() if name not in _SAID_ELSEWHERE}
    attributes |= {f"impact:{name}": _literal(value) for name, value in facts.items() if value is not None}
    if step.kind in _ANNOTATED and step.row:
        attributes["impact:annotation"] = _json(_ANNOTATED[step.kind](step.row, _body(step)))
    if step.kind == "snapshot":
        attributes["impact:body"] = _typed(named_by_hash(step.row["sha256"]), "xsd:anyURI")
    return attributes


_SAID_ELSEWHERE = {"id"}
_ANNOTATED = {"extraction": annotation, "claim": claim_annotation}


def _body(step: Step) -> Mapping[str, Any] | None:
    return next((source.row for source in step.comes_from if source.kind == "snapshot"), None)


_MADE_BY = {
    "snapshot": "night.{night}",
    "extraction": "reading.{reader}.{spec_version}",
    "observation": "understanding.{reader}",
    "growth": "growth.{rule}",
    "qualification": "rules.{rule_set}",
    "criterion": "rules.{rule_set}",
    "portfolio_count": "counting",
    "plf_indicator": "counting",
}
"""What made a row: the night of a visit, a reader, a rule."""


def _activity(step: Step) -> str | None:
    made_by = _MADE_BY.get(step.kind)
    return f"impact:{_safe(made_by.format_map(step.row))}" if made_by and step.row else None


def _safe(text: str) -> str:
    return text.replace("/", "-").replace(" ", "_")


def _name(qualified: str) -> dict[str, str]:
    return _typed(qualified, "prov:QUALIFIED_NAME")


def _typed(text: str, kind: str) -> dict[str, str]:
    return {"$": text, "type": kind}


def _json(value: Any) -> dict[str, str]:
    return _typed(json.dumps(value, ensure_ascii=False, sort_keys=True), "rdf:JSON")


def _literal(value: Any) -> Any:
    """A fact as a PROV-JSON literal; exact numbers stay decimal."""
    match value:
        case bool() | str() | int():
            return value
        case Decimal():
            return _typed(format(value, "f"), "xsd:decimal")
        case datetime():
            return _typed(value.isoformat(), "xsd:dateTime")
        case date():
            return _typed(value.isoformat(), "xsd:date")
        case list() | dict():
            return _json(value)
    return str(value)
