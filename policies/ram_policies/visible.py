"""Texts of other people on a page: letters that cannot be seen, or that turn the text around them, are written out."""

from __future__ import annotations

import unicodedata
from html import escape

# Two of the format characters shape letters and emoji, and neither hides nor turns anything.
_KEPT = frozenset("\n\t\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_NO_CHARACTERS = 0xFFFE  # the last two of each plane, which XML cannot hold


def visible(text: str) -> str:
    r"""The text with control and format characters written as in JSON: ``\u202e``.

    Without it, a right-to-left override in a name makes what follows read backwards, and a zero-width space makes two
    different names look the same.
    """
    if text.isprintable():
        return text
    return "".join(_number(one) if _hidden(one) else one for one in text)


def escaped(text: str) -> str:
    """The text for HTML or XML: visible, and what has a meaning there is escaped."""
    return escape(visible(text))


def _hidden(letter: str) -> bool:
    if letter in _KEPT:
        return False
    return unicodedata.category(letter) in _HIDDEN or ord(letter) & _NO_CHARACTERS == _NO_CHARACTERS


def _number(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"
