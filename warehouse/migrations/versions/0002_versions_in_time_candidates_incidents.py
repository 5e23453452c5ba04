"""Versions in time, candidates, incidents."""

import sqlalchemy as sa
from alembic import op

import warehouse.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one version."""
    op.create_table(
        "candidates",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("metric_id", sa.Text(), nullable=False, comment="Id of the metric within its service."),
        sa.Column("page_url", sa.Text(), nullable=False, comment="Address of the page."),
        sa.Column("protocol", sa.Text(), nullable=False, comment="How it is read."),
        sa.Column("label", sa.Text(), nullable=False, comment="The words beside it."),
        sa.Column("exact", sa.Text(), nullable=False, comment="The verbatim characters."),
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
        sa.Column("qualifier", sa.Text(), nullable=False, comment="exact, at_least, at_most or about."),
        sa.Column("unit", sa.Text(), nullable=False, comment="Code of the unit guessed."),
        sa.Column("nature", sa.Text(), nullable=False, comment="Nature guessed."),
        sa.Column(
            "locator",
            warehouse.types.Json(),
            nullable=True,
            comment="Where it stands, in the format of service files.",
        ),
        sa.Column(
            "confidence",
            warehouse.types.Exact(),
            nullable=True,
            comment="From 0 to 1; below 1, since nobody has confirmed anything.",
        ),
        sa.Column("reasons", warehouse.types.Json(), nullable=True, comment="What the confidence rests on."),
        sa.Column("night", sa.Date(), nullable=False, comment="The night on which it was seen so."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        comment="Figures discovered on pages that nobody configured: guesses, apart from what is published.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidates_service_id_metric_id"), ["service_id", "metric_id"], unique=False
        )

    op.create_table(
        "claim_decisions",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("claim_id", sa.Text(), nullable=False, comment="The claim."),
        sa.Column("field", sa.Text(), nullable=False, comment="service or words."),
        sa.Column(
            "answer",
            sa.Text(),
            nullable=True,
            comment="The service's portfolio id, or the words; empty for none of them.",
        ),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="Who decided."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_decisions")),
        comment="What a person decided about a printed claim.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("claim_decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_decisions_claim_id_field"), ["claim_id", "field"], unique=False
        )

    op.create_table(
        "claim_questions",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column(
            "question_id", sa.Text(), nullable=False, comment="Name of the question, to be answered with."
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False, comment="Year of the report."),
        sa.Column("kind", sa.Text(), nullable=False, comment="service or words."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="The question."),
        sa.Column(
            "candidates", warehouse.types.Json(), nullable=True, comment="Possible answers, best first."
        ),
        sa.Column(
            "claims", warehouse.types.Json(), nullable=True, comment="The claims that wait for it (claim_id)."
        ),
        sa.Column("report_sha256", sa.Text(), nullable=False, comment="SHA-256 of the report."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_questions")),
        comment="What a person must decide about printed claims.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("claim_questions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_questions_report_sha256_question_id"),
            ["report_sha256", "question_id"],
            unique=False,
        )

    op.create_table(
        "incidents",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("page_url", sa.Text(), nullable=False, comment="Address of the page."),
        sa.Column(
            "metric_id", sa.Text(), nullable=True, comment="The figure concerned; empty for the whole page."
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="The reason of the absence, or fell, shrank, frozen, scale_changed, moved_off_site…",
        ),
        sa.Column("first_night", sa.Date(), nullable=False, comment="The first night on which it was met."),
        sa.Column("last_night", sa.Date(), nullable=True, comment="The last one; empty while it lasts."),
        sa.Column(
            "sentence", sa.Text(), nullable=False, comment="The evidence of the first night, in one sentence."
        ),
        sa.Column("advice", sa.Text(), nullable=False, comment="What a person should do."),
        sa.Column(
            "snapshot_sha256",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the body on which it was met, if there was one.",
        ),
        sa.Column("mend", sa.Text(), nullable=True, comment="What the patch does, when one is proposed."),
        sa.Column(
            "patch", sa.Text(), nullable=True, comment="The change of the service file, as a unified diff."
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        comment="What went wrong with a page or a figure, from its first night to its last.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_incidents_service_id_first_night"), ["service_id", "first_night"], unique=False
        )

    op.create_table(
        "missing_evidence",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The day from which this holds."),
        sa.Column("criterion", sa.Text(), nullable=False, comment="deployment, impact or quality."),
        sa.Column("lacks", sa.Text(), nullable=False, comment="Short name of what is lacking."),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="unknown (nothing proves it) or not_met (what is known proves the contrary).",
        ),
        sa.Column(
            "sentence",
            sa.Text(),
            nullable=False,
            comment="What is lacking, and where it would be given (French).",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_evidence")),
        comment="What each service in acceleration or later lacks, criterion by criterion, to be of national impact.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("missing_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_missing_evidence_service_id_as_of"), ["service_id", "as_of"], unique=False
        )

    op.create_table(
        "reports",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column(
            "sha256", sa.Text(), nullable=False, comment="SHA-256 of its body: the same bytes are one report."
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False, comment="Year of the report."),
        sa.Column("source", sa.Text(), nullable=False, comment="The address or the file that it came from."),
        sa.Column("format", sa.Text(), nullable=False, comment="html, text or pdf."),
        sa.Column(
            "skipped",
            sa.BigInteger(),
            nullable=False,
            comment="Numbers that count nothing: dates, page numbers, telephone numbers.",
        ),
        sa.Column("reader", sa.Text(), nullable=False, comment="Version of the reading."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        comment="Each printed report that was imported; its bytes are in the archive.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_edition"), ["edition"], unique=False)

    op.create_table(
        "seals",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("night", sa.Date(), nullable=False, comment="The night whose file is sealed."),
        sa.Column(
            "number",
            sa.BigInteger(),
            nullable=False,
            comment="Its place in the chain of all manifests, from 1.",
        ),
        sa.Column("manifest_sha256", sa.Text(), nullable=False, comment="SHA-256 of the manifest."),
        sa.Column(
            "previous",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the manifest sealed before it; empty for the first.",
        ),
        sa.Column(
            "replaces",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the night's manifest before it, when the night grew.",
        ),
        sa.Column("warc_file", sa.Text(), nullable=False, comment="The file sealed."),
        sa.Column("warc_bytes", sa.BigInteger(), nullable=False, comment="Its size then, in bytes."),
        sa.Column("warc_sha256", sa.Text(), nullable=False, comment="SHA-256 of those bytes."),
        sa.Column("records", sa.BigInteger(), nullable=False, comment="WARC records in them."),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        comment="The manifests that seal each night's archive, as they stand beside it: one names the one before.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("seals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seals_night"), ["night"], unique=False)

    op.create_table(
        "unconfigured",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("service_id", sa.Text(), nullable=False, comment="Portfolio id of the service."),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="The address, as the portfolio gives it, mended."
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="What the address is: own page, metabase dashboard, superset, document…",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="figures, nothing (a page without any), unreadable (nothing reads its kind) or failed.",
        ),
        sa.Column("sentence", sa.Text(), nullable=True, comment="Why there is no figure, in one sentence."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unconfigured")),
        comment="Services that publish statistics and have no service file: what their address gave when last visited.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("unconfigured", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unconfigured_service_id"), ["service_id"], unique=False)

    op.create_table(
        "unplaced_passages",
        sa.Column(
            "id", sa.String(length=20), nullable=False, comment="Hash of what the row says (20 hex digits)."
        ),
        sa.Column("edition", sa.BigInteger(), nullable=False, comment="Year of the report."),
        sa.Column("number", sa.Text(), nullable=False, comment="The number, verbatim; it may be in words."),
        sa.Column("passage", sa.Text(), nullable=False, comment="The paragraph, item or row that holds it."),
        sa.Column("place", sa.Text(), nullable=False, comment="Where in the report: page, headings, line."),
        sa.Column(
            "start",
            sa.BigInteger(),
            nullable=False,
            comment="Offset of the first character in the text of the report.",
        ),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="Offset after the last character."),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in one sentence."),
        sa.Column("report_sha256", sa.Text(), nullable=False, comment="SHA-256 of the report."),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="True when, from known_at on, this is no longer said.",
        ),
        sa.Column(
            "known_at", warehouse.types.Moment(), nullable=False, comment="The moment we knew it (UTC)."
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unplaced_passages")),
        comment="Numbers of a printed report that no rule could give a meaning to.",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("unplaced_passages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unplaced_passages_report_sha256_start"), ["report_sha256", "start"], unique=False
        )

    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "claim_id",
                sa.Text(),
                nullable=False,
                comment="Name of the claim: hash of the report and of the words, whoever reads them.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "match",
                sa.Text(),
                nullable=False,
                comment="How the service is known: certain, likely (to be confirmed), decided, or none.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "measure",
                sa.Text(),
                nullable=True,
                comment="Name of the portfolio count or PLF indicator, or fast_award.",
            )
        )
        batch_op.add_column(
            sa.Column("role", sa.Text(), nullable=True, comment="In a table of results: result or target.")
        )
        batch_op.add_column(
            sa.Column("period_text", sa.Text(), nullable=True, comment="The date as printed.")
        )
        batch_op.add_column(
            sa.Column(
                "period_from",
                sa.Text(),
                nullable=True,
                comment="Where it is printed: sentence, column, table or heading.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "column_year",
                sa.BigInteger(),
                nullable=True,
                comment="The year above the list, even when the sentence names another.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "nature",
                sa.Text(),
                nullable=True,
                comment="Understood: cumulative, flow, ratio, cost or score; empty when unsaid.",
            )
        )
        batch_op.add_column(
            sa.Column("rhythm", sa.Text(), nullable=True, comment="What is said of accumulation, as printed.")
        )
        batch_op.add_column(
            sa.Column(
                "passage",
                sa.Text(),
                nullable=False,
                comment="The whole paragraph, item or row that holds it.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "start",
                sa.BigInteger(),
                nullable=False,
                comment="Offset of the first character in the text of the report.",
            )
        )
        batch_op.add_column(
            sa.Column("end", sa.BigInteger(), nullable=False, comment="Offset after the last character.")
        )
        batch_op.add_column(sa.Column("sense", sa.Text(), nullable=True, comment="Of a growth: up or down."))
        batch_op.add_column(
            sa.Column(
                "base_claim",
                sa.Text(),
                nullable=True,
                comment="Of a growth: the earlier figure printed (claim_id).",
            )
        )
        batch_op.add_column(
            sa.Column(
                "result_claim",
                sa.Text(),
                nullable=True,
                comment="Of a growth: the later figure printed (claim_id).",
            )
        )
        batch_op.add_column(
            sa.Column(
                "trouble",
                sa.Text(),
                nullable=True,
                comment="Why the number is not understood, in one sentence.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "doubt",
                sa.Text(),
                nullable=True,
                comment="Why the words or the figures may be others, in one sentence.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "reader", sa.Text(), nullable=False, comment="Version of the number and period readers."
            )
        )
        batch_op.add_column(
            sa.Column(
                "withdrawn",
                sa.Boolean(),
                nullable=False,
                comment="True when, from known_at on, this is no longer said.",
            )
        )
        batch_op.create_index("ix_claims_report_sha256", ["report_sha256", "claim_id"], unique=False)

    with op.batch_alter_table("growth", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "base_parts",
                warehouse.types.Json(),
                nullable=True,
                comment="Ids of all the observations that the earlier figure adds up.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "parts",
                warehouse.types.Json(),
                nullable=True,
                comment="Ids of all the observations that the later figure adds up.",
            )
        )
        batch_op.add_column(sa.Column("display_en", sa.Text(), nullable=True, comment="The same in English."))
        batch_op.add_column(
            sa.Column(
                "meaning",
                sa.Text(),
                nullable=True,
                comment="What the sign means where it is not plain: a cost that falls (French).",
            )
        )

    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "anchor",
                sa.Text(),
                nullable=True,
                comment="The words of the page that name it, where the locator does not.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "typed",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="True when somebody types it by hand on the page.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "valid_until",
                sa.Date(),
                nullable=True,
                comment="Last night that this version serves; empty for the one of today.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "definition",
                sa.Text(),
                nullable=True,
                comment="What exactly is counted, where the service file says it.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "adds_to",
                sa.Text(),
                nullable=True,
                comment="The total since launch that this flow adds to, if it does.",
            )
        )

    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "definition",
                sa.Text(),
                nullable=True,
                comment="What exactly is counted, where the service file says it.",
            )
        )

    with op.batch_alter_table("plf_indicators", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "previous",
                warehouse.types.Exact(),
                nullable=True,
                comment="The result of the year before; empty when no public source gives it.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "met",
                sa.Boolean(),
                nullable=True,
                comment="True when the result reaches the target; empty when one of them is missing.",
            )
        )

    with op.batch_alter_table("portfolio_counts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "products",
                warehouse.types.Json(),
                nullable=True,
                comment="Ids of the products (or of the incubators) behind the number.",
            )
        )

    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("period", sa.Text(), nullable=True, comment="The year compared."))
        batch_op.add_column(
            sa.Column(
                "comparison",
                sa.Text(),
                nullable=False,
                comment="With what: growth, own_figures, observation, edition, sum, period or portfolio.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "against",
                sa.Text(),
                nullable=False,
                comment="The other edition, where there is one; empty otherwise.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "finding",
                sa.Text(),
                nullable=True,
                comment="slip, restated or redefined, where the difference can be told.",
            )
        )
        batch_op.add_column(
            sa.Column(
                "evidence",
                warehouse.types.Json(),
                nullable=True,
                comment="What decides it: a list of {kind, ref}.",
            )
        )

    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshots_sha256"))
        batch_op.create_index("ix_snapshots_sha256_url_night", ["sha256", "url", "night"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # the comments that changed; SQLite keeps none
        op.alter_column(
            "claims",
            "period",
            comment="Understood: 2023, 2023-12, 2023-12-31, start/end, or cumul.",
            existing_comment="The period printed, such as 2023.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "text",
            comment="The verbatim figure or growth, with all that changes its value.",
            existing_comment="The verbatim claim.",
            existing_nullable=False,
        )
        op.alter_column(
            "claims",
            "place",
            comment="Where in the report: page, headings, line.",
            existing_comment="Where in the report.",
            existing_nullable=False,
        )
        op.alter_column(
            "claims",
            "value",
            comment="The value, as understood; of a growth: percent, points or the multiple.",
            existing_comment="The value, as understood.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "qualifier",
            comment="exact, at_least, at_most, about or not_available.",
            existing_comment="exact, at_least, at_most or about.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "unit",
            comment="Code of the unit; empty when the table of units has none.",
            existing_comment="Code of the unit.",
            existing_nullable=True,
        )
        op.alter_column(
            "growth",
            "period",
            comment="What is compared: a year such as 2023, or twelve months such as 2022-09..2023-08.",
            existing_comment="What is compared, such as 2023.",
            existing_nullable=False,
        )
        op.alter_column(
            "growth",
            "base_observation_id",
            comment="The earlier observation; of several added up, the last.",
            existing_comment="The earlier observation.",
            existing_nullable=False,
        )
        op.alter_column(
            "growth",
            "observation_id",
            comment="The later observation; of several added up, the last.",
            existing_comment="The later observation.",
            existing_nullable=False,
        )
        op.alter_column(
            "growth",
            "note",
            comment="In words: dates that are not the exact ones, what was added up (French).",
            existing_comment="In words: dates that are not the exact ones (French).",
            existing_nullable=True,
        )
        op.alter_column(
            "reconciliations",
            "metric",
            comment="What is counted, as printed.",
            existing_comment="What is counted.",
            existing_nullable=True,
        )
        op.alter_column(
            "reconciliations",
            "computed",
            comment="As derived, or as the other edition prints it.",
            existing_comment="As derived.",
            existing_nullable=True,
        )
        op.create_table_comment(
            "reconciliations",
            "Each printed claim beside what the warehouse derives, or what another edition prints.",
            existing_comment="Each printed claim beside what the warehouse derives.",
        )
        op.alter_column(
            "restatements",
            "new_observation_id",
            comment="What we say now; empty for a withdrawal.",
            existing_comment="What we say now.",
            existing_nullable=True,
        )


def downgrade() -> None:
    """Go back one version."""
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshots_sha256_url_night")
        batch_op.create_index(batch_op.f("ix_snapshots_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.drop_column("evidence")
        batch_op.drop_column("finding")
        batch_op.drop_column("against")
        batch_op.drop_column("comparison")
        batch_op.drop_column("period")

    with op.batch_alter_table("portfolio_counts", schema=None) as batch_op:
        batch_op.drop_column("products")

    with op.batch_alter_table("plf_indicators", schema=None) as batch_op:
        batch_op.drop_column("met")
        batch_op.drop_column("previous")

    with op.batch_alter_table("observations", schema=None) as batch_op:
        batch_op.drop_column("definition")

    with op.batch_alter_table("metrics", schema=None) as batch_op:
        batch_op.drop_column("adds_to")
        batch_op.drop_column("definition")
        batch_op.drop_column("valid_until")
        batch_op.drop_column("typed")
        batch_op.drop_column("anchor")

    with op.batch_alter_table("growth", schema=None) as batch_op:
        batch_op.drop_column("meaning")
        batch_op.drop_column("display_en")
        batch_op.drop_column("parts")
        batch_op.drop_column("base_parts")

    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index("ix_claims_report_sha256")
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("reader")
        batch_op.drop_column("doubt")
        batch_op.drop_column("trouble")
        batch_op.drop_column("result_claim")
        batch_op.drop_column("base_claim")
        batch_op.drop_column("sense")
        batch_op.drop_column("end")
        batch_op.drop_column("start")
        batch_op.drop_column("passage")
        batch_op.drop_column("rhythm")
        batch_op.drop_column("nature")
        batch_op.drop_column("column_year")
        batch_op.drop_column("period_from")
        batch_op.drop_column("period_text")
        batch_op.drop_column("role")
        batch_op.drop_column("measure")
        batch_op.drop_column("match")
        batch_op.drop_column("claim_id")

    with op.batch_alter_table("unplaced_passages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unplaced_passages_report_sha256_start"))

    op.drop_table("unplaced_passages")
    with op.batch_alter_table("unconfigured", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unconfigured_service_id"))

    op.drop_table("unconfigured")
    with op.batch_alter_table("seals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seals_night"))

    op.drop_table("seals")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_edition"))

    op.drop_table("reports")
    with op.batch_alter_table("missing_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_missing_evidence_service_id_as_of"))

    op.drop_table("missing_evidence")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incidents_service_id_first_night"))

    op.drop_table("incidents")
    with op.batch_alter_table("claim_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_questions_report_sha256_question_id"))

    op.drop_table("claim_questions")
    with op.batch_alter_table("claim_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_decisions_claim_id_field"))

    op.drop_table("claim_decisions")
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidates_service_id_metric_id"))

    op.drop_table("candidates")
    if op.get_bind().dialect.name == "postgresql":  # the comments that changed; SQLite keeps none
        op.alter_column(
            "restatements",
            "new_observation_id",
            comment="What we say now.",
            existing_comment="What we say now; empty for a withdrawal.",
            existing_nullable=True,
        )
        op.create_table_comment(
            "reconciliations",
            "Each printed claim beside what the warehouse derives.",
            existing_comment="Each printed claim beside what the warehouse derives, or what another edition prints.",
        )
        op.alter_column(
            "reconciliations",
            "computed",
            comment="As derived.",
            existing_comment="As derived, or as the other edition prints it.",
            existing_nullable=True,
        )
        op.alter_column(
            "reconciliations",
            "metric",
            comment="What is counted.",
            existing_comment="What is counted, as printed.",
            existing_nullable=True,
        )
        op.alter_column(
            "growth",
            "note",
            comment="In words: dates that are not the exact ones (French).",
            existing_comment="In words: dates that are not the exact ones, what was added up (French).",
            existing_nullable=True,
        )
        op.alter_column(
            "growth",
            "observation_id",
            comment="The later observation.",
            existing_comment="The later observation; of several added up, the last.",
            existing_nullable=False,
        )
        op.alter_column(
            "growth",
            "base_observation_id",
            comment="The earlier observation.",
            existing_comment="The earlier observation; of several added up, the last.",
            existing_nullable=False,
        )
        op.alter_column(
            "growth",
            "period",
            comment="What is compared, such as 2023.",
            existing_comment="What is compared: a year such as 2023, or twelve months such as 2022-09..2023-08.",
            existing_nullable=False,
        )
        op.alter_column(
            "claims",
            "unit",
            comment="Code of the unit.",
            existing_comment="Code of the unit; empty when the table of units has none.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "qualifier",
            comment="exact, at_least, at_most or about.",
            existing_comment="exact, at_least, at_most, about or not_available.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "value",
            comment="The value, as understood.",
            existing_comment="The value, as understood; of a growth: percent, points or the multiple.",
            existing_nullable=True,
        )
        op.alter_column(
            "claims",
            "place",
            comment="Where in the report.",
            existing_comment="Where in the report: page, headings, line.",
            existing_nullable=False,
        )
        op.alter_column(
            "claims",
            "text",
            comment="The verbatim claim.",
            existing_comment="The verbatim figure or growth, with all that changes its value.",
            existing_nullable=False,
        )
        op.alter_column(
            "claims",
            "period",
            comment="The period printed, such as 2023.",
            existing_comment="Understood: 2023, 2023-12, 2023-12-31, start/end, or cumul.",
            existing_nullable=True,
        )
