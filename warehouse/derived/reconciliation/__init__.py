"""Reconciliation: each printed claim beside what the warehouse derives, and beside the other editions.

``record`` is all that is looked at, read once; ``words`` and ``values`` say what is alike.  Each other
module makes one kind of comparison, and gives rows that ``warehouse/derived/reconciliations.py`` keeps.

Nothing sound may be accused: a difference that can be read in two ways is *not comparable*, with the
reason; a difference whose digits show how it came about is a slip.
"""
