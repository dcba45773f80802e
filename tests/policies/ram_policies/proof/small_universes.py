"""Small universes: many pairs of documents against every request of a universe that they share.

A universe has a handful of patterns, conditions and principals, of which statements are made, and the requests near
them. The evaluator is asked once for each statement and request; the answers are kept as bits, so that a pair of
documents is judged in microseconds, with nothing of the prover: a request is allowed when an Allow speaks about it and
no Deny does. The documents of a pair are alike, since a fault shows where two documents differ in one place.

    python tests/policies/ram_policies/proof/small_universes.py --pairs 1000000 --seed 7
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from universes import Values, callers, combinations_of, near_action, near_resource, near_value, spread
from vocabularies import GROUP, GROUP_KEY, GROUPS, VOCABULARIES, Chance, Vocabulary

from ram_policies import proof
from ram_policies.access.scopes import ScopedDocument, grants_at_most, grants_never
from ram_policies.document import Condition, Document, Effect, Statement
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet

PAIRS_OF_A_UNIVERSE = 250
_ASKED_IN_VAIN = 0.25
_STATEMENTS = 40
_REQUESTS = 900
_EVERYTHING = Statement(Effect.ALLOW, ("*",), (), ("*",))


@dataclass(frozen=True, slots=True)
class Told:
    """A statement and the requests of the universe that it speaks about, as bits."""

    statement: Statement
    about: int

    @property
    def allows(self) -> bool:
        return self.statement.effect is Effect.ALLOW


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that the prover answered wrongly.

    Attributes:
        question: ``at most`` or ``never both``, or ``at most, with groups`` or ``never, with groups``.
        sides: the documents.
        request: the counterexample.
    """

    question: str
    sides: tuple[Document, ...]
    request: Request


Pair = tuple[Sequence[Told], Sequence[Told]]


class Universe:
    """Statements of one vocabulary, and requests near them."""

    def __init__(self, chance: Chance, kind: str = "") -> None:
        self._chance = chance
        kind = kind or chance.choice(list(VOCABULARIES))
        self._grouped = kind == GROUPS
        words = VOCABULARIES[kind](chance)
        self.requests = list(_requests(words))
        made = dict.fromkeys(_statement(chance, words) for _ in range(_STATEMENTS))
        self.told = [Told(statement, self._about(statement)) for statement in made]
        self._alike: dict[Statement, list[Told]] = {
            told.statement: [other for other in self.told if _near(told.statement, other.statement)]
            for told in self.told
        }

    def _about(self, statement: Statement) -> int:
        """The requests that it speaks about, by the evaluator: a Deny refuses what it speaks about of everything."""
        denies = statement.effect is Effect.DENY
        policies = _attached((_EVERYTHING, statement) if denies else (statement,))
        return sum(
            1 << place
            for place, request in enumerate(self.requests)
            if (policies.decide(request) is Outcome.ALLOW) is not denies
        )

    def side(self) -> list[Told]:
        """A few statements."""
        return self._chance.choices(self.told, k=self._chance.choice((1, 1, 2, 2, 3)))

    def neighbour(self, side: Sequence[Told]) -> list[Told]:
        """The same statements but for one: changed in one place, left out, or with another beside it."""
        several, place = list(side), self._chance.randrange(len(side))
        match self._chance.randrange(5):
            case 0:
                return self.side()
            case 1:
                return [*several, self._chance.choice(self.told)]
            case 2 if len(several) > 1:
                return several[:place] + several[place + 1 :]
            case _:
                alike = self._alike[several[place].statement]
                if alike:
                    several[place] = self._chance.choice(alike)
                return several

    def pair(self) -> Pair:
        """Two sides that are close to each other."""
        one = self.side()
        return one, self.neighbour(one)

    def wrong(self, pair: Pair, counted: Counter[str]) -> Wrong | None:
        """Ask about one pair; return the wrong answer, None when there is none."""
        one, other = pair
        if self._grouped:
            return self._wrong_with_groups(one, other, counted)
        sides = (_document(one), _document(other))
        meant = allowed(one), allowed(other)
        for name, prove, shown in (
            ("at most", proof.allows_at_most, meant[0] & ~meant[1]),
            ("never both", proof.never_overlap, meant[0] & meant[1]),
        ):
            if not shown and self._chance.random() > _ASKED_IN_VAIN:
                continue  # here the prover can only be wrong by a counterexample that is not confirmed
            answer = prove(*sides)
            counted[f"{name}: {answer.verdict}"] += 1
            if answer.holds and shown:
                return Wrong(name, sides, self._first(shown))
        return None

    def _wrong_with_groups(self, one: Sequence[Told], other: Sequence[Told], counted: Counter[str]) -> Wrong | None:
        scoped = [[(told, self._chance.choice((None, GROUP))) for told in side] for side in (one, other)]
        sides = [[ScopedDocument(Document((told.statement,)), scope) for told, scope in side] for side in scoped]
        meant = [
            (group, *(_allowed_in(side, group) & self._possible_in(group) for side in scoped))
            for group in (None, GROUP)
        ]
        forbidden = _document(other)
        for name, prove, shown in (
            ("at most", lambda: grants_at_most(*sides), [(group, new & ~old) for group, new, old in meant]),
            (
                "never",
                lambda: grants_never(sides[0], forbidden),
                [(group, new & allowed(other)) for group, new, _ in meant],
            ),
        ):
            if not any(bits for _, bits in shown) and self._chance.random() > _ASKED_IN_VAIN:
                continue
            answer = prove()
            counted[f"{name}, with groups: {answer.verdict}"] += 1
            for group, bits in shown:
                if answer.holds and bits:
                    request = replace(self._first(bits), resource_group=group)
                    documents = tuple(one.document for side in sides for one in side)
                    return Wrong(f"{name}, with groups", documents, request)
        return None

    def _possible_in(self, group: str | None) -> int:
        """The requests about resources of the group, or of any other: one that names its group names the right one."""
        named = (request.context.get(GROUP_KEY) for request in self.requests)
        return sum(
            1 << place for place, name in enumerate(named) if name is None or (name == GROUP) is (group == GROUP)
        )

    def _first(self, bits: int) -> Request:
        return self.requests[(bits & -bits).bit_length() - 1]

    def confirm(self, side: Sequence[Told]) -> None:
        """Compare the bits with the evaluator's answer about the document as a whole."""
        policies, bits = _attached(told.statement for told in side), allowed(side)
        for place, request in enumerate(self.requests):
            assert (policies.decide(request) is Outcome.ALLOW) is bool(bits >> place & 1), (side, request)


