"""Nearest names: suggestions for a misspelt one.

The distance counts letters that were inserted, left out, replaced or swapped, without regard to case. Three things are
not a matter of letters: another digit is another thing (``Ipv4`` is not a slip for ``Ipv6``), services use different
verbs for the same operation (``DescribeIpv4Gateways`` is near to ``ListIpv4Gateways``), and a verb for something else
is never meant (``GetBucket`` is not a slip for ``PutBucket``, which changes what the other reads).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

_DIGIT = 2
_ANOTHER_VERB = 2
_LONG_NAME = 12
_VERBS = (
    frozenset({"describe", "get", "list", "query"}),
    frozenset({"create", "add", "put"}),
    frozenset({"delete", "remove", "release"}),
    frozenset({"modify", "update", "set", "change"}),
    frozenset({"start", "run", "execute"}),
)
_ALONE = ("attach", "bind", "detach", "disable", "enable", "grant", "revoke", "stop", "unbind")
_VERB_GROUP = {verb: number for number, verbs in enumerate((*_VERBS, *((verb,) for verb in _ALONE))) for verb in verbs}
_FIRST_VERB = re.compile("|".join(sorted(_VERB_GROUP, key=len, reverse=True)))


def nearest(name: str, candidates: Iterable[str], *, within: int, most: int = 3) -> tuple[str, ...]:
    """The nearest candidates that are at most `within` away: the nearest one, with others only when they tie.

    Of candidates at the same distance, one with the same letters in another order is nearer.
    """
    found: list[tuple[int, bool, str]] = []
    letters = sorted(name.lower())
    for candidate in candidates:
        if _does_something_else(name.lower(), candidate.lower()):
            continue
        away = distance(name, candidate, within)
        if away <= within:
            found.append((away, sorted(candidate.lower()) != letters, candidate))
    found.sort()
    return tuple(candidate for *rank, candidate in found[:most] if rank == list(found[0][:2]))


def _does_something_else(one: str, other: str) -> bool:
    """True if two names begin with verbs that do not mean the same."""
    verb, other_verb = _FIRST_VERB.match(one), _FIRST_VERB.match(other)
    return verb is not None and other_verb is not None and _VERB_GROUP[verb[0]] != _VERB_GROUP[other_verb[0]]


def is_slip(name: str, meant: str) -> bool:
    """True if a name is so near to another that it is a slip of the pen rather than a name of its own."""
    slips = 1 if len(name) < _LONG_NAME else 2
    return _letters_apart(name.lower(), meant.lower(), slips) <= slips


def distance(one: str, other: str, within: int) -> int:
    """Edit distance of two names; any number above `within` means "further than that"."""
    low, low_other = one.lower(), other.lower()
    away = _letters_apart(low, low_other, within)
    verb, other_verb = _FIRST_VERB.match(low), _FIRST_VERB.match(low_other)
    if verb and other_verb and verb[0] != other_verb[0] and _VERB_GROUP[verb[0]] == _VERB_GROUP[other_verb[0]]:
        rest = _letters_apart(low[verb.end() :], low_other[other_verb.end() :], within - _ANOTHER_VERB)
        away = min(away, rest + _ANOTHER_VERB)
    return away


@lru_cache(maxsize=32768)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


def _letters_apart(one: str, other: str, within: int) -> int:
    """The optimal string alignment distance, given up as soon as it is known to exceed `within`."""
    far = max(within, 0) + 1
    if abs(len(one) - len(other)) > within:
        return far
    missing, surplus = (_letters(one) - _letters(other)).total(), (_letters(other) - _letters(one)).total()
    if max(missing, surplus) > within:
        return far
    before: list[int] = []
    row = list(accumulate(map(_cost, other), initial=0))
    for i, letter in enumerate(one, 1):
        before, row, last = row, [row[0] + _cost(letter)] + [far] * len(other), before
        for j in range(max(1, i - within), min(len(other), i + within) + 1):
            wanted = other[j - 1]
            left_out, inserted = _cost(letter), _cost(wanted)
            replaced = 0 if letter == wanted else max(left_out, inserted, left_out + inserted - 1)
            best = min(before[j] + left_out, row[j - 1] + inserted, before[j - 1] + replaced)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + (1 if letter != wanted else 0))
            row[j] = best
        if min(row) > within:
            return far
    return row[-1]


def _cost(letter: str) -> int:
    return _DIGIT if letter.isdigit() else 1
