"""Characters that are invisible, or that reverse the text around them, are shown as code points."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.visible import escaped, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("company-a", "company-a"),
        ("é漢 💩 עברית", "é漢 💩 עברית"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "\\u202egpj.exe"),
        ("admin\N{ZERO WIDTH SPACE}", "admin\\u200b"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}admin", "\\ufeffadmin"),
        ("a\x00b\x1b[31m\r", "a\\u0000b\\u001b[31m\\u000d"),
        ("one\N{LINE SEPARATOR}two\x85three", "one\\u2028two\\u0085three"),
        ("\N{TAG LATIN SMALL LETTER A}", "\\U000e0061"),
        ("\ufffe\ud800", "\\ufffe\\ud800"),
        ("👩\N{ZERO WIDTH JOINER}🚀", "👩\N{ZERO WIDTH JOINER}🚀"),
    ],
)
def test_invisible_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@given(st.text())
def test_any_text_can_stand_in_xml_and_means_what_is_visible(text: str) -> None:
    (line,) = ET.fromstring(f"<p>-{escaped(text)}</p>").itertext()
    assert line == f"-{visible(text)}"
