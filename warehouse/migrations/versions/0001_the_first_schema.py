"""The first schema."""

import sqlalchemy as sa
from alembic import op

import warehouse.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one version."""
    op.create_table(
        "absences",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("night", sa.Date(), nullable=False, comment="The night."),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Short name of the reason."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What happened, in one sentence."),
        sa.Column("advice", sa.Text(), nullable=False, comment="What a person should do next."),
        sa.Column("again", sa.Boolean(), nullable=False, comment="True when trying again may help."),
        sa.Column(
            "snapshot_sha256",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the body it is missing from, if there was one.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        comment="Each figure that was expected one night and not found, with its reason.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_absences_night_service_id"), ["night", "service_id"], unique=False
        )

    op.create_table(
        "claims",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False, comment="Year of the report."),
        sa.Column(
            "service_id",
            sa.Text(),
            nullable=True,
            comment="Portfolio id of the service; empty when not matched.",
        ),
        sa.Column("metric", sa.Text(), nullable=True, comment="What is counted, as printed."),
        sa.Column("period", sa.Text(), nullable=True, comment="The period printed, such as 2023."),
        sa.Column("text", sa.Text(), nullable=False, comment="The verbatim claim."),
        sa.Column("place", sa.Text(), nullable=False, comment="Where in the report."),
        sa.Column("kind", sa.Text(), nullable=False, comment="figure or growth."),
        sa.Column("value", warehouse.types.Exact(), nullable=True, comment="The value, as understood."),
        sa.Column(
            "low", warehouse.types.Exact(), nullable=True, comment="Least value the printed precision allows."
        ),
        sa.Column(
            "high",
            warehouse.types.Exact(),
            nullable=True,
            comment="Greatest value the printed precision allows.",
        ),
        sa.Column("qualifier", sa.Text(), nullable=True, comment="exact, at_least, at_most or about."),
        sa.Column("unit", sa.Text(), nullable=True, comment="Code of the unit."),
        sa.Column("report_sha256", sa.Text(), nullable=False, comment="SHA-256 of the report."),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        comment="What a printed report says, kept apart from what machines collected.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claims_edition_service_id"), ["edition", "service_id"], unique=False
        )

    op.create_table(
        "confirmations",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("table_name", sa.Text(), nullable=False, comment="The table."),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=False,
            comment="Which part of it: the hash of a condition, empty for the whole.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        comment="Each day on which a table was told what it says already: an older word told late holds until then.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirmations_table_name_scope_known_at"),
            ["table_name", "scope", "known_at"],
            unique=False,
        )

    op.create_table(
        "criteria",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The day from which this holds."),
        sa.Column("criterion", sa.Text(), nullable=False, comment="deployment, impact or quality."),
        sa.Column("verdict", sa.Text(), nullable=False, comment="met, not_met or unknown."),
        sa.Column(
            "evidence",
            warehouse.types.Json(),
            nullable=True,
            comment="What decides it: a list of {kind, ref, sentence}.",
        ),
        sa.Column("rule_set", sa.Text(), nullable=False, comment="Id of the rule set."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        comment="Each criterion of impact national for each service, with its evidence.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_criteria_service_id_as_of"), ["service_id", "as_of"], unique=False
        )

    op.create_table(
        "events",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the event, as written."),
        sa.Column(
            "date", sa.Date(), nullable=True, comment="Its day; empty when the portfolio leaves it empty."
        ),
        sa.Column("comment", sa.Text(), nullable=False, comment="Its comment, e-mail addresses removed."),
        sa.Column(
            "portfolio_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the portfolio body that says so.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        comment="Dated events of each product (national_impact, fast, committee…), with their history.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_events_service_id_known_at"), ["service_id", "known_at"], unique=False
        )

    op.create_table(
        "extractions",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column(
            "snapshot_sha256", sa.Text(), nullable=False, comment="SHA-256 of the body it was read on."
        ),
        sa.Column("locator_kind", sa.Text(), nullable=False, comment="css, jsonpath or csv."),
        sa.Column("locator", sa.Text(), nullable=False, comment="The place that matched."),
        sa.Column("exact", sa.Text(), nullable=False, comment="The verbatim characters."),
        sa.Column("prefix", sa.Text(), nullable=False, comment="The few words before."),
        sa.Column("suffix", sa.Text(), nullable=False, comment="The few words after."),
        sa.Column(
            "start",
            sa.BigInteger(),
            nullable=False,
            comment="Offset of the first character in the text of the body.",
        ),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="Offset after the last character."),
        sa.Column(
            "notation", sa.Text(), nullable=False, comment="How digits are written: french, dot or json."
        ),
        sa.Column("period_text", sa.Text(), nullable=True, comment="The date printed beside it, verbatim."),
        sa.Column(
            "spec_version",
            sa.Text(),
            nullable=False,
            comment="Version of the service file's page it was read with.",
        ),
        sa.Column("reader", sa.Text(), nullable=False, comment="Protocol and version that read it."),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extractions")),
        comment="Each figure as the page prints it, and where.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("extractions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_extractions_snapshot_sha256_service_id_metric_id"),
            ["snapshot_sha256", "service_id", "metric_id"],
            unique=False,
        )

    op.create_table(
        "growth",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("period", sa.Text(), nullable=False, comment="What is compared, such as 2023."),
        sa.Column("base_period", sa.Text(), nullable=False, comment="With what, such as 2022."),
        sa.Column("base_observation_id", sa.Text(), nullable=False, comment="The earlier observation."),
        sa.Column("observation_id", sa.Text(), nullable=False, comment="The later observation."),
        sa.Column("kind", sa.Text(), nullable=False, comment="percent, points or multiple."),
        sa.Column(
            "value",
            warehouse.types.Exact(),
            nullable=True,
            comment="The growth: percent, points, or the multiple itself.",
        ),
        sa.Column(
            "low",
            warehouse.types.Exact(),
            nullable=True,
            comment="Least growth that the printed precision allows; empty when unbounded.",
        ),
        sa.Column(
            "high",
            warehouse.types.Exact(),
            nullable=True,
            comment="Greatest growth that the printed precision allows; empty when unbounded.",
        ),
        sa.Column(
            "display",
            sa.Text(),
            nullable=False,
            comment="As the annual report prints it, with its range where one figure would claim too much.",
        ),
        sa.Column("rule", sa.Text(), nullable=False, comment="Display rule: truncate or round."),
        sa.Column(
            "note", sa.Text(), nullable=True, comment="In words: dates that are not the exact ones (French)."
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_growth")),
        comment="Two observations of one metric compared.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("growth", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_growth_service_id_metric_id_period"),
            ["service_id", "metric_id", "period"],
            unique=False,
        )

    op.create_table(
        "held_back",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("observation_id", sa.Text(), nullable=False, comment="The figure refused."),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("check_name", sa.Text(), nullable=False, comment="The check that refused it."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in one French sentence."),
        sa.Column("value", warehouse.types.Exact(), nullable=True, comment="The value refused."),
        sa.Column(
            "last_good_observation_id", sa.Text(), nullable=True, comment="The last figure that passed."
        ),
        sa.Column("last_good_value", warehouse.types.Exact(), nullable=True, comment="Its value."),
        sa.Column("last_good_day", sa.Date(), nullable=True, comment="Its day."),
        sa.Column("night", sa.Date(), nullable=False, comment="The night it was judged."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_back")),
        comment="Figures that a check refused, and their release.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("held_back", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_held_back_service_id_metric_id"), ["service_id", "metric_id"], unique=False
        )

    op.create_table(
        "metrics",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("label", sa.Text(), nullable=False, comment="The figure's name, as staff say it (French)."),
        sa.Column("unit", sa.Text(), nullable=False, comment="Code of the unit."),
        sa.Column(
            "nature", sa.Text(), nullable=False, comment="stock, flow, cumulative, ratio, cost or score."
        ),
        sa.Column(
            "dimension", sa.Text(), nullable=False, comment="Dimension of the programme's impact matrix."
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="usage or impact, as in the national schema."),
        sa.Column(
            "reach",
            sa.Text(),
            nullable=False,
            comment="What is counted; the threshold of national impact depends on it.",
        ),
        sa.Column(
            "headline",
            sa.Boolean(),
            nullable=False,
            comment="True for the figure that the annual report grows.",
        ),
        sa.Column(
            "evidence",
            sa.Text(),
            nullable=False,
            comment="How we know the page prints it: source, inferred or report.",
        ),
        sa.Column("page_url", sa.Text(), nullable=False, comment="Address of the page it is read on."),
        sa.Column(
            "spec_version",
            sa.Text(),
            nullable=False,
            comment="Hash of the part of the service file that decides the reading.",
        ),
        sa.Column(
            "expect_min", warehouse.types.Exact(), nullable=True, comment="Below it the figure is held back."
        ),
        sa.Column(
            "expect_max", warehouse.types.Exact(), nullable=True, comment="Above it the figure is flagged."
        ),
        sa.Column(
            "expect_factor",
            warehouse.types.Exact(),
            nullable=True,
            comment="Largest believable ratio between two successive values.",
        ),
        sa.Column(
            "max_age_days",
            sa.BigInteger(),
            nullable=True,
            comment="Days it may stay unchanged before it counts as frozen.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        comment="What each service file declares of each metric, with its history.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_metrics_service_id_metric_id"), ["service_id", "metric_id"], unique=False
        )

    op.create_table(
        "nights",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("night", sa.Date(), nullable=False, comment="The night (day in Europe/Paris)."),
        sa.Column(
            "portfolio_sha256", sa.Text(), nullable=True, comment="SHA-256 of the portfolio that served."
        ),
        sa.Column(
            "portfolio_trouble",
            sa.Text(),
            nullable=True,
            comment="Why an older portfolio served; empty when tonight's did.",
        ),
        sa.Column("services", sa.BigInteger(), nullable=False, comment="Services tried."),
        sa.Column(
            "reached",
            sa.BigInteger(),
            nullable=False,
            comment="Services of which at least one page answered.",
        ),
        sa.Column(
            "read",
            sa.BigInteger(),
            nullable=False,
            comment="Services of which at least one figure was understood.",
        ),
        sa.Column("figures", sa.BigInteger(), nullable=False, comment="Figures understood."),
        sa.Column("absent", sa.BigInteger(), nullable=False, comment="Figures expected and not found."),
        sa.Column("held", sa.BigInteger(), nullable=False, comment="Figures held back."),
        sa.Column("state", sa.Text(), nullable=False, comment="publishable or blocked."),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it was blocked."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nights")),
        comment="Each night: what was tried, what came, and whether it was published.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("nights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nights_night"), ["night"], unique=False)

    op.create_table(
        "observations",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("value", warehouse.types.Exact(), nullable=True, comment="The value, in the unit."),
        sa.Column(
            "low",
            warehouse.types.Exact(),
            nullable=True,
            comment="Least value the printed precision allows; empty when unbounded.",
        ),
        sa.Column(
            "high",
            warehouse.types.Exact(),
            nullable=True,
            comment="Greatest value the printed precision allows; empty when unbounded.",
        ),
        sa.Column("qualifier", sa.Text(), nullable=False, comment="exact, at_least, at_most or about."),
        sa.Column("unit", sa.Text(), nullable=False, comment="Code of the unit."),
        sa.Column(
            "nature", sa.Text(), nullable=False, comment="stock, flow, cumulative, ratio, cost or score."
        ),
        sa.Column(
            "period_start",
            sa.Date(),
            nullable=True,
            comment="First day described; empty for a total since launch.",
        ),
        sa.Column("period_end", sa.Date(), nullable=False, comment="Last day described."),
        sa.Column(
            "complete", sa.Boolean(), nullable=False, comment="False while the period described is not over."
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="The characters that were understood."),
        sa.Column("extraction_id", sa.Text(), nullable=False, comment="The extraction it comes from."),
        sa.Column("reader", sa.Text(), nullable=False, comment="Version of the number and period readers."),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        comment="Each figure as understood.  A value that did not change is one row, however many nights confirm it.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_observations_service_id_metric_id_period_end"),
            ["service_id", "metric_id", "period_end"],
            unique=False,
        )

    op.create_table(
        "phases",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="Name of the phase, as written (unknown names are kept).",
        ),
        sa.Column(
            "start", sa.Date(), nullable=True, comment="First day; empty when the portfolio leaves it empty."
        ),
        sa.Column("end", sa.Date(), nullable=True, comment="Last day; empty when open or unknown."),
        sa.Column(
            "portfolio_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the portfolio body that says so.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phases")),
        comment="Phases of each product's life, with their history.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("phases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_phases_service_id_known_at"), ["service_id", "known_at"], unique=False
        )

    op.create_table(
        "plf_indicators",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("year", sa.BigInteger(), nullable=False, comment="The calendar year."),
        sa.Column(
            "indicator",
            sa.Text(),
            nullable=False,
            comment="investigated, launched, launched_dinum, stopped, impact_national_new, fast…",
        ),
        sa.Column(
            "value",
            warehouse.types.Exact(),
            nullable=True,
            comment="The result; empty when no public source gives it.",
        ),
        sa.Column(
            "target",
            warehouse.types.Exact(),
            nullable=True,
            comment="The target printed in the budget document, when known.",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="Where the result comes from."),
        sa.Column(
            "products",
            warehouse.types.Json(),
            nullable=True,
            comment="Ids of the products behind the number.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plf_indicators")),
        comment="Indicators of the State's budget documents (programme 352), by calendar year.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("plf_indicators", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plf_indicators_year_indicator"), ["year", "indicator"], unique=False
        )

    op.create_table(
        "portfolio_counts",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The date."),
        sa.Column("measure", sa.Text(), nullable=False, comment="What is counted."),
        sa.Column("value", sa.BigInteger(), nullable=False, comment="How many."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_counts")),
        comment="Counts over the portfolio at a date, as known at a moment.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("portfolio_counts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portfolio_counts_as_of_measure"), ["as_of", "measure"], unique=False
        )

    op.create_table(
        "portfolios",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("night", sa.Date(), nullable=False, comment="The night."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of its body."),
        sa.Column("taken_on", sa.Date(), nullable=False, comment="The night that copy was taken."),
        sa.Column(
            "trouble", sa.Text(), nullable=True, comment="Why tonight's could not serve; empty when it did."
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolios")),
        comment="Which copy of the portfolio served each night.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("portfolios", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portfolios_night"), ["night"], unique=False)

    op.create_table(
        "qualifications",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The day from which this holds."),
        sa.Column("verdict", sa.Text(), nullable=False, comment="met, not_met or unknown, by the rule set."),
        sa.Column(
            "designated",
            sa.Boolean(),
            nullable=False,
            comment="True when the programme designated it (event or printed report).",
        ),
        sa.Column("cohort", sa.BigInteger(), nullable=True, comment="Year of its cohort, when designated."),
        sa.Column("rule_set", sa.Text(), nullable=False, comment="Id of the rule set."),
        sa.Column(
            "disagreement",
            sa.Text(),
            nullable=True,
            comment="Why rule set and designation differ (French); empty when they agree.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
        comment="What may be said of each service: impact national, derived beside official.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("qualifications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_qualifications_service_id_as_of"), ["service_id", "as_of"], unique=False
        )

    op.create_table(
        "reconciliations",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False, comment="Year of the report."),
        sa.Column("service_id", sa.Text(), nullable=True, comment="Portfolio id of the service."),
        sa.Column("metric", sa.Text(), nullable=True, comment="What is counted."),
        sa.Column("printed", sa.Text(), nullable=False, comment="As printed."),
        sa.Column("computed", sa.Text(), nullable=True, comment="As derived."),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="exact, consistent, inconsistent, not_comparable or no_data.",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in one French sentence."),
        sa.Column("claim_id", sa.Text(), nullable=False, comment="The claim."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        comment="Each printed claim beside what the warehouse derives.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliations_edition_service_id"), ["edition", "service_id"], unique=False
        )

    op.create_table(
        "refusals",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("period", sa.Text(), nullable=False, comment="What would be compared."),
        sa.Column("base_period", sa.Text(), nullable=False, comment="With what."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Short name of the reason."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="Why, in one French sentence."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
        comment="Growth that was not computed, and why.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refusals_service_id_metric_id_period"),
            ["service_id", "metric_id", "period"],
            unique=False,
        )

    op.create_table(
        "remarks",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("field", sa.Text(), nullable=False, comment="The field concerned."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What was met and what was made of it."),
        sa.Column(
            "portfolio_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the portfolio body that says so.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        comment="What was odd in a portfolio, and how it was understood.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "restatements",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("period_start", sa.Date(), nullable=True, comment="First day described."),
        sa.Column("period_end", sa.Date(), nullable=False, comment="Last day described."),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="revision, redefinition, correction, withdrawal or technical.",
        ),
        sa.Column("old_observation_id", sa.Text(), nullable=False, comment="What we said before."),
        sa.Column("new_observation_id", sa.Text(), nullable=True, comment="What we say now."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in one sentence."),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restatements")),
        comment="Each past value that changed, with the kind of change.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "services",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the product."),
        sa.Column("pitch", sa.Text(), nullable=True, comment="Its mission in one sentence."),
        sa.Column("incubator", sa.Text(), nullable=True, comment="Id of its incubator."),
        sa.Column("link", sa.Text(), nullable=True, comment="Its site."),
        sa.Column(
            "stats_url",
            sa.Text(),
            nullable=True,
            comment="Its public statistics page, as the portfolio gives it.",
        ),
        sa.Column(
            "impact_url", sa.Text(), nullable=True, comment="Its impact page, as the portfolio gives it."
        ),
        sa.Column("budget_url", sa.Text(), nullable=True, comment="Its public budget page."),
        sa.Column("repository", sa.Text(), nullable=True, comment="Its source code."),
        sa.Column("dashlord_url", sa.Text(), nullable=True, comment="Its page on DashLord."),
        sa.Column(
            "accessibility_status", sa.Text(), nullable=True, comment="Its declared accessibility status."
        ),
        sa.Column(
            "portfolio_sha256",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the portfolio body that says so.",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        comment="Each product of the portfolio, with its history.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_services_service_id_known_at"), ["service_id", "known_at"], unique=False
        )

    op.create_table(
        "snapshots",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column(
            "service_id",
            sa.Text(),
            nullable=True,
            comment="Portfolio id of the service; empty for the portfolio itself.",
        ),
        sa.Column(
            "night", sa.Date(), nullable=False, comment="The night (day in Europe/Paris) it belongs to."
        ),
        sa.Column("asked_url", sa.Text(), nullable=False, comment="The address the service file gives."),
        sa.Column("hop", sa.BigInteger(), nullable=False, comment="Place in the chain of redirects, from 0."),
        sa.Column("answer", sa.Boolean(), nullable=False, comment="True for the last exchange of the chain."),
        sa.Column("url", sa.Text(), nullable=False, comment="The address of this exchange."),
        sa.Column(
            "fetched_at",
            warehouse.types.Moment(),
            nullable=False,
            comment="When the exchange took place (UTC).",
        ),
        sa.Column("status", sa.BigInteger(), nullable=False, comment="HTTP status."),
        sa.Column("content_type", sa.Text(), nullable=False, comment="The Content-Type header."),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="Size of the decoded body, in bytes."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of the decoded body."),
        sa.Column("warc_file", sa.Text(), nullable=False, comment="File in the archive."),
        sa.Column(
            "warc_offset",
            sa.BigInteger(),
            nullable=False,
            comment="Offset of the record in that file, in bytes.",
        ),
        sa.Column(
            "warc_length",
            sa.BigInteger(),
            nullable=False,
            comment="Length of the record in that file, in bytes.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        comment="One row per HTTP exchange of each night; the bytes are in the archive.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_snapshots_night_service_id"), ["night", "service_id"], unique=False
        )
        batch_op.create_index("ix_snapshots_sha256", ["sha256"], unique=False)

    op.create_table(
        "verdicts",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("night", sa.Date(), nullable=False, comment="The night."),
        sa.Column("check_name", sa.Text(), nullable=False, comment="Name of the check."),
        sa.Column("table_name", sa.Text(), nullable=False, comment="Table it judges."),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=False,
            comment="figure (holds one back), whole (blocks publication) or warning.",
        ),
        sa.Column("passed", sa.Boolean(), nullable=False, comment="True when nothing failed."),
        sa.Column("failing", sa.BigInteger(), nullable=False, comment="Number of failing rows."),
        sa.Column("sample", warehouse.types.Json(), nullable=True, comment="Failing rows, at most 20."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What the check says must be true."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        comment="The outcome of each check, each night.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdicts_night"), ["night"], unique=False)


def downgrade() -> None:
    """Go back one version."""
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdicts_night"))

    op.drop_table("verdicts")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshots_sha256")
        batch_op.drop_index(batch_op.f("ix_snapshots_night_service_id"))

    op.drop_table("snapshots")
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_services_service_id_known_at"))

    op.drop_table("services")
    op.drop_table("restatements")
    op.drop_table("remarks")
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refusals_service_id_metric_id_period"))

    op.drop_table("refusals")
    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliations_edition_service_id"))

    op.drop_table("reconciliations")
    with op.batch_alter_table("qualifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualifications_service_id_as_of"))

    op.drop_table("qualifications")
    with op.batch_alter_table("portfolios", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portfolios_night"))

    op.drop_table("portfolios")
    with op.batch_alter_table("portfolio_counts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portfolio_counts_as_of_measure"))

    op.drop_table("portfolio_counts")
    with op.batch_alter_table("plf_indicators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plf_indicators_year_indicator"))

    op.drop_table("plf_indicators")
    with op.batch_alter_table("phases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phases_service_id_known_at"))

    op.drop_table("phases")
    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observations_service_id_metric_id_period_end"))

    op.drop_table("observations")
    with op.batch_alter_table("nights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nights_night"))

    op.drop_table("nights")
    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_metrics_service_id_metric_id"))

    op.drop_table("metrics")
    with op.batch_alter_table("held_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_back_service_id_metric_id"))

    op.drop_table("held_back")
    with op.batch_alter_table("growth", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_growth_service_id_metric_id_period"))

    op.drop_table("growth")
    with op.batch_alter_table("extractions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extractions_snapshot_sha256_service_id_metric_id"))

    op.drop_table("extractions")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_service_id_known_at"))

    op.drop_table("events")
    with op.batch_alter_table("criteria", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criteria_service_id_as_of"))

    op.drop_table("criteria")
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmations_table_name_scope_known_at"))

    op.drop_table("confirmations")
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_edition_service_id"))

    op.drop_table("claims")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_night_service_id"))

    op.drop_table("absences")
