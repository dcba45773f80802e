"""Rules about access that is there and does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ram_policies.arn import role_resource
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Document, Effect, Statement
from ram_policies.evaluation.compiled import MAY_ALLOW
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.evaluate import authorize_assume_role
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.guardrails.meaning import AnyContext, comma_separated, granted_statements, met_by_no_request, trusted
from ram_policies.guardrails.rule_model import (
    LOW,
    MEDIUM,
    Example,
    Purpose,
    Settings,
    Violation,
    rule,
    value_in_message,
)
from ram_policies.pattern import normal_resource
from ram_policies.stack.views import GrantView, GroupView, RoleView, StackView, UserView
from ram_policies.transform import statement_covers

ASSUME = "sts:AssumeRole"
_OPEN = {Outcome.ALLOW, Outcome.DEPENDS}


@rule(
    "role-nobody-can-assume",
    title="Nobody can assume a role",
    severity=MEDIUM,
    purpose=Purpose.HYGIENE,
    on=StackView,
    settings=Settings,
    why=(
        "The trust policy allows nobody, or only under conditions that never hold, or it trusts only accounts whose "
        "users and roles this stack describes and none of them has the permission to assume the role: trust and "
        "permission must both allow."
    ),
    unknown="A role, user or grant that is not known at preview could be the one that fits: nothing is reported.",
    example=Example(
        bad="Role('ops', trust: acs:ram::12345678:root), and no user of 12345678 may assume it",
        good="the same, and a group of 12345678 with sts:AssumeRole on acs:ram:*:11223344:role/ops",
    ),
)
def role_nobody_can_assume(stack: StackView, settings: Settings) -> Iterator[Violation]:
    """Try every user and role of the stack against every role, under any condition."""
    del settings
    callers = _callers(stack)
    populated = _populated(stack)
    for role in stack.roles:
        document = role.trust.document
        if document is None:
            continue
        open_doors = [s for s in document.statements if s.effect is Effect.ALLOW and not met_by_no_request(s)]
        if not open_doors:
            yield Violation(role.urn, "The trust policy allows nobody.", "Remove the role, or say who may assume it.")
        elif _described(role, open_doors, populated) and not _assumable(role, document, callers):
            accounts = comma_separated(t.account for t in trusted(role))
            message = f"No user and no role of account {accounts} in this stack may assume this role."
            fix = f"Allow {ASSUME} on it to a group of that account, or remove the role."
            yield Violation(role.urn, message, fix)


def _described(role: RoleView, statements: Iterable[Statement], populated: set[str]) -> bool:
    """True if all principals that the role trusts are in accounts that this stack describes."""
    services = any(s.principals and (s.principals.service or s.principals.federated) for s in statements)
    known = isinstance(role.account, str) and isinstance(role.name, str)
    return known and not services and all(t.account in populated for t in trusted(role))


def _populated(stack: StackView) -> set[str]:
    return {user.account for user in stack.users if isinstance(user.account, str)}


@dataclass(frozen=True, slots=True)
class _Caller:
    """A user or a role of the stack that may want to assume a role, with its policies compiled.

    Attributes:
        view: which one it is.
        arn: who it is to a trust policy.
        policies: all that it is granted; None when a part of that is not known.
    """

    view: UserView | RoleView
    arn: str | Unknown
    policies: PolicySet | None

    @classmethod
    def of(cls, view: UserView | RoleView, grants: tuple[GrantView, ...]) -> _Caller:
        """The caller with its grants."""
        unknown = any(grant.document is None or grant.unknown for grant in grants)
        return cls(view, view.arn, None if unknown else _policies(grants))


def _callers(stack: StackView) -> list[_Caller]:
    """Users and roles that may be permitted to assume any role at all: of many users these are few."""
    users = (_Caller.of(user, tuple(user.all_grants)) for user in stack.users)
    roles = (_Caller.of(role, tuple(role.grants)) for role in stack.roles)
    return [
        caller
        for caller in chain(users, roles)
        if caller.policies is None or isinstance(caller.arn, Unknown) or caller.policies.may_allow(ASSUME)
    ]


def _assumable(role: RoleView, trust: Document, callers: Iterable[_Caller]) -> bool:
    doors = PolicySet([Policy("trust", PolicyType.TRUST, trust)])
    return any(_may_assume(role, doors, caller) for caller in callers if caller.view is not role)


def _may_assume(role: RoleView, doors: PolicySet, caller: _Caller) -> bool:
    """True if the caller may assume the role under some condition; unknown grants count as a yes."""
    if isinstance(caller.arn, Unknown) or isinstance(role.account, Unknown) or isinstance(role.name, Unknown):
        return True
    if caller.policies is None:
        return True
    request = Request(ASSUME, role_resource(role.account, role.name), AnyContext(), caller.arn)
    # Trust and permission must both allow. Of many users few have the permission, and asking for it alone is quick.
    if not caller.policies.possible(request) & MAY_ALLOW:
        return False
    return authorize_assume_role(request, identity=caller.policies, trust=doors).outcome in _OPEN


def _policies(grants: Iterable[GrantView]) -> PolicySet:
    documents = [(g, g.document.document) for g in grants if g.document]
    return PolicySet(
        [Policy(value_in_message(g.policy_name, "policy"), PolicyType.CUSTOM, d) for g, d in documents if d is not None]
    )


@rule(
    "operator-who-can-do-nothing",
    title="A user can do nothing",
    severity=LOW,
    purpose=Purpose.HYGIENE,
    on=StackView,
    settings=Settings,
    why=(
        "A user with no permission at all, of its own or through a group of this stack, or whose only permission is to "
        "assume roles of this stack that do not trust it."
    ),
    unknown="A grant or role that is not known at preview could be the one that fits: nothing is reported.",
    example=Example(bad="User('CCC') in no group and with no policy", good="User('CCC') in the group 'operators'"),
)
def operator_who_can_do_nothing(stack: StackView, settings: Settings) -> Iterator[Violation]:
    """Look at all that a user is granted."""
    del settings
    if any(isinstance(g.holder_name, Unknown) for g in stack.grants) or any(
        isinstance(member, Unknown) for group in stack.groups for member in group.members
    ):
        return
    for user in stack.users:
        name = value_in_message(user.name, "of this stack")
        grants = tuple(user.all_grants)
        allows = [
            s for g in grants for s in granted_statements(g) if s.effect is Effect.ALLOW and not met_by_no_request(s)
        ]
        if any(g.document is None or g.unknown for g in grants):
            continue
        if not allows:
            yield Violation(user.urn, f"The user {name} has no permission.", "Put it in a group, or remove it.")
        elif _only_assumes(allows) and _all_doors_shut(user, grants, allows, stack):
            message = f"The user {name} may only assume roles of this stack, and none of them trusts it."
            yield Violation(user.urn, message, "Let the role's trust policy name the user or its account.")


def _only_assumes(allows: Iterable[Statement]) -> bool:
    return all(s.actions and all(a.lower() == ASSUME.lower() for a in s.actions) for s in allows)


def _all_doors_shut(
    user: UserView, grants: tuple[GrantView, ...], allows: Iterable[Statement], stack: StackView
) -> bool:
    named = {normal_resource(resource.lower()) for s in allows for resource in s.resources}
    here = {
        role_resource(role.account, role.name): role
        for role in stack.roles
        if isinstance(role.account, str) and isinstance(role.name, str)
    }
    if not named <= set(here):
        return False  # other roles may exist elsewhere
    for resource in named:
        trust = here[resource].trust
        if trust.document is None:
            return False
        doors = PolicySet([Policy("trust", PolicyType.TRUST, trust.document)])
        if _may_assume(here[resource], doors, _Caller.of(user, grants)):
            return False
    return True


@rule(
    "grant-does-nothing",
    title="A grant changes nothing",
    severity=LOW,
    purpose=Purpose.HYGIENE,
    on=StackView,
    settings=Settings,
    why=(
        "The same policy attached twice, a policy that others of the same holder cover or take back wholly, a grant to "
        "a group without members. Reviewers read such grants as access that is there."
    ),
    unknown="Documents and members that are not known at preview are passed over.",
    example=Example(
        bad="AliyunECSFullAccess and AliyunECSReadOnlyAccess attached to one role",
        good="AliyunECSFullAccess alone",
    ),
)
def grant_does_nothing(stack: StackView, settings: Settings) -> Iterator[Violation]:
    """Compare each grant with the others of its holder."""
    del settings
    for holder in (*stack.roles, *stack.groups, *stack.users):
        dropped: set[str] = set()
        for grant in holder.grants:
            others = [g for g in holder.grants if _comparable(g, grant) and g.urn not in dropped]
            reason = _idle(grant, others)
            if reason:
                dropped.add(grant.urn)
                yield Violation(grant.urn, f"{grant.title.capitalize()} {reason}.", "Remove the attachment.")
        if isinstance(holder, GroupView) and holder.grants and not holder.members:
            message = (
                f"The group {value_in_message(holder.name, 'of this stack')} has grants and no members in this stack."
            )
            yield Violation(holder.urn, message, "Add members, or remove the group.")


def _comparable(one: GrantView, other: GrantView) -> bool:
    """True if two grants of one holder are different, and limited to the same resource group."""
    return one is not other and one.scope == other.scope and one.scope is not UNKNOWN


def _idle(grant: GrantView, others: Sequence[GrantView]) -> str:
    if any(_same_policy(grant, other) for other in others):
        return "is attached twice to the same holder"
    statements = granted_statements(grant)
    if not statements:
        return ""
    if all(met_by_no_request(statement) for statement in statements):
        return "has only conditions that never hold"
    held = [(other, s) for other in others for s in granted_statements(other)]
    allows = [s for s in statements if s.effect is Effect.ALLOW]
    denies = [s for _, s in held if s.effect is Effect.DENY and not s.conditions]
    if len(allows) == len(statements) and all(_taken_back(s, denies) for s in allows):
        return "is denied wholly by another policy of the same holder"
    covering = [_covering(statement, held) for statement in statements]
    if all(covering):
        return f"adds nothing to {comma_separated(c.title for c in covering if c)}"
    return ""


def _same_policy(grant: GrantView, other: GrantView) -> bool:
    if isinstance(grant.policy_name, Unknown) or isinstance(other.policy_name, Unknown):
        return False
    return grant.policy_name.lower() == other.policy_name.lower() and grant.system is other.system


def _taken_back(allow: Statement, denies: Iterable[Statement]) -> bool:
    return any(statement_covers(deny, replace(allow, conditions=())) for deny in denies)


def _covering(statement: Statement, held: Iterable[tuple[GrantView, Statement]]) -> GrantView | None:
    for grant, other in held:
        if other.effect is statement.effect and statement_covers(other, statement):
            return grant
    return None
