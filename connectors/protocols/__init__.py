"""The registry: every way of publishing figures that we can read, by the name service files use."""

from connectors.protocol import Protocol
from connectors.protocols import embedded, html, json_api, matomo, metabase, stats_json, superset, table

PROTOCOLS: dict[str, Protocol] = {
    each.PROTOCOL.name: each.PROTOCOL
    for each in (html, json_api, metabase, stats_json, matomo, table, embedded, superset)
}