def allowed(side: Sequence[Told]) -> int:
    """The requests that statements allow together: a Deny wins."""
    bits = 0
    for told in side:
        if told.allows:
            bits |= told.about
    for told in side:
        if not told.allows:
            bits &= ~told.about
    return bits


def _allowed_in(side: Sequence[tuple[Told, str | None]], group: str | None) -> int:
    """The requests that grants allow in a group: those of the account decide, and where they are silent the group's."""
    whole = [told for told, scope in side if scope is None]
    limited = [told for told, scope in side if scope is not None and scope == group]
    denied = 0
    for told in whole:
        denied |= 0 if told.allows else told.about
    return allowed(whole) | (allowed(limited) & ~denied)


def search(chance: Chance, pairs: int, counted: Counter[str]) -> Wrong | None:
    """Ask about pairs until an answer is wrong."""
    for number in range(pairs):
        if number % PAIRS_OF_A_UNIVERSE == 0:
            universe = Universe(chance)
            universe.confirm(universe.side())
        counted["pairs"] += 1
        found = universe.wrong(universe.pair(), counted)
        if found is not None:
            return found
    return None


def _attached(statements: Iterator[Statement] | Sequence[Statement]) -> PolicySet:
    return PolicySet([Policy("", PolicyType.CUSTOM, Document(tuple(statements)))])


def _document(side: Sequence[Told]) -> Document:
    return Document(tuple(told.statement for told in side))


def _near(one: Statement, other: Statement) -> bool:
    """True if two statements differ in one place."""
    fields = ("effect", "resources", "principals", "conditions")
    differ = sum(getattr(one, field) != getattr(other, field) for field in fields)
    return differ + ((one.actions, one.not_actions) != (other.actions, other.not_actions)) == 1


def _statement(chance: Chance, words: Vocabulary) -> Statement:
    effect = chance.choice((Effect.ALLOW, Effect.ALLOW, Effect.DENY))
    actions, nothing = chance.choice(words.actions), ()
    negated = chance.random() < 0.25
    return Statement(
        effect,
        nothing if negated else actions,
        actions if negated else nothing,
        chance.choice(words.resources),
        chance.choice(words.principals),
        chance.choice(words.conditions),
    )


def _requests(words: Vocabulary) -> Iterator[Request]:
    statements = [Statement(Effect.ALLOW, (), (), (), principals) for principals in words.principals]
    by_key: dict[str, list[Condition]] = {}
    for condition in chain.from_iterable(words.conditions):
        by_key.setdefault(condition.key, []).append(condition)
    values: list[Values] = []
    for conditions in by_key.values():
        near = spread(v for c in conditions for value in c.values for v in near_value(c.operator, value))
        near = [*near, GROUP] if conditions[0].key == GROUP_KEY and GROUP not in near else near
        named = [value for c in conditions for value in c.values][:4]
        several = [*product(named, near[:3]), *product(named, named)] if conditions[0].key.startswith("many:") else []
        values.append([None, *near, *several])
    axes: list[Sequence[object]] = [
        [*spread(a for patterns in words.actions for p in patterns for a in near_action(p)), "other:Action"],
        [*spread(r for patterns in words.resources for p in patterns for r in near_resource(p)), "*", "acs:o::9:x"],
        callers(statements),
        *values,
    ]
    for action, resource, (caller, uid), *chosen in combinations_of(axes, _REQUESTS):
        context = {key: value for key, value in zip(by_key, chosen, strict=True) if value is not None}
        yield Request(action, resource, context, caller, principal_id=uid)


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask the prover about pairs of documents of small universes.")
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    counted: Counter[str] = Counter()
    found = search(Chance(given.seed), given.pairs, counted)
    sys.stdout.write("; ".join(f"{name}: {number}" for name, number in sorted(counted.items())) + "\n")
    if found is not None:
        sys.exit(f"seed {given.seed}, pair {counted['pairs']}: {found}")


if __name__ == "__main__":
    main()
