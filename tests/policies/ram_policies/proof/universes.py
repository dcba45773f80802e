"""A second prover, slow and simple: it asks the evaluator about every request of a small universe.

The universe is made from the documents: texts near each of their patterns, values near each of their bounds, the edges
of every type, letters in both cases and from outside ASCII, all principals that they name and some that they do not.
"""

from __future__ import annotations

import ipaddress
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal, localcontext
from itertools import chain, combinations, product
from typing import Any

from ram_policies.document import Condition, Document, Statement
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet

_KEPT = 24
_REQUESTS = 1500
_EDGES = {
    "Numeric": ["0", "9" * 100 + "." + "9" * 100, "-" + "9" * 100],
    "Date": [
        "0001-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999-23:59",
        "9999-12-31T23:59:59Z",
        "2026-01-01T00:00:00Z",
    ],
    "Ip": ["0.0.0.0", "255.255.255.255", "::", "::1", "ffff:" * 7 + "ffff", "::ffff:1.2.3.4", "::fffe:ffff:ffff"],
    "Bool": ["true", "false", "TRUE", "tRue"],
    "String": ["", "\u212a", "\u0130", "\u03c2", "*"],
}


Goal = tuple[bool, bool]
SlowProver = Callable[[Document, Document, Goal], Request | None]
Values = list[str | tuple[str, ...] | None]
"""Values of one condition key; None is its absence."""


class BruteForce:
    """Every request of the universe of two documents, put to the evaluator."""

    def __init__(self, one: Document, other: Document) -> None:
        self._sides = [PolicySet([Policy("", PolicyType.CUSTOM, document)]) for document in (one, other)]
        self._statements = [*one.statements, *other.statements]

    def counterexample(self, goal: Goal) -> Request | None:
        """A request that both documents answer as wanted, or None."""
        for request in self.requests():
            if all(
                (side.decide(request) is Outcome.ALLOW) is wanted
                for side, wanted in zip(self._sides, goal, strict=True)
            ):
                return request
        return None

    def requests(self) -> Iterator[Request]:
        """The universe: all combinations, or as many as can be asked; the same in every run."""
        actions = spread(a for s in self._statements for p in (*s.actions, *s.not_actions) for a in near_action(p))
        resources = spread(r for s in self._statements for p in s.resources for r in near_resource(p))
        axes: list[Sequence[object]] = [
            [*actions, "other:Action"],
            [*resources, "*", "acs:other::9:x"],
            callers(self._statements),
            *self._values().values(),
        ]
        keys = list(self._values())
        for action, resource, (caller, uid), *values in combinations_of(axes, _REQUESTS):
            context = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
            yield Request(action, resource, context, caller, principal_id=uid)

    def _values(self) -> dict[str, Values]:
        by_key: dict[str, list[Condition]] = {}
        for statement in self._statements:
            for condition in statement.conditions:
                by_key.setdefault(condition.key, []).append(condition)
        found: dict[str, Values] = {}
        for key, conditions in by_key.items():
            values = spread(v for c in conditions for value in c.values for v in near_value(c.operator, value))
            several = [tuple(pair) for pair in combinations(values[:6], 2)] if key.startswith("many:") else []
            found[key] = [None, *values, *several]
        return found


def combinations_of(axes: Sequence[Sequence[Any]], most: int) -> Iterator[tuple[Any, ...]]:
    """All combinations of one element each; of too many, `most` of them, the same in every run."""
    total = math.prod(map(len, axes))
    numbers = range(total) if total <= most else random.Random(total).sample(range(total), most)
    for number in numbers:
        rest = number
        chosen: list[Any] = []
        for axis in axes:
            rest, index = divmod(rest, len(axis))
            chosen.append(axis[index])
        yield tuple(chosen)


