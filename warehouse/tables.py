"""Every table and every column, each with the comment that explains it: the data dictionary.

Nothing is ever overwritten.  A row's ``id`` is a hash of what the row says, so the
same fact written twice is one row.  ``known_at`` is the moment we knew it; a fact that
stopped being true is followed by the same fact with ``withdrawn``.  ``warehouse/history.py``
holds these two rules.
"""

from typing import Any

import sqlalchemy as sa

from warehouse.types import Exact, Json, Moment

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, comment: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=optional, comment=comment)


def _day(name: str, comment: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=optional, comment=comment)


def _number(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, Exact, nullable=True, comment=comment)


def _count(name: str, comment: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=optional, comment=comment)


def _yes(name: str, comment: str, *, optional: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=optional, comment=comment)


def _json(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, Json, nullable=True, comment=comment)


def _table(name: str, comment: str, *columns: sa.Column[Any], index: tuple[str, ...] = ()) -> sa.Table:
    """A table with its content-hash key first and ``known_at`` last."""
    return sa.Table(
        name,
        metadata,
        sa.Column(
            "id", sa.String(20), primary_key=True, comment="Hash of what the row says (20 hex digits)."
        ),
        *columns,
        sa.Column("known_at", Moment, nullable=False, comment="The moment we knew it (UTC)."),
        *([sa.Index(None, *index)] if index else []),
        comment=comment,
        sqlite_with_rowid=False,
    )


def _service() -> sa.Column[str]:
    return _text("service_id", "Portfolio id of the service.")


def _metric() -> sa.Column[str]:
    return _text("metric_id", "Id of the metric within its service.")


def _withdrawn() -> sa.Column[bool]:
    return _yes("withdrawn", "True when, from known_at on, this is no longer said.")


def _portfolio() -> sa.Column[str]:
    return _text("portfolio_sha256", "SHA-256 of the portfolio body that says so.")


confirmations = _table(
    "confirmations",
    "Each day on which a table was told what it says already: an older word told late holds until then.",
    _text("table_name", "The table."),
    _text("scope", "Which part of it: the hash of a condition, empty for the whole."),
    index=("table_name", "scope", "known_at"),
)

services = _table(
    "services",
    "Each product of the portfolio, with its history.",
    _service(),
    _text("name", "Name of the product."),
    _text("pitch", "Its mission in one sentence.", optional=True),
    _text("incubator", "Id of its incubator.", optional=True),
    _text("link", "Its site.", optional=True),
    _text("stats_url", "Its public statistics page, as the portfolio gives it.", optional=True),
    _text("impact_url", "Its impact page, as the portfolio gives it.", optional=True),
    _text("budget_url", "Its public budget page.", optional=True),
    _text("repository", "Its source code.", optional=True),
    _text("dashlord_url", "Its page on DashLord.", optional=True),
    _text("accessibility_status", "Its declared accessibility status.", optional=True),
    _portfolio(),
    _withdrawn(),
    index=("service_id", "known_at"),
)

portfolios = _table(
    "portfolios",
    "Which copy of the portfolio served each night.",
    _day("night", "The night."),
    _text("sha256", "SHA-256 of its body."),
    _day("taken_on", "The night that copy was taken."),
    _text("trouble", "Why tonight's could not serve; empty when it did.", optional=True),
    _withdrawn(),
    index=("night",),
)

phases = _table(
    "phases",
    "Phases of each product's life, with their history.",
    _service(),
    _text("name", "Name of the phase, as written (unknown names are kept)."),
    _day("start", "First day; empty when the portfolio leaves it empty.", optional=True),
    _day("end", "Last day; empty when open or unknown.", optional=True),
    _portfolio(),
    _withdrawn(),
    index=("service_id", "known_at"),
)

events = _table(
    "events",
    "Dated events of each product (national_impact, fast, committee…), with their history.",
    _service(),
    _text("name", "Name of the event, as written."),
    _day("date", "Its day; empty when the portfolio leaves it empty.", optional=True),
    _text("comment", "Its comment, e-mail addresses removed."),
    _portfolio(),
    _withdrawn(),
    index=("service_id", "known_at"),
)

