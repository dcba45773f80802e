"""Wildcard patterns of policy documents, matched in time linear in the text for any number of wildcards.

``*`` is zero or more characters, ``?`` is exactly one. In a resource of five fields a wildcard stays inside its field
(`unconfirmed.ARN_SEGMENTS`); an empty region or account means ``*`` (`unconfirmed.EMPTY_ARN_SEGMENT`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum

Matcher = Callable[[str], object]
"""Takes the text, gives something true when the whole text matches."""

_ARN_FIELDS = 5
_WILD = re.compile(r"[*?]")


class Wild(Enum):
    """What stands for characters in a pattern. FIELD_* never match a colon."""

    ONE = "?"
    MANY = "*"
    FIELD_ONE = "field ?"
    FIELD_MANY = "field *"


Token = str | Wild
_EXPRESSION = {Wild.ONE: ".", Wild.FIELD_ONE: "[^:]", Wild.MANY: ".*", Wild.FIELD_MANY: "[^:]*"}
_MANY = {Wild.MANY, Wild.FIELD_MANY}


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern can match more than itself."""
    return _WILD.search(pattern) is not None


def glob_tokens(pattern: str, *, one: Wild = Wild.ONE, many: Wild = Wild.MANY) -> tuple[Token, ...]:
    """A pattern as single characters and wildcards; runs of ``*`` become one."""
    tokens: list[Token] = []
    for character in pattern:
        if character == "*":
            if not tokens or tokens[-1] is not many:
                tokens.append(many)
        else:
            tokens.append(one if character == "?" else character)
    return tuple(tokens)


def normal_resource(pattern: str) -> str:
    """A resource pattern with its empty region and account written as ``*``."""
    parts = pattern.split(":", _ARN_FIELDS - 1)
    if len(parts) != _ARN_FIELDS:
        return pattern
    parts[2] = parts[2] or "*"
    parts[3] = parts[3] or "*"
    return ":".join(parts)


def resource_tokens(pattern: str) -> tuple[Token, ...]:
    """A resource pattern as characters and wildcards, with the wildcards of the first fields kept inside them."""
    parts = normal_resource(pattern).split(":", _ARN_FIELDS - 1)
    if len(parts) != _ARN_FIELDS:
        return glob_tokens(pattern)
    tokens: list[Token] = []
    for part in parts[:-1]:
        tokens.extend(glob_tokens(part, one=Wild.FIELD_ONE, many=Wild.FIELD_MANY))
        tokens.append(":")
    tokens.extend(glob_tokens(parts[-1]))
    return tuple(tokens)


def tokens_matcher(tokens: tuple[Token, ...]) -> Matcher:
    """Compile tokens into one expression without backtracking across wildcards.

    Between two ``*`` the leftmost occurrence of what stands there is always good enough, so it is taken for good
    (an atomic group); only the piece after the last ``*`` of a field is looked for at the field's end.
    """
    first, *rest = _split_before_many(tokens)
    out = [_expression(first)]
    for number, (many, *piece) in enumerate(rest, start=1):
        wild, text = _expression([many]), _expression(piece)
        if many is Wild.FIELD_MANY and ":" in piece:
            # The field ends inside this piece, and a field wildcard cannot run over its end: there is one place.
            out.append(f"(?>{wild}{text})")
        elif number == len(rest):
            out.append(f"{wild}{text}")
        else:
            out.append(f"(?>{wild}?{text})")
    return re.compile("".join(out), re.DOTALL).fullmatch


def _expression(tokens: Iterable[Token]) -> str:
    return "".join(_EXPRESSION[token] if isinstance(token, Wild) else re.escape(token) for token in tokens)


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
