"""A PDF with a text layer, as small as one can be: each line of each page at its own height."""

Line = str | tuple[tuple[int, str], ...]
"""Words at the margin, or words at several distances from it."""


def pdf(*pages: list[Line]) -> bytes:
    """The bytes of a PDF whose pages print these lines."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        content = _content(lines)
        font = "<< /Font << /F1 3 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources {font}"
        page += f" /Contents {5 + 2 * at} 0 R >>"
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    return _file(objects)


def _content(lines: list[Line]) -> bytes:
    drawn = []
    for at, line in enumerate(lines):
        for x, words in ((0, line),) if isinstance(line, str) else line:
            said = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /F1 10 Tf {40 + x} {550 - 20 * at} Td ({said}) Tj ET")
    return "\n".join(drawn).encode("cp1252")


def _file(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)
