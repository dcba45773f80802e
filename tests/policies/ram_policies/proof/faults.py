"""Small deliberate faults in the prover, each with the vocabulary of the universes that must reveal it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import small_universes

from ram_policies import operators, proof, transform, values
from ram_policies.access import scopes
from ram_policies.document import Document, Effect, Statement
from ram_policies.pattern import Wild, exactly, glob_tokens
from ram_policies.proof import callers, contexts, pattern_regions, question
from ram_policies.proof import search as searching
from ram_policies.values import ValueLine

Patch = pytest.MonkeyPatch
Fault = Callable[[Patch], None]
FAULTS: dict[str, tuple[str, Fault]] = {}


def fault(name: str, kind: str) -> Callable[[Fault], Fault]:
    """A fault by its name, with the vocabulary of the universes that must reveal it."""

    def add(make: Fault) -> Fault:
        FAULTS[name] = kind, make
        return make

    return add


def comparing(patch: Patch, names: str, **changes: object) -> None:
    """Replace part of how some operators divide values, for the prover only."""
    for name, operator in operators.OPERATORS.items():
        if name.startswith((names, f"Not{names}")):
            changed = replace(operator, comparison=replace(operator.comparison, **changes))
            patch.setitem(operators.OPERATORS, name, changed)


def around(patch: Patch, owner: Any, name: str, wrap: Callable[..., Any]) -> None:
    """Replace a function or method with one that receives the original as its first argument."""
    plain = getattr(owner, name)
    patch.setattr(owner, name, lambda *args, **kwargs: wrap(plain, *args, **kwargs))


@fault("the last border of a line is skipped", "date")
def _(patch: Patch) -> None:
    around(patch, contexts, "_on_line", lambda plain, *args: plain(*args)[:-1])


@fault("the first interval of a line is skipped", "network")
def _(patch: Patch) -> None:
    around(patch, contexts, "_on_line", lambda plain, *args: plain(*args)[1:])


@fault("dates end with year 9999 in UTC", "date")
def _(patch: Patch) -> None:
    first, last = values.DATES.segments[0]
    short = ValueLine(((first, last - 24 * 3600 * 10**6),), values.DATES.write)
    comparing(patch, "Date", line=short)


@fault("dates begin with year 1 in UTC", "date")
def _(patch: Patch) -> None:
    first, last = values.DATES.segments[0]
    comparing(patch, "Date", line=ValueLine(((first + 24 * 3600 * 10**6, last),), values.DATES.write))


@fault("a date is not an interval of its own", "date")
def _(patch: Patch) -> None:
    comparing(patch, "Date", borders=lambda value: (values.parse_date(value) and (values.parse_date(value),)) or ())


@fault("a number is not an interval of its own", "number")
def _(patch: Patch) -> None:
    plain = operators.OPERATORS["NumericEquals"].comparison.borders
    comparing(patch, "Numeric", borders=lambda value: plain(value)[:1])


@fault("a network has no end", "network")
def _(patch: Patch) -> None:
    plain = operators.OPERATORS["IpAddress"].comparison.borders
    comparing(patch, "IpAddress", borders=lambda value: plain(value)[:1])


@fault("there is no IPv6", "network")
def _(patch: Patch) -> None:
    comparing(patch, "IpAddress", line=ValueLine(values.ADDRESSES.segments[:1], values.ADDRESSES.write))


@fault("letter case is ignored in ASCII only", "case")
def _(patch: Patch) -> None:
    comparing(
        patch, "StringEqualsIgnoreCase", pattern=lambda text: tuple(frozenset({c.lower(), c.upper()}) for c in text)
    )
    comparing(patch, "StringNotEqualsIgnoreCase", pattern=lambda text: tuple(frozenset({c.lower()}) for c in text))


@fault("true is written in one way", "bool")
def _(patch: Patch) -> None:
    comparing(patch, "Bool", pattern=exactly)


@fault("a question mark may stand for nothing", "text")
def _(patch: Patch) -> None:
    def pattern(value: str) -> tuple[object, ...]:
        return exactly(token for token in glob_tokens(value) if token is not Wild.ONE)

    comparing(patch, "StringLike", pattern=pattern)
    comparing(patch, "StringNotLike", pattern=pattern)


@fault("a value of no type is never looked at", "date")
def _(patch: Patch) -> None:
    patch.setattr(contexts, "_UNREADABLE", "2026-01-01T00:00:00Z")


@fault("types that meet on one key are judged one by one", "mixed")
def _(patch: Patch) -> None:
    def wrap(plain: Any, compiled: Any, texts: Any, on_line: Any, budget: Any) -> Any:
        return (found for found in plain(compiled, texts, on_line, budget) if found.known)

    around(patch, contexts, "_mixed", wrap)


@fault("a key is never absent", "conditions")
def _(patch: Patch) -> None:
    around(patch, contexts, "value_classes", lambda plain, *a, **k: [f for f in plain(*a, **k) if f.value is not None])
    patch.setattr(question, "value_classes", contexts.value_classes)


@fault("ForAllValues does not hold for no value", "conditions")
def _(patch: Patch) -> None:
    def wrap(plain: Any, conditions: Any, budget: Any, *, once: bool) -> Any:
        needs_all = sum(1 << i for i, c in enumerate(conditions) if c.operator.startswith("ForAllValues"))
        absent, *others = plain(conditions, budget, once=once)
        return [replace(absent, holds=absent.holds & ~needs_all), *others]

    around(patch, contexts, "value_classes", wrap)
    patch.setattr(question, "value_classes", contexts.value_classes)


@fault("every key comes once", "conditions")
def _(patch: Patch) -> None:
    patch.setattr(question, "comes_once", lambda _: True)


@fault("of several values each must pass", "conditions")
def _(patch: Patch) -> None:
    around(patch, contexts, "_sets", lambda plain, singles, compiled, budget: iter(()))


@fault("a Deny of the baseline is dropped", "conditions")
def _(patch: Patch) -> None:
    def wrap(plain: Any, statements: Any, goal: Any, *args: Any) -> Any:
        kept = [(side, s) for side, s in statements if side == 0 or s.effect is Effect.ALLOW]
        return plain(kept, goal, *args)

    around(patch, question.Question, "about", wrap)


@fault("conditions of a Deny are not looked at", "conditions")
def _(patch: Patch) -> None:
    def wrap(plain: Any, statements: Any, *args: Any) -> Any:
        free = [(side, replace(s, conditions=()) if s.effect is Effect.DENY else s) for side, s in statements]
        return plain(free, *args)

    around(patch, question.Question, "about", wrap)


@fault("a Deny with conditions counts as settled", "conditions")
def _(patch: Patch) -> None:
    around(patch, question.Question, "refused", lambda plain, self, alive, settled: plain(self, alive, alive))


@fault("what failed with one choice of values fails with any", "conditions")
def _(patch: Patch) -> None:
    class Forgetful(set[Any]):
        def __contains__(self, mark: object) -> bool:
            return any(mark[0] == kept[0] for kept in self)

    def wrap(plain: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        self._failed = Forgetful()

    around(patch, question.Question, "__init__", wrap)


@fault("NotAction is read as Action", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, self: Any) -> Any:
        self.sides = tuple(
            [replace(s, actions=s.actions or s.not_actions, not_actions=()) for s in side] for side in self.sides
        )
        return plain(self)

    around(patch, searching.Search, "__post_init__", wrap)


@fault("NotAction speaks about nothing", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, self: Any) -> Any:
        self.sides = tuple([s for s in side if not s.not_actions] for side in self.sides)
        return plain(self)

    around(patch, searching.Search, "__post_init__", wrap)


@fault("actions are compared in their letter case", "patterns")
def _(patch: Patch) -> None:
    patch.setattr(searching, "fold", str)
    patch.setattr(searching, "action_tokens", glob_tokens)


@fault("RAM's own names are compared in their letter case", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, lists: Any, needed: Any, budget: Any) -> Any:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(searching, "fold", str)
            yield from plain(lists, needed, budget)

    around(patch, searching, "_cut_resources", wrap)


@fault("wildcards of an ARN run over its fields", "patterns")
def _(patch: Patch) -> None:
    patch.setattr(searching, "resource_tokens", glob_tokens)


@fault("no action is without a resource", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, *args: Any) -> Any:
        return ((matches, text) for matches, text in plain(*args) if text != "*")

    around(patch, searching, "_cut_resources", wrap)


@fault("resources are cut without the last list", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, lists: Any, needed: Any, budget: Any) -> Any:
        return plain((*lists[:-1], frozenset({"-"})) if lists else lists, needed, budget)

    around(patch, searching, "_cut_resources", wrap)


@fault("a text has no characters but those of the patterns", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, self: Any, state: Any) -> Any:
        return (step for step in plain(self, state) if step[0] != self._other)

    around(patch, pattern_regions._Automaton, "steps", wrap)


@fault("a place before a star makes all later ones superfluous", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, self: Any, pattern: Any, owner: Any) -> Any:
        before = len(self._letters)
        plain(self, pattern, owner)
        self._covers_from[before:] = [0] * (len(self._covers_from) - before)

    around(patch, pattern_regions._Automaton, "_add", wrap)


@fault("an answer for some statements is taken for all callers", "trust")
def _(patch: Patch) -> None:
    around(patch, searching, "caller_kinds", lambda plain, *args: plain(*args)[:1])


@fault("there are no strangers", "buckets")
def _(patch: Patch) -> None:
    around(patch, callers, "_arns", lambda plain, *args: [a for a in plain(*args) if a != "" and "100000000" not in a])


@fault("a stand-in name is one that a document uses", "trust")
def _(patch: Patch) -> None:
    class Unlike(str):
        """A name that never equals one in use."""

        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            return False

    patch.setattr(callers, "_numbered", lambda name, suffix="", start=0: iter([Unlike(f"{name}{start or ''}{suffix}")]))


@fault("a Deny for everybody binds the owner of a bucket", "buckets")
def _(patch: Patch) -> None:
    patch.setattr(callers, "spares_owner", lambda _: False)
    patch.setattr(transform, "spares_owner", lambda _: False)


@fault("sessions of a role are all alike", "buckets")
def _(patch: Patch) -> None:
    patch.setattr(callers, "named_sessions", lambda _: iter(()))


@fault("one Allow covers another, whatever its conditions", "conditions")
def _(patch: Patch) -> None:
    def wrap(plain: Any, wide: Statement, narrow: Statement) -> bool:
        return bool(plain(replace(wide, conditions=()), narrow))

    around(patch, proof, "statement_covers", wrap)


@fault("one Allow covers another, whatever its resources", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, wide: Statement, narrow: Statement) -> bool:
        return bool(plain(replace(wide, resources=narrow.resources), narrow))

    around(patch, proof, "statement_covers", wrap)


@fault("what is covered is proved, whatever is denied", "patterns")
def _(patch: Patch) -> None:
    def wrap(plain: Any, new: Any, old: Any, shared: Any) -> bool:
        return bool(plain(new, [s for s in old if s.effect is Effect.ALLOW], shared))

    around(patch, proof, "_plainly_covered", wrap)


@fault("a Deny for a resource group holds in the whole account", "groups")
def _(patch: Patch) -> None:
    def wrap(plain: Any, new: Any, old: Any) -> Any:
        wide = [
            one if any(s.effect is Effect.ALLOW for s in one.document.statements) else replace(one, scope=None)
            for one in new
        ]
        return plain(wide, old)

    around(patch, scopes, "grants_at_most", wrap)
    patch.setattr(small_universes, "grants_at_most", scopes.grants_at_most)


@fault("a Deny for a resource group keeps the whole account to what is never allowed", "groups")
def _(patch: Patch) -> None:
    def wrap(plain: Any, granted: Any, forbidden: Any) -> Any:
        allowed = any(s.effect is Effect.ALLOW for one in granted for s in one.document.statements if not one.scope)
        return plain([replace(one, scope=None) for one in granted] if allowed else granted, forbidden)

    around(patch, scopes, "grants_never", wrap)
    patch.setattr(small_universes, "grants_never", scopes.grants_never)


@fault("a grant for a resource group holds in the whole account", "groups")
def _(patch: Patch) -> None:
    def seen(self: Any, granted: Any) -> Any:
        return [self.reduced(one.document) for one in granted], []

    patch.setattr(scopes._Place, "seen", seen)


@fault("a request always names its resource group", "groups")
def _(patch: Patch) -> None:
    around(patch, scopes, "_places", lambda plain, *args: [place for place in plain(*args) if place.keys != {}])


@fault("a request never names its resource group", "groups")
def _(patch: Patch) -> None:
    around(patch, scopes, "_places", lambda plain, *args: [p for p in plain(*args) if p.others or p.keys == {}])


@fault("a request never belongs to another resource group", "groups")
def _(patch: Patch) -> None:
    around(patch, scopes, "_places", lambda plain, *args: [place for place in plain(*args) if not place.others])


@fault("a Deny of the account is silent in a resource group", "groups")
def _(patch: Patch) -> None:
    patch.setattr(scopes, "_only", lambda document, effect: Document(()))
