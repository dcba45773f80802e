"""Meaning of documents in the terms of rules: whom they trust, what a condition proves, what may be allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ram_policies.arn import Arn, account_of, is_root
from ram_policies.conditions import UNKNOWN, ContextValue, Unknown
from ram_policies.document import Condition, Effect, Statement
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.folding import fold
from ram_policies.pattern import has_wildcard
from ram_policies.proof import contradiction
from ram_policies.stack.views import GrantView, RoleView
from ram_policies.transform import statement_covers

MFA = "acs:MFAPresent"
CURRENT_TIME = "acs:CurrentTime"
_SERVICE_OF_ACCOUNT = re.compile(r"([0-9]+)@")
_SHOWN = 3


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
    """One principal that a trust policy admits: as written, with its account and the statement that admits it."""

    principal: str
    account: str
    statement: Statement

    @property
    def whole_account(self) -> bool:
        """True if it stands for every user and role of the account."""
        return is_root(self.principal)

    @property
    def federated(self) -> bool:
        """True if it is an identity provider."""
        return ":saml-provider/" in self.principal or ":oidc-provider/" in self.principal


def trusted(role: RoleView) -> Iterator[Trusted]:
    """Principals that a role's trust policy lets in, without services of Alibaba Cloud that act for nobody else."""
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
    """Principals of other accounts that the trust policy lets in; all, when the role's own account is not known."""
    return (t for t in trusted(role) if t.account != role.account)


def never_holds(statement: Statement) -> tuple[Condition, ...]:
    """Conditions of one key that no request satisfies together; empty when there are none."""
    return contradiction(statement.conditions)


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
    several = tuple(grants)
    for grant in several:
        for statement in statements_of(grant):
            if statement.effect is Effect.ALLOW and speaks_about(statement, fold(action)):
                yield from (MayAllow(grant, statement) for _ in still_allowed(grant, statement, (action,), several))


def still_allowed(
    grant: GrantView, statement: Statement, actions: Iterable[str], grants: Iterable[GrantView]
) -> Iterator[str]:
    """Of the actions that an Allow speaks about, those that the Deny statements of all grants leave it; see above."""
    if never_holds(statement):
        return
    denies = [
        replace(deny, conditions=())
        for other in grants
        if not isinstance(other.scope, Unknown) and other.scope in {None, grant.scope}
        for deny in statements_of(other)
        if deny.effect is Effect.DENY and not deny.conditions
    ]
    for action in actions:
        narrow = replace(statement, actions=(action,), not_actions=())
        if not any(statement_covers(deny, narrow) for deny in denies):
            yield action


def statements_of(grant: GrantView) -> tuple[Statement, ...]:
    """The statements of what is granted, as far as they can be read."""
    document = grant.document.document if grant.document else None
    return document.statements if document else ()


def allows_everything(statement: Statement) -> bool:
    """True if a statement allows every action of every service, or all but a few, on everything."""
    wide = bool(statement.not_actions) or any(not pattern.strip("*:") for pattern in statement.actions)
    everywhere = any(not resource.removeprefix("acs").strip("*:") for resource in statement.resources)
    return statement.effect is Effect.ALLOW and wide and everywhere


def open_ended(resources: Iterable[str]) -> Iterator[str]:
    """The resource patterns that can match more than one role."""
    for resource in resources:
        arn = Arn.read(resource)
        if arn is None or not arn.account or has_wildcard(arn.resource) or has_wildcard(arn.account):
            yield resource


def listed(values: Iterable[str]) -> str:
    """Values for a sentence."""
    return ", ".join(dict.fromkeys(values))


def few(values: Iterable[str]) -> str:
    """The first values, and how many more there are."""
    each = list(dict.fromkeys(values))
    more = len(each) - _SHOWN
    return listed(each) if more <= 1 else f"{listed(each[:_SHOWN])} and {more} more"
