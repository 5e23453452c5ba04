"""Which tests `make test` leaves to `make thorough`: the rest of a table of which it runs the first rows.

Every kind of thing is tried by both; what is left out repeats it on more pages, rows or moments.
"""

import re

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # no test measures time, on a busy machine either
settings.load_profile("untimed")

THOROUGH = (
    r"tests/hostile/test_table\.py",
    r"tests/sweep/",
    r"tests/fuzz/test_corpus\.py::test_the_fuzzer",
    r"tests/pipelines/test_secrets\.py::test_(no_way_back|a_night_done_again|discovery|nothing_that)",
    r"tests/pipelines/site/test_browser\.py::test_each_kind_of_page\[(?!home-phone-light|(home|figure)-desk-dark)",
    r"tests/pipelines/site/test_browser\.py::test_(the_keyboard|without_scripts|on_a_web_server).*\[(?!home)",
    r"tests/pipelines/test_verify\.py::test_what_was_done_to_the_database_is_found\[",
    r"tests/pipelines/test_verify\.py::test_(a_version|the_service_files|a_reader|the_command|a_deleted)",
    r"tests/pipelines/test_verify_reports\.py::test_what_was_done_to_it_is_found\[(?!an edited claim)",
    r"tests/pipelines/test_verify_reports\.py::test_(the_archive|claims_of|a_file|a_report)",
    r"tests/pipelines/test_postgresql\.py",
    r"tests/pipelines/test_replay\.py::test_(?!the_command)",
    r"tests/pipelines/test_replay_mended\.py::test_(the_same|one_of)",
    r"tests/pipelines/test_mistakes\.py::test_a_(disk|database_whose)",
    r"tests/pipelines/test_verify\.py::test_what_was_done_to_the_archive_is_found\[(?!flip)",
    r"tests/connectors/drift/test_data_mutations\.py::test_no_other.*\[(?!metabase)",
    r"tests/connectors/drift/test_data_mutations\.py::test_a_page.*\[(?!login)",
    r"tests/pipelines/test_drift\.py::test_(a_night_that_proposed|an_earlier|no_figure|a_counter)",
    r"tests/pipelines/test_export\.py::test_a_killed",
    r"tests/pipelines/site/test_browser\.py::test_(a_page_prints|the_theme|search_from)",
    r"tests/warehouse/test_publication\.py::.*postgresql",
    r"tests/benchmarks/.*::test_(an_archive_is_replayed|the_nights_are_run)",
    r"tests/connectors/drift/test_(data_)?mutations\.py::test_most_figures",
    r"tests/connectors/drift/test_mutations\.py::test_no_other.*\[(?!withdrawn|struck_out)",
    r"tests/connectors/drift/test_mutations\.py::test_a_redesign.*\[(aimed|dated|in_english|in_swiss|without)",
    r"tests/pipelines/test_secrets\.py::test_the_words_beside",
    r"tests/pipelines/test_candidates\.py::test_(an_adopted|what_was_not|the_same_night)",
    r"tests/pipelines/test_mistakes\.py::test_a_portfolio_that_is_not_json_and_no_",
    r"tests/pipelines/test_verify\.py::test_what_rests_on",
    r"tests/pipelines/test_night\.py::test_(with_every_page_down|a_portfolio_that_coll|a_night_that_fails)",
    r"tests/pipelines/test_derived\.py::test_the_revisions",
    r"tests/pipelines/test_export\.py::test_two_exports",
    r"tests/pipelines/test_kill\.py::test_a_killed_night.*\[(the portfolio|some figures)",
    r"tests/pipelines/test_import_warc\.py::test_a_killed_import.*\[(extractions|observations)",
)
"""Node ids, as regular expressions."""

_IS_THOROUGH = re.compile("|".join(THOROUGH))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them."""
    for item in items:
        if _IS_THOROUGH.search(item.nodeid):
            item.add_marker(pytest.mark.thorough)
