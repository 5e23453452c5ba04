"""What must be true of the portfolio (table ``services``)."""

from expectations.check import Check

CHECKS = [
    Check(
        "portfolio_not_empty",
        "services",
        "whole",
        "The portfolio holds products.",
        "ExpectTableRowCountToBeBetween",
        {"min_value": 1},
        failure="The portfolio is empty.",
    ),
    Check(
        "service_ids_unique",
        "services",
        "whole",
        "Each product is one row: a doubled one would be counted twice.",
        "ExpectColumnValuesToBeUnique",
        {"column": "service_id"},
        failure="One product stands in two rows of the portfolio.",
    ),
    Check(
        "portfolio_not_collapsed",
        "services",
        "whole",
        "The portfolio keeps four products in five of those last known: a file cut short is no news.",
        "ExpectColumnMeanToBeBetween",
        {"column": "kept", "min_value": 0.8},
        failure="The portfolio has lost more than one product in five.",
    ),
]