remarks = _table(
    "remarks",
    "What was odd in a portfolio, and how it was understood.",
    _service(),
    _text("field", "The field concerned."),
    _text("sentence", "What was met and what was made of it."),
    _portfolio(),
    _withdrawn(),
)

metrics = _table(
    "metrics",
    "What each service file declares of each metric, with its history.",
    _service(),
    _metric(),
    _text("label", "The figure's name, as staff say it (French)."),
    _text("unit", "Code of the unit."),
    _text("nature", "stock, flow, cumulative, ratio, cost or score."),
    _text("dimension", "Dimension of the programme's impact matrix."),
    _text("kind", "usage or impact, as in the national schema."),
    _text("reach", "What is counted; the threshold of national impact depends on it."),
    _yes("headline", "True for the figure that the annual report grows."),
    _text("evidence", "How we know the page prints it: source, inferred or report."),
    _text("anchor", "The words of the page that name it, where the locator does not.", optional=True),
    _yes("typed", "True when somebody types it by hand on the page."),
    _day("valid_until", "Last night that this version serves; empty for the one of today.", optional=True),
    _text("definition", "What exactly is counted, where the service file says it.", optional=True),
    _text("adds_to", "The total since launch that this flow adds to, if it does.", optional=True),
    _text("page_url", "Address of the page it is read on."),
    _text("spec_version", "Hash of the part of the service file that decides the reading."),
    _number("expect_min", "Below it the figure is held back."),
    _number("expect_max", "Above it the figure is flagged."),
    _number("expect_factor", "Largest believable ratio between two successive values."),
    _count("max_age_days", "Days it may stay unchanged before it counts as frozen.", optional=True),
    _withdrawn(),
    index=("service_id", "metric_id"),
)

snapshots = _table(
    "snapshots",
    "One row per HTTP exchange of each night; the bytes are in the archive.",
    _text("service_id", "Portfolio id of the service; empty for the portfolio itself.", optional=True),
    _day("night", "The night (day in Europe/Paris) it belongs to."),
    _text("asked_url", "The address the service file gives."),
    _count("hop", "Place in the chain of redirects, from 0."),
    _yes("answer", "True for the last exchange of the chain."),
    _text("url", "The address of this exchange."),
    sa.Column("fetched_at", Moment, nullable=False, comment="When the exchange took place (UTC)."),
    _count("status", "HTTP status."),
    _text("content_type", "The Content-Type header."),
    _count("bytes", "Size of the decoded body, in bytes."),
    _text("sha256", "SHA-256 of the decoded body."),
    _text("warc_file", "File in the archive."),
    _count("warc_offset", "Offset of the record in that file, in bytes."),
    _count("warc_length", "Length of the record in that file, in bytes."),
    index=("night", "service_id"),
)
sa.Index("ix_snapshots_sha256_url_night", snapshots.c.sha256, snapshots.c.url, snapshots.c.night)
sa.Index("ix_snapshots_service_id_night", snapshots.c.service_id, snapshots.c.night)

extractions = _table(
    "extractions",
    "Each figure as the page prints it, and where.",
    _service(),
    _metric(),
    _text("snapshot_sha256", "SHA-256 of the body it was read on."),
    _text("locator_kind", "css, jsonpath or csv."),
    _text("locator", "The place that matched."),
    _text("exact", "The verbatim characters."),
    _text("prefix", "The few words before."),
    _text("suffix", "The few words after."),
    _count("start", "Offset of the first character in the text of the body."),
    _count("end", "Offset after the last character."),
    _text("notation", "How digits are written: french, dot or json."),
    _text("period_text", "The date printed beside it, verbatim.", optional=True),
    _text("spec_version", "Version of the service file's page it was read with."),
    _text("reader", "Protocol and version that read it."),
    index=("snapshot_sha256", "service_id", "metric_id"),
)

