"""What must be true of a night as a whole: one row per service tried (table ``nights``)."""

from expectations.check import Check

COVERAGE = 0.5
"""Share of the services tried of which at least one figure must be understood.

Half: three services of fourteen down is an ordinary night; most of them silent is our
network, our proxy or our reader, and nothing that rests on figures may change then.
"""

CHECKS = [
    Check(
        "services_tried",
        "nights",
        "whole",
        "At least one service was tried.",
        "ExpectTableRowCountToBeBetween",
        {"min_value": 1},
        failure="No service was tried.",
    ),
    Check(
        "coverage",
        "nights",
        "whole",
        "Enough services were understood: below half, the night says more about us than about them.",
        "ExpectColumnMeanToBeBetween",
        {"column": "read", "min_value": COVERAGE},
        failure="Coverage has collapsed: fewer than half of the services tried were understood.",
    ),
]
