"""Printed annual reports: bytes in, claims out.  ``reader.read_report`` is the door.

``layout`` (text and blocks, from HTML, Markdown, flattened text or PDF) → ``cards`` (which blocks
belong together, under which title and year) → ``services`` (which product) → ``figures``, ``tables``
(claims) → ``growths`` (the two figures behind a growth).
"""