absences = _table(
    "absences",
    "Each figure that was expected one night and not found, with its reason.",
    _day("night", "The night."),
    _service(),
    _metric(),
    _text("reason", "Short name of the reason."),
    _text("sentence", "What happened, in one sentence."),
    _text("advice", "What a person should do next."),
    _yes("again", "True when trying again may help."),
    _text("snapshot_sha256", "SHA-256 of the body it is missing from, if there was one.", optional=True),
    index=("night", "service_id"),
)
sa.Index("ix_absences_service_id_night", absences.c.service_id, absences.c.night)

observations = _table(
    "observations",
    "Each figure as understood.  A value that did not change is one row, however many nights confirm it.",
    _service(),
    _metric(),
    _number("value", "The value, in the unit."),
    _number("low", "Least value the printed precision allows; empty when unbounded."),
    _number("high", "Greatest value the printed precision allows; empty when unbounded."),
    _text("qualifier", "exact, at_least, at_most or about."),
    _text("unit", "Code of the unit."),
    _text("nature", "stock, flow, cumulative, ratio, cost or score."),
    _text("definition", "What exactly is counted, where the service file says it.", optional=True),
    _day("period_start", "First day described; empty for a total since launch.", optional=True),
    _day("period_end", "Last day described."),
    _yes("complete", "False while the period described is not over."),
    _text("text", "The characters that were understood."),
    _text("extraction_id", "The extraction it comes from."),
    _text("reader", "Version of the number and period readers."),
    index=("service_id", "metric_id", "period_end"),
)

restatements = _table(
    "restatements",
    "Each past value that changed, with the kind of change.",
    _service(),
    _metric(),
    _day("period_start", "First day described.", optional=True),
    _day("period_end", "Last day described."),
    _text("kind", "revision, redefinition, correction, withdrawal or technical."),
    _text("old_observation_id", "What we said before."),
    _text("new_observation_id", "What we say now; empty for a withdrawal.", optional=True),
    _text("reason", "Why, in one sentence."),
)

verdicts = _table(
    "verdicts",
    "The outcome of each check, each night.",
    _day("night", "The night."),
    _text("check_name", "Name of the check."),
    _text("table_name", "Table it judges."),
    _text("scope", "figure (holds one back), whole (blocks publication) or warning."),
    _yes("passed", "True when nothing failed."),
    _count("failing", "Number of failing rows."),
    _json("sample", "Failing rows, at most 20."),
    _text("sentence", "What the check says must be true."),
    _withdrawn(),
    index=("night",),
)

held_back = _table(
    "held_back",
    "Figures that a check refused, and their release.",
    _text("observation_id", "The figure refused."),
    _service(),
    _metric(),
    _text("check_name", "The check that refused it."),
    _text("reason", "Why, in one French sentence."),
    _number("value", "The value refused."),
    _text("last_good_observation_id", "The last figure that passed.", optional=True),
    _number("last_good_value", "Its value."),
    _day("last_good_day", "Its day.", optional=True),
    _day("night", "The night it was judged."),
    _withdrawn(),
    index=("service_id", "metric_id"),
)

incidents = _table(
    "incidents",
    "What went wrong with a page or a figure, from its first night to its last.",
    _service(),
    _text("page_url", "Address of the page."),
    _text("metric_id", "The figure concerned; empty for the whole page.", optional=True),
    _text("kind", "The reason of the absence, or fell, shrank, frozen, scale_changed, moved_off_site…"),
    _day("first_night", "The first night on which it was met."),
    _day("last_night", "The last one; empty while it lasts.", optional=True),
    _text("sentence", "The evidence of the first night, in one sentence."),
    _text("advice", "What a person should do."),
    _text("snapshot_sha256", "SHA-256 of the body on which it was met, if there was one.", optional=True),
    _text("mend", "What the patch does, when one is proposed.", optional=True),
    _text("patch", "The change of the service file, as a unified diff.", optional=True),
    _withdrawn(),
    index=("service_id", "first_night"),
)

unconfigured = _table(
    "unconfigured",
    "Services that publish statistics and have no service file: what their address gave when last visited.",
    _service(),
    _text("url", "The address, as the portfolio gives it, mended."),
    _text("kind", "What the address is: own page, metabase dashboard, superset, document…"),
    _text("outcome", "figures, nothing (a page without any), unreadable (nothing reads its kind) or failed."),
    _text("sentence", "Why there is no figure, in one sentence.", optional=True),
    _withdrawn(),
    index=("service_id",),
)

