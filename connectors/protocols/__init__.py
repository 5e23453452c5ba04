"""The registry: every way of publishing figures that we can read, by the name service files use."""

from connectors.protocol import Protocol
from connectors.protocols import html, json_api, metabase

PROTOCOLS: dict[str, Protocol] = {
    each.name: each for each in (html.PROTOCOL, json_api.PROTOCOL, metabase.PROTOCOL)
}
