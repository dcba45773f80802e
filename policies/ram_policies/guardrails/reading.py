"""What documents mean, in the terms rules ask about: whom they trust, what a condition proves, what may be allowed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address, ip_network

from ram_policies.conditions import (
    UNKNOWN,
    Category,
    CompiledCondition,
    ContextValue,
    Unknown,
    parse_date,
    parse_number,
    parse_operator,
)
from ram_policies.document import Condition, Effect, Statement
from ram_policies.pattern import glob_matcher, has_wildcard
from ram_policies.principals import account_of
from ram_policies.stack.views import GrantView, RoleView
from ram_policies.transform import statement_covers

MFA = "acs:MFAPresent"
CURRENT_TIME = "acs:CurrentTime"
_SERVICE_OF_ACCOUNT = re.compile(r"([0-9]+)@")
_SHOWN = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AnyContext(Mapping[str, ContextValue]):
    """A request about which nothing is known: every key may be there, with any value."""

    def __getitem__(self, key: str) -> ContextValue:
        return UNKNOWN

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Trusted:
    """One principal that a trust policy lets in: as written, its account, and the statement that does."""

    principal: str
    account: str
    statement: Statement

    @property
    def whole_account(self) -> bool:
        """Whether it stands for every user and role of the account."""
        return self.principal.endswith(":root")

    @property
    def federated(self) -> bool:
        """Whether it is an identity provider."""
        return ":saml-provider/" in self.principal or ":oidc-provider/" in self.principal


def trusted(role: RoleView) -> Iterator[Trusted]:
    """Whom a role's trust policy lets in, services of Alibaba Cloud that act for nobody else left out."""
    document = role.trust.document
    for statement in document.statements if document else ():
        if statement.effect is not Effect.ALLOW or statement.principals is None:
            continue
        for arn in (*statement.principals.ram, *statement.principals.federated):
            yield Trusted(arn, account_of(arn), statement)
        for service in statement.principals.service:
            match = _SERVICE_OF_ACCOUNT.match(service)
            if match:
                yield Trusted(service, match[1], statement)


def trusted_others(role: RoleView) -> Iterator[Trusted]:
    """Whom of other accounts a role's trust policy lets in; when the role's own account is not known, everybody."""
    return (t for t in trusted(role) if t.account != role.account)


def never_holds(statement: Statement) -> tuple[Condition, ...]:
    """Conditions of one key that no value can satisfy together; empty when there are none.

    For each key, the values at which an answer can change are tried (for numbers, times and networks that is every
    bound, its neighbours and the middles between bounds); a key tested only by patterns or negations is let be.
    """
    by_key: dict[str, list[Condition]] = {}
    for condition in statement.conditions:
        by_key.setdefault(condition.key, []).append(condition)
    for conditions in by_key.values():
        values = _telling_values(conditions)
        if values is None:
            continue
        compiled = [CompiledCondition(condition) for condition in conditions]
        context = dict.fromkeys([conditions[0].key], "")
        if not any(all(c.holds({**context, c.key: value}) for c in compiled) for value in values):
            return tuple(conditions)
    return ()


def _telling_values(conditions: Sequence[Condition]) -> list[str] | None:
    parsed = [parse_operator(condition.operator) for condition in conditions]
    if any(p is None or p[0] for p in parsed):
        return None
    categories = {p[1].category for p in parsed if p is not None}
    written = [value for condition in conditions for value in condition.values]
    if categories == {Category.STRING}:
        exact = [c for c, p in zip(conditions, parsed, strict=True) if p and p[1].comparison == "equals"]
        positive = [c for c in exact if not c.operator.startswith("StringNot")]
        return list(positive[0].values) if positive else None
    if len(categories) != 1:
        return None
    telling: dict[Category, Callable[[list[str]], list[str]]] = {
        Category.NUMBER: _numbers,
        Category.DATE: _dates,
        Category.IP: _addresses,
        Category.BOOLEAN: lambda _: ["true", "false"],
    }
    return telling[categories.pop()](written)