candidates = _table(
    "candidates",
    "Figures discovered on pages that nobody configured: guesses, apart from what is published.",
    _service(),
    _metric(),
    _text("page_url", "Address of the page."),
    _text("protocol", "How it is read."),
    _text("label", "The words beside it."),
    _text("exact", "The verbatim characters."),
    _number("value", "The value, as understood."),
    _number("low", "Least value the printed precision allows."),
    _number("high", "Greatest value the printed precision allows."),
    _text("qualifier", "exact, at_least, at_most or about."),
    _text("unit", "Code of the unit guessed."),
    _text("nature", "Nature guessed."),
    _json("locator", "Where it stands, in the format of service files."),
    _number("confidence", "From 0 to 1; below 1, since nobody has confirmed anything."),
    _json("reasons", "What the confidence rests on."),
    _day("night", "The night on which it was seen so."),
    _withdrawn(),
    index=("service_id", "metric_id"),
)

growth = _table(
    "growth",
    "Two observations of one metric compared.",
    _service(),
    _metric(),
    _text("period", "What is compared: a year such as 2023, or twelve months such as 2022-09..2023-08."),
    _text("base_period", "With what, such as 2022."),
    _text("base_observation_id", "The earlier observation; of several added up, the last."),
    _text("observation_id", "The later observation; of several added up, the last."),
    _json("base_parts", "Ids of all the observations that the earlier figure adds up."),
    _json("parts", "Ids of all the observations that the later figure adds up."),
    _text("kind", "percent, points or multiple."),
    _number("value", "The growth: percent, points, or the multiple itself."),
    _number("low", "Least growth that the printed precision allows; empty when unbounded."),
    _number("high", "Greatest growth that the printed precision allows; empty when unbounded."),
    _text("display", "As the annual report prints it, with its range where one figure would claim too much."),
    _text("display_en", "The same in English.", optional=True),
    _text("meaning", "What the sign means where it is not plain: a cost that falls (French).", optional=True),
    _text("rule", "Display rule: truncate or round."),
    _text("note", "In words: dates that are not the exact ones, what was added up (French).", optional=True),
    _withdrawn(),
    index=("service_id", "metric_id", "period"),
)

refusals = _table(
    "refusals",
    "Growth that was not computed, and why.",
    _service(),
    _metric(),
    _text("period", "What would be compared."),
    _text("base_period", "With what."),
    _text("reason", "Short name of the reason."),
    _text("sentence", "Why, in one French sentence."),
    _withdrawn(),
    index=("service_id", "metric_id", "period"),
)

qualifications = _table(
    "qualifications",
    "What may be said of each service: impact national, derived beside official.",
    _service(),
    _day("as_of", "The day from which this holds."),
    _text("verdict", "met, not_met or unknown, by the rule set."),
    _yes("designated", "True when the programme designated it (event or printed report)."),
    _count("cohort", "Year of its cohort, when designated.", optional=True),
    _text("rule_set", "Id of the rule set."),
    _text(
        "disagreement", "Why rule set and designation differ (French); empty when they agree.", optional=True
    ),
    _withdrawn(),
    index=("service_id", "as_of"),
)

criteria = _table(
    "criteria",
    "Each criterion of impact national for each service, with its evidence.",
    _service(),
    _day("as_of", "The day from which this holds."),
    _text("criterion", "deployment, impact or quality."),
    _text("verdict", "met, not_met or unknown."),
    _json("evidence", "What decides it: a list of {kind, ref, sentence}."),
    _text("rule_set", "Id of the rule set."),
    _withdrawn(),
    index=("service_id", "as_of"),
)

missing_evidence = _table(
    "missing_evidence",
    "What each service in acceleration or later lacks, criterion by criterion, to be of national impact.",
    _service(),
    _day("as_of", "The day from which this holds."),
    _text("criterion", "deployment, impact or quality."),
    _text("lacks", "Short name of what is lacking."),
    _text("verdict", "unknown (nothing proves it) or not_met (what is known proves the contrary)."),
    _text("sentence", "What is lacking, and where it would be given (French)."),
    _text("rule_set", "Id of the rule set."),
    _withdrawn(),
    index=("service_id", "as_of"),
)