def spread(texts: Iterable[str]) -> list[str]:
    """Some of the texts, each once; of many, an evenly spaced selection."""
    each = list(dict.fromkeys(texts))
    return each if len(each) <= _KEPT else [each[i * len(each) // _KEPT] for i in range(_KEPT)]


def fill(pattern: str, fillings: Sequence[str] = ("", "x", "ab", ":", "/*")) -> Iterator[str]:
    """Texts that a pattern matches, and some that it nearly matches."""
    for filling in fillings if "*" in pattern or "?" in pattern else ("x",):
        text = pattern.replace("*", filling).replace("?", (filling or "q")[0])
        yield text
        yield text + filling
        yield text[:-1]
    yield pattern
    yield pattern.swapcase()


def near_action(pattern: str) -> Iterator[str]:
    """Actions near a pattern."""
    return (text for text in fill(pattern) if re.fullmatch(r"[^:]+:.+", text, re.DOTALL))


def near_resource(pattern: str) -> Iterator[str]:
    """Resources near a pattern, in its own letter case and the other."""
    return (text for text in fill(pattern) if re.fullmatch(r"acs:[^:]+:[^:]*:[^:]*:.+", text, re.DOTALL))


def near_value(operator: str, value: str) -> Iterator[str]:
    """Values around one that a condition names, the ends of its type, and values of other types."""
    base = operator.rpartition(":")[2]
    yield from fill(value)
    yield from (value.upper(), value.lower(), value.swapcase())
    for kind, edges in _EDGES.items():
        if kind in base:
            yield from edges
    if "Numeric" in base:
        yield re.sub(r"^[+-]?", r"\g<0>0", value)
        with localcontext(prec=300):
            yield from (format(Decimal(value) + Decimal(step), "f") for step in ("0", "1", "-1", "0.5", f"1e-{99}"))
    if "Date" in base:
        yield from _near_date(value)
    if "Ip" in base:
        yield from _near_network(value)
    yield from ("-", "true", "5")


def _near_date(value: str) -> Iterator[str]:
    read = datetime.fromisoformat(value)
    zone = read.tzinfo or timezone(timedelta())
    for microseconds in (0, 1, -1, 3_600_000_000, -3_600_000_000):
        try:
            yield (read.replace(tzinfo=None) + timedelta(microseconds=microseconds)).replace(tzinfo=zone).isoformat()
        except OverflowError:
            continue


def _near_network(value: str) -> Iterator[str]:
    network = ipaddress.ip_network(value, strict=False)
    first, last = int(network.network_address), int(network.broadcast_address)
    make = type(network.network_address)
    yield from (str(make(n)) for n in (first - 1, first, last, last + 1) if 0 <= n < 1 << network.max_prefixlen)
    if network.version == 4:
        yield f"::ffff:{make(first)}"


def callers(statements: Sequence[Statement]) -> list[tuple[str, str]]:
    """All principals that the statements name, similar ones, and strangers, with and without a numeric ID."""
    named = list(dict.fromkeys(text for s in statements for text in s.principals or ()))
    if not named:
        return [("", "")]
    accounts = {text.split(":")[3] for text in named if text.count(":") >= 4} | {t for t in named if t.isdecimal()}
    names = {"somebody", "nobody", "z"} | {text.rpartition("/")[2] for text in named if "/" in text}
    arns = [""]
    for account in sorted(accounts | {"999"}):
        arns.append(f"acs:ram::{account}:root")
        for name in sorted(names):
            arns += [f"acs:ram::{account}:user/{name}", f"acs:ram::{account}:role/{name.lower()}/session"]
            arns += [f"acs:ram::{account}:assumed-role/{name.lower()}/s1", f"acs:ram::{account}:user/{name.upper()}"]
            arns.append(f"acs:ram::{account}:saml-provider/{name}")
    arns += [text for text in named if text.endswith(".com")] + ["other.aliyuncs.com"]
    ids = ["", *(text for text in named if text.isdecimal())]
    people = ["", *(arn for arn in arns if ":user/" in arn)][:3]  # root's ID is that of its account
    return list(chain(product(arns, ids[:1]), product(people, ids[1:])))
