"""The one way in which letter case is ignored: Unicode simple case folding, one character at a time.

Actions, the names of RAM's own resources, principals and the values of ``StringEqualsIgnoreCase`` are compared with it
(`unconfirmed.IGNORED_CASE`). Folding never changes the length of a text and never depends on the neighbours of a
character, so a pattern can be folded as well as the text that it is compared with. U+212A (the Kelvin sign) folds to
``k``, every sigma to the same small sigma; U+0130 and the sharp s, which have only longer counterparts, stay what they
are.

Source: The Unicode Standard, CaseFolding.txt, the mappings of status C and S.
"""

from __future__ import annotations

from functools import lru_cache

_CASED_BELOW = 0x20000  # no character from there on has letter case


def fold(text: str) -> str:
    """The text with letter case taken out; texts that differ in case only give the same."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def same_but_for_case(character: str) -> frozenset[str]:
    """All characters that fold to the same as this one, itself included."""
    folded = fold(character)
    return _counterparts().get(folded, frozenset({folded}))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character


@lru_cache(maxsize=1)
def _counterparts() -> dict[str, frozenset[str]]:
    """Every character that something else folds to, with all that fold to it."""
    found: dict[str, set[str]] = {}
    for code in range(_CASED_BELOW):
        character = chr(code)
        folded = character.casefold()
        if folded != character and (folded := _fold_character(character)) != character:
            found.setdefault(folded, {folded}).add(character)
    return {folded: frozenset(characters) for folded, characters in found.items()}