portfolio_counts = _table(
    "portfolio_counts",
    "Counts over the portfolio at a date, as known at a moment.",
    _day("as_of", "The date."),
    _text("measure", "What is counted."),
    _count("value", "How many."),
    _json("products", "Ids of the products (or of the incubators) behind the number."),
    _withdrawn(),
    index=("as_of", "measure"),
)

plf_indicators = _table(
    "plf_indicators",
    "Indicators of the State's budget documents (programme 352), by calendar year.",
    _count("year", "The calendar year."),
    _text("indicator", "investigated, launched, launched_dinum, stopped, impact_national_new, fast…"),
    _number("previous", "The result of the year before; empty when no public source gives it."),
    _number("value", "The result; empty when no public source gives it."),
    _number("target", "The target printed in the budget document, when known."),
    _yes("met", "True when the result reaches the target; empty when one of them is missing.", optional=True),
    _text("source", "Where the result comes from."),
    _json("products", "Ids of the products behind the number."),
    _withdrawn(),
    index=("year", "indicator"),
)

reports = _table(
    "reports",
    "Each printed report that was imported; its bytes are in the archive.",
    _text("sha256", "SHA-256 of its body: the same bytes are one report."),
    _count("edition", "Year of the report."),
    _text("source", "The address or the file that it came from."),
    _text("format", "html, text or pdf."),
    _count("skipped", "Numbers that count nothing: dates, page numbers, telephone numbers."),
    _text("reader", "Version of the reading."),
    _withdrawn(),
    index=("edition",),
)

claims = _table(
    "claims",
    "What a printed report says, kept apart from what machines collected.",
    _text("claim_id", "Name of the claim: hash of the report and of the words, whoever reads them."),
    _count("edition", "Year of the report."),
    _text("service_id", "Portfolio id of the service; empty when not matched.", optional=True),
    _text("match", "How the service is known: certain, likely (to be confirmed), decided, or none."),
    _text("metric", "What is counted, as printed.", optional=True),
    _text("measure", "Name of the portfolio count or PLF indicator, or fast_award.", optional=True),
    _text("role", "In a table of results: result or target.", optional=True),
    _text("period", "Understood: 2023, 2023-12, 2023-12-31, start/end, or cumul.", optional=True),
    _text("period_text", "The date as printed.", optional=True),
    _text("period_from", "Where it is printed: sentence, column, table or heading.", optional=True),
    _count("column_year", "The year above the list, even when the sentence names another.", optional=True),
    _text("nature", "Understood: cumulative, flow, ratio, cost or score; empty when unsaid.", optional=True),
    _text("rhythm", "What is said of accumulation, as printed.", optional=True),
    _text("text", "The verbatim figure or growth, with all that changes its value."),
    _text("passage", "The whole paragraph, item or row that holds it."),
    _text("place", "Where in the report: page, headings, line."),
    _count("start", "Offset of the first character in the text of the report."),
    _count("end", "Offset after the last character."),
    _text("kind", "figure or growth."),
    _text("sense", "Of a growth: up or down.", optional=True),
    _text("base_claim", "Of a growth: the earlier figure printed (claim_id).", optional=True),
    _text("result_claim", "Of a growth: the later figure printed (claim_id).", optional=True),
    _number("value", "The value, as understood; of a growth: percent, points or the multiple."),
    _number("low", "Least value the printed precision allows."),
    _number("high", "Greatest value the printed precision allows."),
    _text("qualifier", "exact, at_least, at_most, about or not_available.", optional=True),
    _text("unit", "Code of the unit; empty when the table of units has none.", optional=True),
    _text("trouble", "Why the number is not understood, in one sentence.", optional=True),
    _text("doubt", "Why the words or the figures may be others, in one sentence.", optional=True),
    _text("report_sha256", "SHA-256 of the report."),
    _text("reader", "Version of the number and period readers."),
    _withdrawn(),
    index=("edition", "service_id"),
)
sa.Index("ix_claims_report_sha256", claims.c.report_sha256, claims.c.claim_id)

