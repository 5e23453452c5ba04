"""The life of a figure, stage by stage, in the order of the life.  Read this first.

Each asset is the table of its name and calls one function elsewhere.  Services are assets
too, many in one step: each can be run alone, and none costs a process.  What comes after
them depends on their shard's manifest, which is always there, and never on the services
themselves: one that did not answer would silently skip everything downstream.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.secrets import safe_address
from pipelines import progress, stages
from pipelines.candidates import explore
from pipelines.collect import Outcome, collect
from pipelines.errors import told_clearly
from pipelines.partitions import NIGHTS
from pipelines.portfolio import take_portfolio
from pipelines.resources import Clock, Publication, Services, Warehouse, Web, collecting
from pipelines.settings import Settings
from warehouse import extractions as extraction_rows
from warehouse import metrics as metric_rows
from warehouse import observations as observation_rows
from warehouse import seals as seal_rows
from warehouse.tables import absences as absence_table
from warehouse.tables import snapshots as snapshot_table

SHARD = 250
"""Services per step: Dagster looks each output up in a list, so a step's cost grows with its square."""

FRESH = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=5), timezone="Europe/Paris"
)
RETRY = dg.RetryPolicy(max_retries=2, delay=30)


@dg.asset(group_name="portfolio", partitions_def=NIGHTS, retry_policy=RETRY, code_version="1")
def services(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, web: Web
) -> dg.MaterializeResult[None]:
    """The products of the portfolio, with their phases and events as known this night."""
    with told_clearly():
        night = clock.night(context)
        taken = take_portfolio(warehouse.engine, warehouse.archive, web.fetcher(), web.portfolio, night)
    return dg.MaterializeResult(
        metadata={
            "products": len(taken.portfolio.products),
            "remarks": len(taken.portfolio.remarks),
            "rows added": taken.added,
            "sha256": taken.sha256,
            "taken on": str(taken.taken_on),
            "trouble": taken.trouble or "none",
        }
    )


