"""The regions into which wildcard patterns cut all texts.

Patterns are run side by side as one automaton, one bit for each position in each pattern. Every combination of
patterns that some text matches is found, together with a shortest text that does. The alphabet is the characters of the
patterns and one character that stands for all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ram_policies.pattern import Token, Wild

Letter = Wild | frozenset[str]
"""One element of a pattern: a wildcard, or the characters of which one must stand there."""

Pattern = tuple[Letter, ...]

STATES = 40_000
"""How many states are visited for one set of patterns before giving up."""

_OTHERS = "xyzwqvkju0123456789"
_PRIVATE_USE = 0xE000
_MANY = {Wild.MANY, Wild.FIELD_MANY}
_IN_FIELD = {Wild.FIELD_ONE, Wild.FIELD_MANY}


class TooManyRegionsError(Exception):
    """The patterns cut the texts into more regions than can be looked at."""


class Budget:
    """How much work may still be done; several searches can share one, so that many small ones end, too."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, amount: int = 1) -> None:
        """Note work.

        Raises:
            TooManyRegionsError: the budget is used up.
        """
        self._left -= amount
        if self._left < 0:
            raise TooManyRegionsError


@dataclass(frozen=True, slots=True)
class Region:
    """A set of texts that match the same patterns.

    Attributes:
        matches: bit i is set when the texts match pattern i.
        example: a shortest text of the region.
    """

    matches: int
    example: str


def exactly(tokens: Iterable[Token]) -> Pattern:
    """A pattern whose characters stand for themselves."""
    return tuple(token if isinstance(token, Wild) else frozenset(token) for token in tokens)


def in_any_case(tokens: Iterable[Token]) -> Pattern:
    """A pattern whose characters stand for themselves in lower and in upper case."""
    return tuple(
        token if isinstance(token, Wild) else frozenset(c for c in (token.lower(), token.upper()) if len(c) == 1)
        for token in tokens
    )


def regions(patterns: Sequence[Pattern], budget: Budget | None = None) -> Iterator[Region]:
    """Every combination of patterns that some text matches, each once, those with short examples first.

    Args:
        patterns: what the texts are compared with.
        budget: states that may be visited, over several calls; `STATES` for this one when None.

    Raises:
        TooManyRegionsError: more states would have to be visited.
    """
    budget = budget or Budget(STATES)
    automaton = _Automaton(patterns)
    seen = {automaton.start}
    found: set[int] = set()
    layer = [(automaton.start, "")]
    while layer:
        following: list[tuple[int, str]] = []
        for state, text in layer:
            matches = automaton.matches(state)
            if matches not in found:
                found.add(matches)
                yield Region(matches, text)
            for letter, after in automaton.steps(state):
                if after not in seen:
                    seen.add(after)
                    following.append((after, text + letter))
        budget.spend(len(following))
        layer = following


class _Automaton:
    """All patterns at once: bit p of a state is set when a pattern can have come as far as its position p."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.start = 0
        self._ends: list[int] = []
        self._many = 0
        stay_outside, advance_outside = 0, 0  # on a character no pattern names
        stay_colon, advance_colon = 0, 0
        named: dict[str, int] = {}
        bit = 1
        for pattern in patterns:
            self.start |= bit
            for letter in pattern:
                if isinstance(letter, frozenset):
                    for character in letter:
                        named[character] = named.get(character, 0) | bit
                elif letter in _MANY:
                    self._many |= bit
                    stay_outside |= bit
                    stay_colon |= 0 if letter in _IN_FIELD else bit
                else:
                    advance_outside |= bit
                    advance_colon |= 0 if letter in _IN_FIELD else bit
                bit <<= 1
            self._ends.append(bit)
            bit <<= 1
        other = _other_than(named)
        colon = named.pop(":", 0)
        self._named = [(character, mask) for character, mask in sorted(named.items())]
        self._outside = (other, advance_outside, stay_outside)
        self._colon = (":", advance_colon | colon, stay_colon)
        self.start = self._close(self.start)

    def _close(self, state: int) -> int:
        return state | (state & self._many) << 1

    def steps(self, state: int) -> Iterator[tuple[str, int]]:
        """The states one character later, for every character that makes a difference."""
        other, advance, stay = self._outside
        stayed = state & stay
        moved = (state & advance) << 1
        yield other, self._close(moved | stayed)
        for character, mask in self._named:
            if state & mask:
                yield character, self._close((state & mask) << 1 | moved | stayed)
        character, advance, stay = self._colon
        yield character, self._close((state & advance) << 1 | state & stay)

    def matches(self, state: int) -> int:
        """The patterns that match the text that led to the state, as bits."""
        return sum(1 << index for index, end in enumerate(self._ends) if state & end)


def _other_than(named: Iterable[str]) -> str:
    """A character that no pattern names, a harmless one where possible."""
    taken = {*named, ":"}
    for character in _OTHERS:
        if character not in taken:
            return character
    return next(chr(code) for code in range(_PRIVATE_USE, _PRIVATE_USE + len(taken) + 1) if chr(code) not in taken)
