"""Rules about what roles for other accounts are granted, and what operators may assume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field

from ram_policies.arn import Arn, account_of, role_resource
from ram_policies.catalogue.levels import Hazard, actions_with
from ram_policies.conditions import Unknown
from ram_policies.document import Effect, Statement
from ram_policies.guardrails.escalation import (
    dangerous_actions,
    service_actions,
    services_with_roles,
    way,
    without_tomorrow,
)
from ram_policies.guardrails.meaning import (
    allows_everything,
    comma_separated,
    few,
    giving_everything,
    granted_statements,
    may_allow,
    open_ended,
    still_allowed,
    trusted_others,
)
from ram_policies.guardrails.rule_model import (
    CRITICAL,
    HIGH,
    Example,
    SecuritySettings,
    Violation,
    not_known,
    rule,
    unreadable,
    value_in_message,
)
from ram_policies.pattern import glob_matcher, has_wildcard, resource_matcher
from ram_policies.stack.views import GrantView, HolderKind, RoleView, StackView

ASSUME_ROLE = "sts:AssumeRole"


def delegated(stack: StackView) -> Iterator[RoleView]:
    """The roles that another account can use, or that might be such: their trust is not known, or cannot be read."""
    return (role for role in stack.roles if role.trust.document is None or any(trusted_others(role)))


def outside_grants(stack: StackView) -> Iterator[GrantView]:
    """Grants to roles that this stack does not describe: whom those trust is not known."""
    held = {grant.urn for role in stack.roles for grant in role.grants}
    return (grant for grant in stack.grants if grant.holder is HolderKind.ROLE and grant.urn not in held)


@rule(
    "cross-account-administrator",
    title="Another account gets everything",
    severity=CRITICAL,
    on=StackView,
    settings=SecuritySettings,
    why=(
        "A role that another account can assume has AdministratorAccess, `*` or `*:*` on everything, or everything "
        "but a list (`NotAction`). Conditions on such a grant do not excuse it. Grants to roles outside the stack "
        "count as well, because nobody can see here whom those roles trust."
    ),
    unknown=(
        "A grant whose policy or document is not known at preview is a violation, and so is a wide grant to a role "
        "whose trust policy is not known."
    ),
    example=Example(
        bad='RolePolicyAttachment(role_name="ops", policy_name="AdministratorAccess", policy_type="System")',
        good='RolePolicyAttachment(role_name="ops", policy_name="AliyunECSFullAccess", policy_type="System")',
    ),
)
def cross_account_administrator(stack: StackView, settings: SecuritySettings) -> Iterator[Violation]:
    """Look at every statement of every grant of roles for others."""
    del settings
    fix = "Grant what the contract is about, for example a preset."
    for grants, whose in _grants_for_others(stack):
        yield from (_unseen(grant, whose) for grant in grants if grant.unknown or grant.unreadable)
        wide = giving_everything(grants)
        for grant in wide:
            alone = any(map(allows_everything, granted_statements(grant)))
            others = (
                "" if alone else f" together with {comma_separated(other.title for other in wide if other != grant)}"
            )
            message = f"{grant.title}{others} gives {whose} every action on everything."
            yield Violation(grant.urn, _sentence(message), fix)


def _grants_for_others(stack: StackView) -> Iterator[tuple[tuple[GrantView, ...], str]]:
    """Grants of each role for others, and the role in words."""
    for role in delegated(stack):
        accounts = comma_separated(t.account for t in trusted_others(role)) or "not known yet"
        yield role.grants, f"role {value_in_message(role.name, 'of this stack')} (trusted account: {accounts})"
    for grant in outside_grants(stack):
        yield (
            (grant,),
            f"role {value_in_message(grant.holder_name, 'not known yet')}, which this stack does not describe",
        )


def _unseen(grant: GrantView, whose: str) -> Violation:
    what = f"What is granted to {whose}"
    return not_known(grant.urn, what) if grant.unknown else unreadable(grant.urn, what)


class EscalationSettings(SecuritySettings):
    """Settings of privilege-escalation."""

    accepted: tuple[str, ...] = Field(
        default=(), description="Actions that delegated roles may have all the same, wildcards allowed: ram:PassRole."
    )
    through_services: Literal["seen", "always"] = Field(
        default="seen",
        description=(
            "When running code in a service other than fc, oos and ros counts (ecs:RunCommand on an instance that has "
            "a role): where this stack has a role of the same account that trusts the service, or always."
        ),
    )
    reviewed_policies: tuple[str, ...] = Field(
        default=(),
        description="System policies outside the catalogue that somebody has read and found without such actions.",
    )


@rule(
    "privilege-escalation",
    title="A delegated role can get itself more access",
    severity=CRITICAL,
    on=StackView,
    settings=EscalationSettings,
    why=(
        "A role that another account can assume may write RAM (attach policies, change their versions, edit trust "
        "policies, make users and keys, weaken sign-in, any other write of RAM, IMS, Resource Manager, resource "
        "sharing or CloudSSO), read credentials there, pass a role to a service, assume further roles, or run code "
        "with somebody else's role (fc, oos, ros; and services that a role of the stack trusts, see "
        "`throughServices`). Each of these turns a narrow grant into a wider one. Which actions count is the "
        "catalogue's classification; an action of those services that has no class counts as well. An Allow counts "
        "under whatever condition it stands, unless a Deny without conditions, of the same scope, takes all of it "
        "back. A grant of everything is the business of cross-account-administrator."
    ),
    unknown=(
        "A grant whose policy or document is not known at preview is a violation; so is a custom policy that the "
        "stack does not contain, and a system policy whose document the catalogue does not have, until it is named in "
        "`reviewedPolicies`."
    ),
    example=Example(
        bad='{"Effect": "Allow", "Action": ["ecs:*", "ram:PassRole"], "Resource": "*"}',
        good='{"Effect": "Allow", "Action": ["ecs:Describe*", "ecs:StartInstance"], "Resource": "*"}',
    ),
)
def privilege_escalation(stack: StackView, settings: EscalationSettings) -> Iterator[Violation]:
    """Ask for each way to more access whether the grants may allow it."""
    reviewed = {name.lower() for name in settings.reviewed_policies}
    for grant, whose in ((grant, whose) for grants, whose in _grants_for_others(stack) for grant in grants):
        if grant.unknown or grant.unreadable:
            yield _unseen(grant, whose)
        elif grant.document is None and value_in_message(grant.policy_name, "").lower() not in reviewed:
            yield _unread(grant, whose)
    held = [(role.grants, value_in_message(role.name, "of this stack"), role.account) for role in delegated(stack)]
    held += [
        ((grant,), value_in_message(grant.holder_name, "not known yet"), grant.account)
        for grant in outside_grants(stack)
    ]
    for grants, name, account in held:
        services = services_with_roles(stack, account)
        yield from _escalates(stack, grants, name, settings, services)


def _unread(grant: GrantView, whose: str) -> Violation:
    if grant.system is True:
        fix = "Read its document in the console and name it in reviewedPolicies of this rule."
        message = f"{grant.title}, granted to {whose}, is not in the catalogue, so its document cannot be judged."
    else:
        fix = "Make the policy in this stack."
        message = f"{grant.title}, granted to {whose}, is not in this stack, so its document cannot be judged."
    return Violation(grant.urn, _sentence(message), fix)


def _escalates(
    stack: StackView,
    grants: tuple[GrantView, ...],
    role: str,
    settings: EscalationSettings,
    services: tuple[str, ...],
) -> Iterator[Violation]:
    """One violation for each grant that opens ways to more access, with all of them."""
    accepted = [glob_matcher(pattern.lower()) for pattern in settings.accepted]
    for grant in dict.fromkeys(grants):
        ways: dict[str, list[str]] = {}
        leads: list[str] = []
        for statement, action in _dangerous(grant, grants, settings, services):
            if not any(matches(action.lower()) for matches in accepted):
                ways.setdefault(way(action), []).append(action)
                leads += _next_roles(stack, statement.resources) if action == ASSUME_ROLE else ()
        if ways:
            sentences = [
                how.format(few(actions)) + (f" ({few(leads)})" if leads and ASSUME_ROLE in actions else "")
                for how, actions in ways.items()
            ]
            taken = few(action for actions in ways.values() for action in actions)
            fix = f"Leave {taken} out of the grant, or name them in the accepted actions of this rule."
            yield Violation(grant.urn, f"Role {role} can get itself more access: {'; '.join(sentences)}.", fix)


def _dangerous(
    grant: GrantView, grants: tuple[GrantView, ...], settings: EscalationSettings, services: tuple[str, ...]
) -> Iterator[tuple[Statement, str]]:
    """The statements of a grant with each action that is a way to more access and is not taken back."""
    for statement in granted_statements(grant):
        if statement.effect is not Effect.ALLOW or allows_everything(statement):
            continue
        if settings.through_services == "always":
            services = tuple(sorted({a.partition(":")[0].lower() for a in actions_with(Hazard.RUNS_CODE_AS)}))
        named = [*dangerous_actions(statement), *(a for s in services for a in service_actions(statement, s))]
        left = without_tomorrow(still_allowed(grant, statement, dict.fromkeys(named), grants))
        yield from ((statement, action) for action in left)


def _next_roles(stack: StackView, resources: tuple[str, ...]) -> Iterator[str]:
    """The roles of the stack that resource patterns of an assume permission reach."""
    for role in stack.roles:
        if isinstance(role.account, str) and isinstance(role.name, str):
            resource = role_resource(role.account, role.name)
            if any(p == "*" or resource_matcher(p.lower())(resource) for p in resources):
                yield value_in_message(role.arn, role.name)


class AssumeSettings(SecuritySettings):
    """Settings of assume-permission-too-wide."""

    roles: tuple[str, ...] = Field(
        default=(),
        description="ARNs of roles that exist in accounts this stack does not describe: acs:ram::11223344:role/ops.",
    )


@rule(
    "assume-permission-too-wide",
    title="Somebody may assume more roles than there are",
    severity=HIGH,
    on=StackView,
    settings=AssumeSettings,
    why=(
        "`sts:AssumeRole` on a pattern (`*`, `role/*`, the system policy AliyunSTSAssumeRoleAccess) also covers the "
        "roles that somebody makes tomorrow, in any account that trusts this one. A role written out is held against "
        "the roles of its account when this stack describes that account, and against `roles` when those are given."
    ),
    unknown="A grant to a user, group or role whose policy or document is not known at preview is a violation.",
    example=Example(
        bad='{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}',
        good='{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "acs:ram:*:11223344:role/ecs-admin"}',
    ),
)
def assume_permission_too_wide(stack: StackView, settings: AssumeSettings) -> Iterator[Violation]:
    """Compare the resources of assume permissions with the roles that are known to exist."""
    existing = {arn.lower() for arn in settings.roles}
    existing |= {role.arn.lower() for role in stack.roles if isinstance(role.arn, str)}
    nameless = any(isinstance(role.arn, Unknown) for role in stack.roles)
    described = {account_of(arn) for arn in existing}
    for grant in stack.grants:
        whom = f"{grant.holder} {value_in_message(grant.holder_name, 'not known yet')}"
        if grant.unknown or grant.unreadable:
            yield _unseen(grant, whom)
        for allowing in may_allow((grant,), ASSUME_ROLE):
            if allows_everything(allowing.statement) or allowing.statement.effect is not Effect.ALLOW:
                continue
            wide = list(open_ended(allowing.statement.resources))
            exact = [_as_arn(r) for r in allowing.statement.resources if r not in wide]
            missing = [a for a in exact if a not in existing and account_of(a) in described and not nameless]
            if wide:
                message = f"{grant.title} lets {whom} assume every role that {comma_separated(wide)} matches."
                yield Violation(grant.urn, _sentence(message), "Name the roles: acs:ram:*:<account>:role/<name>.")
            if missing and not stack.partial:
                message = f"{grant.title} lets {whom} assume {comma_separated(missing)}, which does not exist."
                yield Violation(grant.urn, _sentence(message), "Remove it, or add it to the roles of this rule.")


def _as_arn(resource: str) -> str:
    arn = Arn.read(resource.lower())
    if arn is None:
        return resource
    return str(replace(arn, region="")) if has_wildcard(arn.region) else str(arn)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