@dg.asset(group_name="portfolio", partitions_def=NIGHTS, deps=[services])
def portfolio_counts(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> dg.MaterializeResult[None]:
    """Counts over the portfolio alone, and the budget indicators that derive from it."""
    with told_clearly():
        added = stages.derive_from_portfolio(warehouse.engine, catalog.catalog, clock.night(context))
    return dg.MaterializeResult(metadata={"rows added": added})


@dg.asset(group_name="declaration", partitions_def=NIGHTS)
def metrics(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> dg.MaterializeResult[None]:
    """What the service files declare of each figure."""
    with told_clearly(), warehouse.engine.begin() as connection:
        added = metric_rows.declare(connection, catalog.catalog.values(), clock.night(context))
    return dg.MaterializeResult(metadata={"services": len(catalog.catalog), "rows added": added})


def page_key(service_id: str) -> dg.AssetKey:
    """The asset of one service: its pages, visited and read."""
    return dg.AssetKey(["pages", service_id])


def page_assets(catalog: Catalog, shard: int = SHARD) -> list[dg.AssetsDefinition]:
    """One asset per service, ``shard`` of them to a step, grouped by incubator."""
    ids = sorted(service_id for service_id in catalog if catalog[service_id].pages)
    return [
        _shard(catalog, number, ids[start : start + shard])
        for number, start in enumerate(range(0, len(ids), shard))
    ]


def _shard(catalog: Catalog, number: int, ids: Sequence[str]) -> dg.AssetsDefinition:
    manifest = dg.AssetKey(["manifests", f"{number:02}"])
    pages = [
        dg.AssetSpec(
            page_key(service_id),
            deps=[metrics],
            skippable=True,
            group_name=_group(catalog[service_id].incubator),
            description=f"The statistics pages of {catalog[service_id].name}, visited and read.",
            metadata={"pages": [safe_address(str(page.url)) for page in catalog[service_id].pages]},
        )
        for service_id in ids
    ]
    told = dg.AssetSpec(
        manifest,
        deps=[metrics],
        group_name="collection",
        description="Which services were tried, and what came.",
    )

    @dg.multi_asset(
        name=f"collect_{number:02}",
        specs=[*pages, told],
        can_subset=True,
        partitions_def=NIGHTS,
        retry_policy=RETRY,
    )
    def collect_pages(
        context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, web: Web, catalog: Services
    ) -> Iterator[dg.MaterializeResult[None]]:
        chosen = [service_id for service_id in ids if page_key(service_id) in context.selected_asset_keys]
        with told_clearly(), collecting(warehouse, web) as tools:
            night = clock.night(context)
            outcomes = collect([catalog.catalog[key] for key in chosen], night, tools, progress.report)
        for outcome in outcomes:
            if outcome.collected:
                yield dg.MaterializeResult(page_key(outcome.service_id), metadata=_page_metadata(outcome))
        if manifest in context.selected_asset_keys:
            yield dg.MaterializeResult(manifest, metadata=_manifest_metadata(outcomes))

    return collect_pages


def _group(incubator: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in incubator)


def _page_metadata(outcome: Outcome) -> dict[str, dg.MetadataValue | int | str]:
    return {
        "figures found": outcome.figures,
        "figures missing": outcome.absent,
        "bytes": outcome.bytes,
        "status": outcome.status or "from the archive",
        "sha256": outcome.sha256 or "",
        "trace": dg.MetadataValue.md(f"`impact trace {outcome.service_id}`"),
    }


def _manifest_metadata(outcomes: Sequence[Outcome]) -> dict[str, dg.MetadataValue | int]:
    failed = [
        f"- **{one.service_id}**: {' '.join(one.errors) or 'no figure'}"
        for one in outcomes
        if not one.collected
    ]
    return {
        "services tried": len(outcomes),
        "services collected": len(outcomes) - len(failed),
        "not collected": dg.MetadataValue.md("\n".join(failed) or "none"),
    }


def stage_assets(pages: Sequence[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """The stages after the pages; they depend on every shard's manifest."""
    manifests = [key for asset in pages for key in asset.keys if key.path[0] == "manifests"]

    @dg.asset(group_name="collection", partitions_def=NIGHTS, deps=manifests)
    def snapshots(
        context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse
    ) -> dg.MaterializeResult[None]:
        """Each exchange of the night, kept byte for byte in the archive."""
        table = snapshot_table
        query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(table.c.bytes), 0))
        with warehouse.engine.connect() as connection:
            kept, size = connection.execute(query.where(table.c.night == clock.night(context).day)).one()
        return dg.MaterializeResult(metadata={"exchanges": kept, "bytes": int(size)})

    @dg.asset(group_name="collection", partitions_def=NIGHTS, deps=[snapshots])
    def extractions(
        context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse
    ) -> dg.MaterializeResult[None]:
        """Each figure as the pages print it, and where; and each one that is missing, with its reason."""
        night = clock.night(context)
        missing = sa.select(sa.func.count()).where(absence_table.c.night == night.day)
        with warehouse.engine.connect() as connection:
            seen = extraction_rows.seen(connection, night)
            return dg.MaterializeResult(
                metadata={"figures found": len(seen), "absences told": connection.scalar(missing) or 0}
            )

    return [snapshots, extractions]


@dg.asset(group_name="discovery", partitions_def=NIGHTS, deps=[services, "extractions"])
def candidates(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, web: Web, catalog: Services
) -> dg.MaterializeResult[None]:
    """Figures discovered on the pages of services that have no file; nothing of this is published."""
    if not web.explore:
        return dg.MaterializeResult(metadata={"services visited": 0})
    with told_clearly(), collecting(warehouse, web) as tools:
        explored = explore(catalog.catalog, clock.night(context), tools)
    told = Counter(str(one.outcome) for one in explored)
    return dg.MaterializeResult(metadata={"services visited": len(explored)} | dict(told))


@dg.asset(group_name="understanding", partitions_def=NIGHTS, deps=["extractions"], freshness_policy=FRESH)
def observations(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> dg.MaterializeResult[None]:
    """Each figure as we understand it: value, precision, unit, period."""
    with told_clearly(), warehouse.engine.begin() as connection:
        tonight = observation_rows.tell(connection, catalog.catalog, clock.night(context))
    return dg.MaterializeResult(
        metadata={"figures understood": len(tonight.understood), "not understood": len(tonight.absences)}
    )


@dg.asset(group_name="derivation", partitions_def=NIGHTS, deps=[observations], freshness_policy=FRESH)
def growth(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> dg.MaterializeResult[None]:
    """What changed between the ends of two years, as the annual report prints it."""
    with told_clearly():
        added = stages.derive_growth(warehouse.engine, catalog.catalog, clock.night(context))
    return dg.MaterializeResult(metadata={"rows added": added})


@dg.asset(
    group_name="derivation", partitions_def=NIGHTS, deps=[observations, services], freshness_policy=FRESH
)
def qualifications(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> dg.MaterializeResult[None]:
    """Which services are of national impact, criterion by criterion, with the evidence."""
    with told_clearly():
        added = stages.derive_qualifications(warehouse.engine, catalog.catalog, clock.night(context))
    return dg.MaterializeResult(metadata={"rows added": added})


@dg.asset(group_name="collection", partitions_def=NIGHTS, deps=["snapshots", candidates])
def seals(
    context: dg.AssetExecutionContext, clock: Clock, warehouse: Warehouse
) -> dg.MaterializeResult[None]:
    """What the archive holds of the night, sealed by a manifest that names the one before."""
    archive = warehouse.archive
    with told_clearly(), archive.lock(), warehouse.engine.begin() as connection:
        added = seal_rows.seal(connection, archive, clock.night(context))
    return dg.MaterializeResult(metadata={"rows added": added})


@dg.asset(
    group_name="publication", partitions_def=NIGHTS, deps=[growth, qualifications, portfolio_counts, seals]
)
def site(
    context: dg.AssetExecutionContext,
    clock: Clock,
    warehouse: Warehouse,
    publication: Publication,
    catalog: Services,
) -> dg.MaterializeResult[None]:
    """The site that people read, where one is asked for; a blocked night leaves yesterday's."""
    if publication.site is None:
        return dg.MaterializeResult(metadata={"site": "none is asked for (IMPACT_SITE)"})
    settings = Settings(
        database_url=warehouse.database_url,
        archive=Path(warehouse.archive_folder),
        services=catalog.place,
    )
    with told_clearly():
        from pipelines.site.site import build_site  # templates and spreadsheets, that only this step needs

        built = build_site(settings, Path(publication.site), clock.night(context).at)
    return dg.MaterializeResult(metadata={"files written": len(built.written), "unchanged": built.kept})
