"""Canonical XML, against the standard library's; and documents that are refused."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes.core.xmldsig import XmlError, canonical, parse

NAMES = st.sampled_from(["a", "b", "p:a", "q:b"])
TEXT = st.text(st.sampled_from("ab <>&\"'\t\n\u00e9"), max_size=6)


def _escape(text: str) -> str:
    out = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return out.replace("\t", "&#9;").replace("\n", "&#10;")


@st.composite
def elements(draw: Any, depth: int = 3) -> str:
    name = draw(NAMES)
    spaces = draw(st.dictionaries(st.sampled_from(["", "p", "q"]), st.sampled_from(["1", "2"]), max_size=2))
    # The standard library knows an attribute by its namespace alone: no two prefixes share one here.
    attributes = draw(st.dictionaries(NAMES, TEXT, max_size=3))
    # Two prefixes may not make one attribute: keep to one prefixed attribute of each local name.
    keep = {key.rpartition(":")[2] + str(":" in key): key for key in attributes}
    out = "".join(f' xmlns{":" if prefix else ""}{prefix}="urn:{prefix}{uri}"' for prefix, uri in spaces.items())
    out += "".join(f' {key}="{_escape(attributes[key])}"' for key in keep.values())
    inside = draw(TEXT).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if depth:
        inside += "".join(draw(st.lists(elements(depth=depth - 1), max_size=2)))
    return f"<{name}{out}>{inside}</{name}>"


@given(elements())
def test_canonical_xml_is_the_standard_librarys(inner: str) -> None:
    document = f'<root xmlns:p="urn:p" xmlns:q="urn:q">{inner}</root>'
    assert canonical(parse(document.encode())).decode() == ET.canonicalize(document)


def test_a_part_carries_the_namespaces_that_it_uses() -> None:
    document = parse(b'<r xmlns="urn:d" xmlns:p="urn:p" xmlns:unused="urn:u"><p:x z="1" p:a="2"/></r>')
    part = next(document.elements())
    assert canonical(part) == b'<p:x xmlns:p="urn:p" z="1" p:a="2"></p:x>'
    assert canonical(part, inclusive=["unused", "#default"]) == (
        b'<p:x xmlns="urn:d" xmlns:p="urn:p" xmlns:unused="urn:u" z="1" p:a="2"></p:x>'
    )


@pytest.mark.parametrize(
    "document",
    [
        b"<a>",
        b"",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<!DOCTYPE a><a/>",
        b"<a>" * 200 + b"</a>" * 200,
    ],
)
def test_refused(document: bytes) -> None:
    with pytest.raises(XmlError):
        parse(document)
