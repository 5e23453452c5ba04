"""Elements: HTML made of values, so that no text is ever taken for markup."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Content = str | Element


def tag(name: str, /, *content: Content | Iterable[Content], **attributes: str) -> Element:
    """An element with its texts and elements in order.

    An attribute that Python cannot name ends or is written with an underscore: ``class_``, ``http_equiv``.
    Characters that HTML cannot hold are shown as U+FFFD.
    """
    element = Element(name, {key.rstrip("_").replace("_", "-"): clean(it) for key, it in attributes.items()})
    for one in content:
        for part in (one,) if isinstance(one, str | Element) else one:
            _add(element, part)
    return element


def _add(element: Element, part: Content) -> None:
    if isinstance(part, Element):
        element.append(part)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + clean(part)
    else:
        element.text = (element.text or "") + clean(part)


def clean(text: str) -> str:
    """The text, with U+FFFD for what HTML cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def page(root: Element) -> str:
    """A whole document."""
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"
