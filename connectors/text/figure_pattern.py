"""What a figure looks like where it stands alone; what it is worth is not asked here."""

import re

SCALE = r"(?:milliards?|millions?|milliers?|mille|Md[s€]?|[MkK]€|[kKM])(?![^\W\d_])"
"""A word of scale."""

_LEAD = r"(?:(?:plus|moins|près|environ|au-delà) (?:de |d')?|environ |[~≈>≥<≤+−–-] ?)?"
_NUMBER = r"\d(?:[\d ]*\d)?(?:[.,]\d+)?"
_SYMBOL = r"(?:[%‰€]|/ ?\d+|sur \d+|pts?|\+)"
_MISSING = r"N\.?D\.?|N/?A|n\.c\.|[–—-]|…|\.\.\."

NUMBER = re.compile(rf"{_LEAD}{_NUMBER}(?: ?{SCALE})?(?: ?{_SYMBOL})?", re.IGNORECASE)
"""A number with what belongs to it, in folded text."""

FIGURE = re.compile(rf"{NUMBER.pattern}|{_MISSING}", re.IGNORECASE)
"""A number, or that it is not available."""

CHANGE = re.compile(rf"\(?[+−–-] ?{_NUMBER} ?(?:%|pts?|points?)\)?", re.IGNORECASE)
"""How much a figure changed, printed beside it: no figure of its own, and no name."""
