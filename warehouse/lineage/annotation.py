"""Annotation: where an extraction or a claim stands, for any tool that knows the Web Annotation model.

W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/).  The target is the archived body,
named by its hash (RFC 6920); its state says when and from where it was fetched.  Each selector selects
the figure:

- ``TextQuoteSelector``: the characters, with the few words before and after;
- ``TextPositionSelector``: their offsets, in code points.  Of HTML they count in the text that people read,
  as ``connectors.text.html_tree.Html`` defines it; of anything else in the decoded body;
- the place: a ``CssSelector``; or a ``FragmentSelector`` that conforms to RFC 9535 (JSONPath) or to RFC 7111
  (a cell of CSV).

A figure in an attribute has no place in the text: the quote then refines the selector of its attribute.
A claim of a report has a quote and a position, in the text that ``connectors.reports.layout`` defines.
"""

import base64
from collections.abc import Mapping
from typing import Any

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"impact": "urn:impact-night:"}]

HTML_TEXT = "text nodes in document order, without comments, scripts, styles and templates"
BODY_TEXT = "decoded body"
REPORT_TEXT = "blocks of the report in reading order, as connectors.reports.layout lays them out"

_CONFORMS = {
    "jsonpath": "https://www.rfc-editor.org/rfc/rfc9535",
    "csv": "https://www.rfc-editor.org/rfc/rfc7111",
}


def annotation(extraction: Mapping[str, Any], snapshot: Mapping[str, Any] | None) -> dict[str, Any]:
    """An extraction as an annotation of the archived body.

    Args:
        extraction: a row of ``extractions``.
        snapshot: the row of ``snapshots`` of the exchange that gave the body, when it is on record.

    Returns:
        JSON-LD, as plain values.
    """
    name = f"{extraction['service_id']}/{extraction['metric_id']}"
    spec = {"impact:spec": extraction["service_id"], "impact:specVersion": extraction["spec_version"]}
    text = HTML_TEXT if extraction["locator_kind"] == "css" else BODY_TEXT
    target = _target(extraction["snapshot_sha256"], text, _selectors(extraction), snapshot)
    return _annotation("extraction", extraction, spec, name, target)


def claim_annotation(claim: Mapping[str, Any], snapshot: Mapping[str, Any] | None) -> dict[str, Any]:
    """A claim as an annotation of the archived report.

    Args:
        claim: a row of ``claims``.
        snapshot: the row of ``snapshots`` of the exchange that gave the report, when it is on record.

    Returns:
        JSON-LD, as plain values.
    """
    name = "/".join(str(part) for part in ("claims", claim["edition"], claim["service_id"]) if part)
    before, _, after = claim["passage"].partition(claim["text"])
    quote = {"type": "TextQuoteSelector", "exact": claim["text"]}
    if claim["text"] not in after:  # else the passage does not say which of the two it is
        quote |= {"prefix": before, "suffix": after}
    target = _target(claim["report_sha256"], REPORT_TEXT, [quote, _position(claim)], snapshot)
    return _annotation("claim", claim, {}, name, target)


def _annotation(
    kind: str, row: Mapping[str, Any], reader: Mapping[str, Any], name: str, target: Mapping[str, Any]
) -> dict[str, Any]:
    generator = {
        "id": f"urn:impact-night:reader:{row['reader']}",
        "type": "Software",
        "name": row["reader"],
    }
    return {
        "@context": CONTEXT,
        "id": f"urn:impact-night:{kind}:{row['id']}",
        "type": "Annotation",
        "motivation": "identifying",
        "created": row["known_at"].isoformat(),
        "generator": {**generator, **reader},
        "body": {"type": "TextualBody", "value": name, "purpose": "identifying"},
        "target": target,
    }


def named_by_hash(sha256: str) -> str:
    """The name of a body by its hash (RFC 6920), from 64 hexadecimal digits."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b"=").decode()
    return f"ni:///sha-256;{digest}"


def in_attribute(extraction: Mapping[str, Any]) -> bool:
    """Whether a figure stands in an attribute of an element, and so nowhere in the text."""
    return bool(
        extraction["locator_kind"] == "css"
        and extraction["start"] == extraction["end"]
        and "@" in extraction["locator"]
    )


def _target(
    sha256: str, text: str, selectors: list[dict[str, Any]], snapshot: Mapping[str, Any] | None
) -> dict[str, Any]:
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": named_by_hash(sha256),
        "impact:textOf": text,
        "selector": selectors,
    }
    if snapshot:
        target["state"] = {
            "type": "TimeState",
            "sourceDate": snapshot["fetched_at"].isoformat(),
            "impact:sourceUrl": snapshot["url"],
            "impact:warcFile": snapshot["warc_file"],
            "impact:warcOffset": snapshot["warc_offset"],
        }
    return target


def _selectors(extraction: Mapping[str, Any]) -> list[dict[str, Any]]:
    quote = {
        "type": "TextQuoteSelector",
        "exact": extraction["exact"],
        "prefix": extraction["prefix"],
        "suffix": extraction["suffix"],
    }
    only = {name: quote[name] for name in ("type", "exact")}  # the words around may stand outside of it
    kind, locator = extraction["locator_kind"], extraction["locator"]
    if in_attribute(extraction):
        css, _, attribute = locator.rpartition("@")
        there = {"type": "impact:AttributeSelector", "value": attribute}
        return [{"type": "CssSelector", "value": css, "refinedBy": there | {"refinedBy": only}}]
    if kind == "css":
        return [quote, _position(extraction), {"type": "CssSelector", "value": locator, "refinedBy": only}]
    return [quote, _position(extraction), _fragment(kind, locator)]


def _position(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": row["start"], "end": row["end"]}


def _fragment(kind: str, locator: str) -> dict[str, Any]:
    """The place in data; what a page carries for its scripts is named before the path in it."""
    carrier, _, path = locator.rpartition(" $")
    fragment = {
        "type": "FragmentSelector",
        "conformsTo": _CONFORMS[kind],
        "value": f"${path}" if carrier else locator,
    }
    return fragment | {"impact:in": carrier} if carrier else fragment
