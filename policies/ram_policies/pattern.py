"""Wildcard patterns of policy documents, matched in time linear in the text for any number of wildcards.

``*`` is zero or more characters, ``?`` is exactly one. In a resource of five fields a wildcard stays inside its field
(`unconfirmed.ARN_SEGMENTS`); an empty region or account means ``*`` (`unconfirmed.EMPTY_ARN_SEGMENT`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import lru_cache

from ram_policies.arn import FIELDS, arn_fields
from ram_policies.folding import fold, same_but_for_case

Matcher = Callable[[str], object]
"""Function of a text; its result is true when the whole text matches."""

_WILD = re.compile(r"[*?]")


class Wild(Enum):
    """Wildcards of a pattern. FIELD_* never match a colon."""

    ONE = "?"
    MANY = "*"
    FIELD_ONE = "field ?"
    FIELD_MANY = "field *"


Token = str | Wild
Tokenizer = Callable[[str], tuple[Token, ...]]
Letter = Wild | frozenset[str]
"""One place in a pattern of letters: a wildcard, or the characters of which one must stand there."""

Letters = tuple[Letter, ...]

_MANY = {Wild.MANY, Wild.FIELD_MANY}
_TEXT = {Wild.ONE: ".", Wild.FIELD_ONE: "[^:]", Wild.MANY: ".*", Wild.FIELD_MANY: "[^:]*"}
# Halves of surrogate pairs are no characters, and the parser refuses them.
_STANDS_FOR = {Wild.ONE: "\ud800", Wild.FIELD_ONE: "\ud801", Wild.MANY: "\ud802", Wild.FIELD_MANY: "\ud803"}
_PATTERN = {
    Wild.ONE: "[^\ud802\ud803]",
    Wild.FIELD_ONE: "[^:\ud800\ud802\ud803]",
    Wild.MANY: ".*",
    Wild.FIELD_MANY: "[^:\ud800\ud802]*",
}


def has_wildcard(pattern: str) -> bool:
    """True if a pattern can match more than itself."""
    return _WILD.search(pattern) is not None


def glob_tokens(pattern: str, *, one: Wild = Wild.ONE, many: Wild = Wild.MANY) -> tuple[Token, ...]:
    """A pattern as characters and wildcards; of a run of wildcards the ``?`` come first, then at most one ``*``."""
    tokens: list[Token] = []
    for run in re.findall(r"[*?]+|[^*?]+", pattern):
        if run[0] in "*?":
            tokens.extend([one] * run.count("?"))
            if "*" in run:
                tokens.append(many)
        else:
            tokens.extend(run)
    return tuple(tokens)


def normal_resource(pattern: str) -> str:
    """A resource pattern with its empty region and account written as ``*``."""
    parts = arn_fields(pattern)
    if len(parts) != FIELDS:
        return pattern
    parts[2] = parts[2] or "*"
    parts[3] = parts[3] or "*"
    return ":".join(parts)


def resource_tokens(pattern: str) -> tuple[Token, ...]:
    """A resource pattern as characters and wildcards, with the wildcards of the first fields kept inside them."""
    parts = arn_fields(normal_resource(pattern))
    if len(parts) != FIELDS:
        return glob_tokens(pattern)
    tokens: list[Token] = []
    for part in parts[:-1]:
        tokens.extend(glob_tokens(part, one=Wild.FIELD_ONE, many=Wild.FIELD_MANY))
        tokens.append(":")
    tokens.extend(glob_tokens(parts[-1]))
    return tuple(tokens)


def exactly(tokens: Iterable[Token]) -> Letters:
    """A pattern whose characters stand for themselves."""
    return tuple(token if isinstance(token, Wild) else frozenset(token) for token in tokens)


def in_any_case(text: str) -> Letters:
    """A pattern of the texts that differ from this one in letter case only; it has no wildcards."""
    return tuple(same_but_for_case(character) for character in text)


def tokens_matcher(tokens: tuple[Token, ...]) -> Matcher:
    """A matcher for texts."""
    return re.compile(_expression(tokens, _TEXT), re.DOTALL).fullmatch


def cover(tokens: tuple[Token, ...]) -> Callable[[str], bool]:
    """A test whether another pattern, as from `as_text`, can match nothing that this one does not match.

    True is always right. False may be wrong where only the whole of several characters and wildcards is covered.
    """
    if not any(isinstance(token, Wild) for token in tokens):
        return as_text(tokens).__eq__
    expression = re.compile(_expression(tokens, _PATTERN), re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None


def as_text(tokens: tuple[Token, ...]) -> str:
    """A pattern as a text for `cover`, its wildcards as characters that no policy can hold."""
    return "".join(_STANDS_FOR[token] if isinstance(token, Wild) else token for token in tokens)


def _expression(tokens: tuple[Token, ...], meaning: Mapping[Wild, str]) -> str:
    """An expression that does not backtrack across wildcards.

    Between two ``*`` the leftmost occurrence of what stands there is always good enough, so it is taken for good
    (an atomic group); only the piece after the last ``*`` of a field is looked for at the field's end.
    """

    def literal(piece: Iterable[Token]) -> str:
        return "".join(meaning[token] if isinstance(token, Wild) else re.escape(token) for token in piece)

    first, *rest = _split_before_many(tokens)
    out = [literal(first)]
    for number, (many, *piece) in enumerate(rest, start=1):
        wild, text = literal([many]), literal(piece)
        if many is Wild.FIELD_MANY and ":" in piece:
            # The field ends inside this piece, and a field wildcard cannot run over its end: there is one place.
            out.append(f"(?>{wild}{text})")
        elif number == len(rest):
            out.append(f"{wild}{text}")
        else:
            out.append(f"(?>{wild}?{text})")
    return "".join(out)


def _split_before_many(tokens: tuple[Token, ...]) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        if token in _MANY:
            pieces.append([token])
        else:
            pieces[-1].append(token)
    return pieces


def glob_matcher(pattern: str) -> Matcher:
    """A matcher for a pattern in which wildcards match any character."""
    if not has_wildcard(pattern):
        return pattern.__eq__
    return tokens_matcher(glob_tokens(pattern))


def resource_matcher(pattern: str) -> Matcher:
    """A matcher for a resource pattern; the text is a resource, ``acs:ecs:cn-hangzhou:12345678:instance/i-1``."""
    return tokens_matcher(resource_tokens(pattern))


def action_tokens(pattern: str) -> tuple[Token, ...]:
    """A pattern of actions as characters and wildcards, letter case taken out: actions are compared without it."""
    return glob_tokens(fold(pattern))


@lru_cache(maxsize=4096)
def action_matcher(pattern: str) -> Matcher:
    """A matcher for a pattern of actions; the text is a folded action."""
    return glob_matcher(fold(pattern))
