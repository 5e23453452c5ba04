"""What must be true of each figure of a night (table ``observations``)."""

from decimal import Decimal

from expectations.check import Check, Row
from warehouse.normalisation.numbers import show

_PAIR = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}


def _below(row: Row) -> str:
    return f"{show(row['value'])} est inférieur au minimum attendu, {show(row['expect_min'])}."


def _falls(row: Row) -> str:
    return (
        f"Un cumul ne baisse pas : {show(row['value'])} après {show(row['good_value'])} "
        f"le {row['good_day']:%d/%m/%Y}."
    )


def _no_ratio(row: Row) -> str:
    return f"{show(row['value'], '%')} n'est pas entre {show(Decimal(0))} et {show(Decimal(100), '%')}."


def _jumps(row: Row) -> str:
    return (
        f"De {show(row['good_value'])} le {row['good_day']:%d/%m/%Y} à {show(row['value'])} : "
        f"plus de {show(row['expect_factor'])} fois d'écart."
    )


def _unturned(row: Row) -> str:
    return (
        f"Le compteur n'a peut-être pas encore tourné : {show(row['value'])}, "
        f"après {show(row['good_value'])} le {row['good_day']:%d/%m/%Y}."
    )


CHECKS = [
    Check(
        "figures_not_empty",
        "observations",
        "whole",
        "At least one figure is understood: a night that read nothing has nothing to publish.",
        "ExpectTableRowCountToBeBetween",
        {"min_value": 1},
        failure="No figure was understood at all.",
    ),
    Check(
        "observation_ids_unique",
        "observations",
        "whole",
        "Each observation is one row: a doubled row would be counted twice.",
        "ExpectColumnValuesToBeUnique",
        {"column": "id"},
        failure="One observation stands in two rows.",
    ),
    Check(
        "observations_have_their_extraction",
        "observations",
        "whole",
        "Each figure leads back to the characters it was printed in.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "locator"},
        failure="A figure has lost the characters it was printed in.",
    ),
    Check(
        "observations_have_their_snapshot",
        "observations",
        "whole",
        "Each figure leads back to bytes in the archive.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "warc_file"},
        failure="A figure has lost its bytes in the archive.",
    ),
    Check(
        "above_minimum",
        "observations",
        "figure",
        "A figure is not below the minimum of its service file: a counter at 0 is a page still loading.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "value", "column_B": "expect_min", **_PAIR},
        refusal=_below,
    ),
    Check(
        "cumulative_never_falls",
        "observations",
        "figure",
        "A total since launch does not fall: when it does, what is counted changed, or the page is wrong.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "high", "column_B": "good_low", **_PAIR},
        only=("nature", "cumulative"),
        refusal=_falls,
    ),
    Check(
        "ratio_within_bounds",
        "observations",
        "figure",
        "A share in percent is between 0 and 100.",
        "ExpectColumnValuesToBeBetween",
        {"column": "percent", "min_value": 0, "max_value": 100},
        only=("nature", "ratio"),
        refusal=_no_ratio,
    ),
    Check(
        "no_jump",
        "observations",
        "figure",
        "A figure is not further from the last good one than its factor, up or down: a unit got lost.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "expect_factor", "column_B": "jump", **_PAIR},
        refusal=_jumps,
    ),
    Check(
        "period_turned",
        "observations",
        "figure",
        "A year or a month that has just begun is not what the page showed of the one before.",
        "ExpectColumnValuesToBeInSet",
        {"column": "unturned", "value_set": [0]},
        refusal=_unturned,
    ),
    Check(
        "below_maximum",
        "observations",
        "warning",
        "A figure is not above the maximum of its service file: it may be true, and someone should look.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "expect_max", "column_B": "value", **_PAIR},
    ),
    Check(
        "not_frozen",
        "observations",
        "warning",
        "A figure changed within the age its service file allows: a page that froze still answers.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "max_age_days", "column_B": "age_days", **_PAIR},
    ),
]