def _numbers(written: list[str]) -> list[str]:
    bounds = sorted({n for n in map(parse_number, written) if n is not None})
    middles = [(a + b) / 2 for a, b in itertools.pairwise(bounds)]
    near = [n + step for n in bounds for step in (Decimal(-1), Decimal(0), Decimal(1))]
    return [f"{n:f}" for n in (*near, *middles)]


def _dates(written: list[str]) -> list[str]:
    bounds = sorted({n for n in map(parse_date, written) if n is not None})
    middles = [(a + b) // 2 for a, b in itertools.pairwise(bounds)]
    near = [n + step for n in bounds for step in (-1, 0, 1)]
    return [text for text in map(_as_date, (*near, *middles)) if text]


def _as_date(microseconds: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    except OverflowError:
        return ""


def _addresses(written: list[str]) -> list[str]:
    found: list[str] = []
    for value in written:
        network = ip_network(value, strict=False)
        first, last = int(network.network_address), int(network.broadcast_address)
        most = (1 << network.max_prefixlen) - 1
        kind = type(network.network_address)
        found += [str(kind(n)) for n in (first - 1, first, last, last + 1) if 0 <= n <= most]
    found += [str(ip_address("203.0.113.1")), str(ip_address("2001:db8::1"))]
    return found


def speaks_about(statement: Statement, action: str) -> bool:
    """Whether a statement's actions include one action, conditions and resources aside."""
    lowered = action.lower()
    if statement.not_actions:
        return not any(glob_matcher(pattern.lower())(lowered) for pattern in statement.not_actions)
    return any(glob_matcher(pattern.lower())(lowered) for pattern in statement.actions)


@dataclass(frozen=True, slots=True)
class MayAllow:
    """A statement of a grant that may allow an action."""

    grant: GrantView
    statement: Statement


def may_allow(grants: Iterable[GrantView], action: str) -> Iterator[MayAllow]:
    """The statements that may allow an action on something, under some condition.

    A Deny only counts when it takes the statement's every request: without conditions, on all its resources, and in
    its own scope. A Deny for the whole account counts against every Allow, one for a resource group only against an
    Allow for the same group: RAM asks the policies of a resource group only where those of the account are silent.
    """
    held = [(grant, s) for grant in grants for s in statements_of(grant)]
    denies = [
        (grant.scope, replace(s, conditions=()))
        for grant, s in held
        if s.effect is Effect.DENY and not s.conditions and not isinstance(grant.scope, Unknown)
    ]
    for grant, statement in held:
        if statement.effect is not Effect.ALLOW or not speaks_about(statement, action) or never_holds(statement):
            continue
        narrow = replace(statement, actions=(action,), not_actions=())
        if not any(scope in {None, grant.scope} and statement_covers(deny, narrow) for scope, deny in denies):
            yield MayAllow(grant, statement)


def statements_of(grant: GrantView) -> tuple[Statement, ...]:
    """The statements of what is granted, as far as they can be read."""
    document = grant.document.document if grant.document else None
    return document.statements if document else ()


def allows_everything(statement: Statement) -> bool:
    """Whether a statement allows every action of every service, or all but a few, on everything."""
    wide = bool(statement.not_actions) or any(not pattern.strip("*:") for pattern in statement.actions)
    everywhere = any(not resource.removeprefix("acs").strip("*:") for resource in statement.resources)
    return statement.effect is Effect.ALLOW and wide and everywhere


def open_ended(resources: Iterable[str]) -> Iterator[str]:
    """The resource patterns that can match more than one role."""
    for resource in resources:
        relative = resource.split(":", 4)[-1]
        account = account_of(resource)
        if has_wildcard(relative) or has_wildcard(account) or not account:
            yield resource


def listed(values: Iterable[str]) -> str:
    """Values for a sentence."""
    return ", ".join(dict.fromkeys(values))


def few(values: Iterable[str]) -> str:
    """The first values, and how many more there are."""
    each = list(dict.fromkeys(values))
    more = len(each) - _SHOWN
    return listed(each) if more <= 1 else f"{listed(each[:_SHOWN])} and {more} more"