claim_questions = _table(
    "claim_questions",
    "What a person must decide about printed claims.",
    _text("question_id", "Name of the question, to be answered with."),
    _count("edition", "Year of the report."),
    _text("kind", "service or words."),
    _text("sentence", "The question."),
    _json("candidates", "Possible answers, best first."),
    _json("claims", "The claims that wait for it (claim_id)."),
    _text("report_sha256", "SHA-256 of the report."),
    _withdrawn(),
    index=("report_sha256", "question_id"),
)

claim_decisions = _table(
    "claim_decisions",
    "What a person decided about a printed claim.",
    _text("claim_id", "The claim."),
    _text("field", "service or words."),
    _text("answer", "The service's portfolio id, or the words; empty for none of them.", optional=True),
    _text("decided_by", "Who decided."),
    _withdrawn(),
    index=("claim_id", "field"),
)

unplaced_passages = _table(
    "unplaced_passages",
    "Numbers of a printed report that no rule could give a meaning to.",
    _count("edition", "Year of the report."),
    _text("number", "The number, verbatim; it may be in words."),
    _text("passage", "The paragraph, item or row that holds it."),
    _text("place", "Where in the report: page, headings, line."),
    _count("start", "Offset of the first character in the text of the report."),
    _count("end", "Offset after the last character."),
    _text("reason", "Why, in one sentence."),
    _text("report_sha256", "SHA-256 of the report."),
    _withdrawn(),
    index=("report_sha256", "start"),
)

reconciliations = _table(
    "reconciliations",
    "Each printed claim beside what the warehouse derives, or what another edition prints.",
    _count("edition", "Year of the report."),
    _text("service_id", "Portfolio id of the service.", optional=True),
    _text("metric", "What is counted, as printed.", optional=True),
    _text("period", "The year compared.", optional=True),
    _text("comparison", "With what: growth, own_figures, observation, edition, sum, period or portfolio."),
    _text("against", "The other edition, where there is one; empty otherwise."),
    _text("printed", "As printed."),
    _text("computed", "As derived, or as the other edition prints it.", optional=True),
    _text("verdict", "exact, consistent, inconsistent, not_comparable or no_data."),
    _text("finding", "slip, restated or redefined, where the difference can be told.", optional=True),
    _text("reason", "Why, in one French sentence."),
    _text("claim_id", "The claim."),
    _json("evidence", "What decides it: a list of {kind, ref}."),
    _withdrawn(),
    index=("edition", "service_id"),
)

nights = _table(
    "nights",
    "Each night: what was tried, what came, and whether it was published.",
    _day("night", "The night (day in Europe/Paris)."),
    _text("portfolio_sha256", "SHA-256 of the portfolio that served.", optional=True),
    _text("portfolio_trouble", "Why an older portfolio served; empty when tonight's did.", optional=True),
    _count("services", "Services tried."),
    _count("reached", "Services of which at least one page answered."),
    _count("read", "Services of which at least one figure was understood."),
    _count("figures", "Figures understood."),
    _count("absent", "Figures expected and not found."),
    _count("held", "Figures held back."),
    _text("state", "publishable or blocked."),
    _text("reason", "Why it was blocked.", optional=True),
    _withdrawn(),
    index=("night",),
)

seals = _table(
    "seals",
    "The manifests that seal each night's archive, as they stand beside it: one names the one before.",
    _day("night", "The night whose file is sealed."),
    _count("number", "Its place in the chain of all manifests, from 1."),
    _text("manifest_sha256", "SHA-256 of the manifest."),
    _text("previous", "SHA-256 of the manifest sealed before it; empty for the first.", optional=True),
    _text("replaces", "SHA-256 of the night's manifest before it, when the night grew.", optional=True),
    _text("warc_file", "The file sealed."),
    _count("warc_bytes", "Its size then, in bytes."),
    _text("warc_sha256", "SHA-256 of those bytes."),
    _count("records", "WARC records in them."),
    index=("night",),
)
