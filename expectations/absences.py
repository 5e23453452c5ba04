"""What must be true of what is missing one night (table ``absences``)."""

from expectations.check import Check

CHECKS = [
    Check(
        "nothing_lost",
        "absences",
        "warning",
        "A figure that was on record is found again: one that vanishes is a page that changed.",
        "ExpectColumnValuesToBeNull",
        {"column": "last_day"},
    ),
    Check(
        "absences_have_a_reason",
        "absences",
        "whole",
        "Each missing figure says why: a silent gap looks like a zero.",
        "ExpectColumnValueLengthsToBeBetween",
        {"column": "sentence", "min_value": 1},
        failure="A figure is missing without a reason.",
    ),
]
