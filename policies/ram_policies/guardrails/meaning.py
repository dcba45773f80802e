"""Meaning of documents in the terms of rules: whom they trust, what a condition proves, what may be allowed."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ram_policies.arn import Arn, account_of, is_root
from ram_policies.build import allow
from ram_policies.conditions import UNKNOWN, ContextValue, Unknown
from ram_policies.document import Condition, Document, Effect, Statement
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.folding import fold
from ram_policies.pattern import has_wildcard
from ram_policies.proof import Verdict, allows_at_most, contradiction
from ram_policies.proof.budget import Budget
from ram_policies.stack.views import GrantView, RoleView
from ram_policies.transform import statement_covers

MFA = "acs:MFAPresent"
CURRENT_TIME = "acs:CurrentTime"
_SERVICE_OF_ACCOUNT = re.compile(r"([0-9]+)@")
_SHOWN = 3
_WORK = 400_000  # of one question whether something is everything
_WORK_ON_CONDITIONS = 40_000  # of those of one statement; what is not decided by then may hold
_SOME_ACCOUNT = "1000000001"
_ANY_SERVICE = ("ecs", "ram", "servicethatisnew")
_ANYTHING = tuple(f"{service}:{letter}*" for service in _ANY_SERVICE for letter in string.ascii_lowercase)
"""Actions that nobody can list without allowing every action of every service."""


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
    """Principals that a role's trust policy allows, without services of Alibaba Cloud that act for nobody else."""
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
    """Principals of other accounts that the trust policy allows; all, when the role's own account is not known."""
    return (t for t in trusted(role) if t.account != role.account)


def met_by_no_request(statement: Statement) -> tuple[Condition, ...]:
    """Conditions of one key that no request satisfies together, as `proof` finds them; empty when there are none."""
    return _contradiction(statement.conditions)


@lru_cache(maxsize=4096)
def _contradiction(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Contradicting conditions; kept, as many rules ask the same of the same statements."""
    return contradiction(conditions, Budget(_WORK_ON_CONDITIONS))


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
        for statement in granted_statements(grant):
            if statement.effect is Effect.ALLOW and speaks_about(statement, fold(action)):
                yield from (MayAllow(grant, statement) for _ in still_allowed(grant, statement, (action,), several))


def still_allowed(
    grant: GrantView, statement: Statement, actions: Iterable[str], grants: Iterable[GrantView]
) -> Iterator[str]:
    """Of the actions that an Allow speaks about, those that the Deny statements of all grants leave it; see above."""
    if met_by_no_request(statement):
        return
    denies = [
        replace(deny, conditions=())
        for other in grants
        if not isinstance(other.scope, Unknown) and other.scope in {None, grant.scope}
        for deny in granted_statements(other)
        if deny.effect is Effect.DENY and not deny.conditions
    ]
    for action in actions:
        narrow = replace(statement, actions=(action,), not_actions=())
        if not any(statement_covers(deny, narrow) for deny in denies):
            yield action


def granted_statements(grant: GrantView) -> tuple[Statement, ...]:
    """The statements of what is granted, as far as they can be read."""
    document = grant.document.document if grant.document else None
    return document.statements if document else ()


@lru_cache(maxsize=4096)
def allows_everything(statement: Statement) -> bool:
    """True if a statement allows every action of every service, or all but a few, on everything.

    Whatever words it takes for that: it is proved, and what the proof leaves open counts. Everything is everything in
    one account; conditions do not excuse it.
    """
    if statement.effect is not Effect.ALLOW:
        return False
    wide = bool(statement.not_actions) or any(not pattern.strip("*:") for pattern in statement.actions)
    everywhere = any(not resource.removeprefix("acs").strip("*:") for resource in statement.resources)
    return (wide and everywhere) or _covers((_free(statement),), _ANYTHING, _ANY_SERVICE)


def giving_everything(grants: Iterable[GrantView]) -> tuple[GrantView, ...]:
    """The grants that allow everything; where none does, all that do together."""
    several = tuple(dict.fromkeys(grants))
    alone = tuple(grant for grant in several if any(map(allows_everything, granted_statements(grant))))
    return alone or _together(several, _ANYTHING, _ANY_SERVICE)


def giving_attachments(grants: Iterable[GrantView], actions: Iterable[str]) -> tuple[GrantView, ...]:
    """The grants that together allow one of these actions on everything of RAM: those that attach any policy."""
    several = tuple(dict.fromkeys(grants))
    return next((found for action in actions if (found := _together(several, (action,), ("ram",)))), ())


def _together(
    grants: tuple[GrantView, ...], actions: tuple[str, ...], services: tuple[str, ...]
) -> tuple[GrantView, ...]:
    allowing = {g: tuple(_free(s) for s in granted_statements(g) if s.effect is Effect.ALLOW) for g in grants}
    united = tuple(dict.fromkeys(s for statements in allowing.values() for s in statements))
    if not _covers(united, actions, services):
        return ()
    return tuple(grant for grant, statements in allowing.items() if statements)


def _free(statement: Statement) -> Statement:
    """An Allow without its conditions and exceptions."""
    return replace(statement, actions=statement.actions or ("*",), not_actions=(), conditions=())


@lru_cache(maxsize=4096)
def _covers(allowing: tuple[Statement, ...], actions: tuple[str, ...], services: tuple[str, ...]) -> bool:
    """True if statements allow actions on everything of services in an account, or if that cannot be ruled out."""
    if not allowing:
        return False
    budget = Budget(_WORK)
    return any(
        allows_at_most(
            Document((allow(actions, [f"acs:{service}:*:{account}:?*/?*" for service in services]),)),
            Document(allowing),
            budget,
        ).verdict
        is not Verdict.REFUTED
        for account in _accounts(allowing)
    )


def _accounts(statements: Iterable[Statement]) -> Iterable[str]:
    """An account for each way in which resources name theirs, and one that none names."""
    named = {account_of(resource) for statement in statements for resource in statement.resources}
    examples = (account.replace("*", "").replace("?", "0") for account in named if account.strip("*"))
    return dict.fromkeys((_SOME_ACCOUNT, *sorted(examples)))


def open_ended(resources: Iterable[str]) -> Iterator[str]:
    """The resource patterns that can match more than one role."""
    for resource in resources:
        arn = Arn.read(resource)
        if arn is None or not arn.account or has_wildcard(arn.resource) or has_wildcard(arn.account):
            yield resource


def may_be(one: str | Unknown | None, other: str | Unknown | None) -> bool:
    """True if two names or accounts can be the same, also because one of them is not known."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return True
    return one is not None and other is not None and one.lower() == other.lower()


def comma_separated(values: Iterable[str]) -> str:
    """Values for a sentence."""
    return ", ".join(dict.fromkeys(values))


def few(values: Iterable[str]) -> str:
    """The first values, and how many more there are."""
    each = list(dict.fromkeys(values))
    more = len(each) - _SHOWN
    return comma_separated(each) if more <= 1 else f"{comma_separated(each[:_SHOWN])} and {more} more"
