"""Great Expectations, imported once and in peace."""

import warnings


def import_great_expectations() -> None:
    """Import it now: what it says of its own imports is no warning about our code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations.expectations  # noqa: F401
