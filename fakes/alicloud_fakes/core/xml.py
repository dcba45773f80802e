"""Plain XML documents: answers of the API are mappings and lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

# xml.sax.saxutils would do this as well, and bring an HTTP client along.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml(root: str, content: Mapping[str, object] | str) -> str:
    """A document: mappings become elements, lists become repeated ones, none becomes an empty one."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _element(root, content, parts)
    return "".join(parts)


def escape_xml(text: str) -> str:
    """Text as it stands in an XML element; what no XML can hold is left out."""
    return _NOT_IN_XML.sub("", text).translate(_ESCAPES)


def _element(name: str, value: object, parts: list[str]) -> None:
    if isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for key, inner in cast("Mapping[str, object]", value).items():
            _element(key, inner, parts)
        parts.append(f"</{name}>")
    elif isinstance(value, list | tuple):
        for inner in cast("list[object]", value):
            _element(name, inner, parts)
    else:
        text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        parts.append(f"<{name}>{escape_xml(text)}</{name}>")
