"""The regions into which lists of wildcard patterns cut all texts.

The patterns are run side by side as one automaton whose states are found while it runs. A state is the lists that have
matched for good (a pattern ended in ``*`` was entered) and the places in other patterns that have been reached. Every
combination of lists that some text matches is found, together with a shortest text that does. The alphabet is the
characters of the patterns and one character that stands for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ram_policies.pattern import Letters, Wild
from ram_policies.proof.budget import Budget

Relevant = Callable[[int, int], bool]
"""Function of the lists that match for certain and of those that may, as bits; true if such texts matter."""

_OTHERS = "xyzwqvkju0123456789"
_PRIVATE_USE = 0xE000
_STATE_WORDS = 24  # what a state takes beside its places
_MANY = (Wild.MANY, Wild.FIELD_MANY)


@dataclass(frozen=True, slots=True)
class PatternRegion:
    """A set of texts that match the same lists.

    Attributes:
        matches: bit i is set when the texts match a pattern of list i.
        example: a shortest text of the region.
    """

    matches: int
    example: str


def pattern_regions(
    lists: Sequence[Iterable[Letters]], budget: Budget, relevant: Relevant = lambda _certain, _possible: True
) -> Iterator[PatternRegion]:
    """Every combination of lists that some text matches, each once, those with short examples first.

    Args:
        lists: what the texts are compared with; a text matches a list when it matches one of its patterns.
        budget: the work that may be done.
        relevant: which texts matter; regions of others may be left out.

    Raises:
        TooMuchWorkError: the budget is used up.
    """
    automaton = _Automaton(lists, budget)
    seen = {automaton.start}
    found: set[int] = set()
    layer: list[tuple[_State, _Path | None]] = [(automaton.start, None)]
    while layer:
        following: list[tuple[_State, _Path | None]] = []
        for state, path in layer:
            certain, possible = state[0], automaton.possible(state)
            budget.spend(1 + len(state[1]))
            if not relevant(certain, possible):
                continue
            matches = automaton.matches(state)
            if matches not in found:
                found.add(matches)
                yield PatternRegion(matches, _text(path))
            for letter, after in automaton.steps(state):
                if after not in seen:
                    budget.keep(_STATE_WORDS + len(after[1]))
                    seen.add(after)
                    following.append((after, (path, letter)))
        layer = following


_State = tuple[int, tuple[int, ...]]
_Path = tuple["_Path | None", str]


def _text(path: _Path | None) -> str:
    letters: list[str] = []
    while path is not None:
        path, letter = path
        letters.append(letter)
    return "".join(reversed(letters))


class _Automaton:
    """All patterns at once. Places are numbered through all patterns; the place after the last letter is the end."""

    def __init__(self, lists: Sequence[Iterable[Letters]], budget: Budget) -> None:
        members: dict[Letters, int] = {}
        for index, patterns in enumerate(lists):
            for pattern in patterns:
                members[pattern] = members.get(pattern, 0) | 1 << index
        self._budget = budget
        self._letters: list[Wild | str | None] = []  # None at an end
        self._owners: list[int] = []
        self._covers_from: list[int] = []  # for a place before a "*": the first place that it makes superfluous
        self._places: list[int] = []  # one integer object for each place, shared by all states
        starts: list[int] = []
        for pattern, owner in members.items():
            budget.keep(4 * len(pattern) + 4)
            starts.append(len(self._letters))
            self._add(pattern, owner)
        self._places = list(range(len(self._letters)))
        self._other = _other_than({c for letter in self._letters if isinstance(letter, str) for c in letter})
        self.start = self._settle(0, [self._places[place] for place in starts])

    def _add(self, pattern: Letters, owner: int) -> None:
        start = field = len(self._letters)
        for letter in pattern:
            place = len(self._letters)
            self._covers_from.append(start if letter is Wild.MANY else field)
            if letter is Wild.MANY or letter is Wild.ONE or (isinstance(letter, frozenset) and ":" in letter):
                field = place + 1
            self._letters.append(letter if isinstance(letter, Wild) else _in_order(letter))
            self._owners.append(owner)
        self._letters.append(None)
        self._owners.append(owner)
        self._covers_from.append(start)

    def possible(self, state: _State) -> int:
        """The lists that the text, or one that begins with it, may match."""
        mask, places = state
        owners = self._owners
        for place in places:
            mask |= owners[place]
        return mask

    def matches(self, state: _State) -> int:
        """The lists that the text which led to the state matches."""
        mask, places = state
        for place in places:
            letter = self._letters[place]
            if letter is None or (letter in _MANY and self._letters[place + 1] is None):
                mask |= self._owners[place]
        return mask

    def steps(self, state: _State) -> Iterator[tuple[str, _State]]:
        """The states one character later, for every character that makes a difference."""
        settled, places = state
        anywhere: list[int] = []  # reached by every character
        in_field: list[int] = []  # reached by every character but the colon
        named: dict[str, list[int]] = {}
        letters, numbers = self._letters, self._places
        for place in places:
            letter = letters[place]
            while letter is Wild.MANY or letter is Wild.FIELD_MANY:
                (anywhere if letter is Wild.MANY else in_field).append(numbers[place])
                place += 1  # noqa: PLW2901 - the "*" may also stand for nothing
                letter = letters[place]
            if letter is None:
                continue
            after = numbers[place + 1]
            if letter is Wild.ONE:
                anywhere.append(after)
            elif letter is Wild.FIELD_ONE:
                in_field.append(after)
            else:
                for character in letter:
                    named.setdefault(character, []).append(after)
        by_colon = named.pop(":", [])
        yield self._other, self._settle(settled, [*anywhere, *in_field])
        for character, reached in named.items():
            yield character, self._settle(settled, [*anywhere, *in_field, *reached])
        yield ":", self._settle(settled, [*anywhere, *by_colon])

    def _settle(self, settled: int, reached: list[int]) -> _State:
        """A state from the places reached: lists that match for good are noted, superfluous places are left out."""
        self._budget.spend(1 + len(reached))
        reached.sort(reverse=True)
        kept: list[int] = []
        covered_from = last = -1
        letters, owners = self._letters, self._owners
        for place in reached:
            letter = letters[place]
            if letter is Wild.MANY and letters[place + 1] is None:
                settled |= owners[place]
        for place in reached:
            if place == last or not owners[place] & ~settled:
                continue
            last = place
            if covered_from >= 0:
                if place >= covered_from:
                    continue
                covered_from = -1
            kept.append(place)
            letter = letters[place]
            if letter is Wild.MANY or letter is Wild.FIELD_MANY:
                covered_from = self._covers_from[place]
        return settled, tuple(kept)


def _in_order(letter: frozenset[str]) -> str:
    """The characters in an order that is always the same, those first that a reader would expect."""
    return "".join(sorted(letter, key=lambda c: (not c.isascii(), not c.islower(), c)))


def _other_than(named: set[str]) -> str:
    """A character that no pattern names, a harmless one where possible."""
    for character in _OTHERS:
        if character not in named:
            return character
    return next(chr(code) for code in range(_PRIVATE_USE, _PRIVATE_USE + len(named) + 1) if chr(code) not in named)
