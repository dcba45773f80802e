"""The rule about everything in the hands of a key, of a service or of an identity provider."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from ram_policies.conditions import Unknown
from ram_policies.document import Effect
from ram_policies.guardrails.meaning import comma_separated, giving_attachments, giving_everything, may_be, trusted
from ram_policies.guardrails.rule_model import (
    CRITICAL,
    Example,
    SecuritySettings,
    Violation,
    not_known,
    outside,
    rule,
    unreadable,
    value_in_message,
)
from ram_policies.stack.views import GrantView, HolderKind, KeyView, RoleView, StackView

NamePair = tuple[str | Unknown, str]
_ATTACH = {
    "user": ("ram:AttachPolicyToUser", "ram:AttachPolicy"),
    "role": ("ram:AttachPolicyToRole", "ram:AttachPolicy"),
}


class AdministratorSettings(SecuritySettings):
    """Settings of standing-administrator."""

    accepted: tuple[str, ...] = Field(default=(), description="Names of users and roles that may have everything.")
    reviewed_policies: tuple[str, ...] = Field(
        default=(),
        description="Policies outside the stack and the catalogue that somebody has read and found harmless.",
    )


@rule(
    "standing-administrator",
    title="An access key, a service or an identity provider has everything",
    severity=CRITICAL,
    on=StackView,
    settings=AdministratorSettings,
    why=(
        "A user with an access key and AdministratorAccess, `*` on everything, everything but a list, or the "
        "permission to attach any policy to itself, of its own or through a group: who finds the key owns the account, "
        "without MFA and until somebody notices. A role that a service of Alibaba Cloud may assume and "
        "that has as much: who may give the service work (`ecs:RunCommand`, a function, a template) owns the account. "
        "A role that people or programs of an identity provider may assume and that has as much: who writes the "
        "repository, or runs the provider, owns the account. "
        "It is proved, so other words for everything count, and several policies together. Users and groups outside "
        "the stack count by name."
    ),
    unknown=(
        "A grant to such a user or role whose policy or document is not known at preview is a violation, and so is an "
        "access key of a user whose name is not known beside a user who has everything, and everything for somebody "
        "whose name, group or account is not known beside an access key. So is what no deployment will "
        "tell: a group or a custom policy that the stack does not make, and a system policy whose document the "
        "catalogue does not have, until it is named in `reviewedPolicies`."
    ),
    example=Example(
        bad='AccessKey("deploy", user_name="ci") and AdministratorAccess attached to the user ci',
        good='AccessKey("deploy", user_name="ci") and a policy of what the pipeline does attached to the user ci',
    ),
)
def standing_administrator(stack: StackView, settings: AdministratorSettings) -> Iterator[Violation]:
    """Look at the grants of users who have keys, and of roles that trust services or identity providers."""
    accepted = {name.lower() for name in settings.accepted}
    for key in stack.keys:
        if key.user_name is None:
            continue  # the key of whoever deploys: keys-and-passwords reports it
        name = value_in_message(key.user_name, "not known yet")
        if name.lower() not in accepted:
            user = (key.account, name.lower())
            who = f"the user {name}, who has an access key"
            grants = tuple(_of_user(stack, user, known=isinstance(key.user_name, str)))
            yield from _everything(grants, who, "Give the key's user less.", settings)
            yield from _elsewhere(stack, user, who)
            if isinstance(key.user_name, str):
                yield from _perhaps(stack, key, grants, who)
    for role in stack.roles:
        name = value_in_message(role.name, "of this stack")
        for who, fix in _assumed_by(role) if name.lower() not in accepted else ():
            yield from _everything(role.grants, f"the role {name}, which {who}", fix, settings)


def _everything(
    grants: tuple[GrantView, ...], who: str, fix: str, settings: AdministratorSettings
) -> Iterator[Violation]:
    reviewed = {name.lower() for name in settings.reviewed_policies}
    for grant in dict.fromkeys(grants):
        if grant.unknown:
            yield not_known(grant.urn, f"What {grant.title} gives {who}")
        elif grant.unreadable:
            yield unreadable(grant.urn, f"What {grant.title} gives {who}")
        elif grant.document is None and value_in_message(grant.policy_name, "").lower() not in reviewed:
            yield outside(grant.urn, f"What {grant.title} gives {who}")
    attaching = giving_attachments(grants, _ATTACH["user" if who.startswith("the user") else "role"])
    for found, power in ((giving_everything(grants), "has everything"), (attaching, "can give itself everything")):
        if found:
            message = f"{who[:1].upper()}{who[1:]}, {power} through {comma_separated(grant.title for grant in found)}."
            yield Violation(found[0].urn, message, fix)
            break


def _perhaps(stack: StackView, key: KeyView, sure: tuple[GrantView, ...], who: str) -> Iterator[Violation]:
    """Grants of which nobody knows yet whether they are for the user, where with them the user has everything."""
    joined = [m for m in stack.memberships if may_be(m.account, key.account) and may_be(m.user_name, key.user_name)]
    possible = tuple(
        grant
        for grant in stack.grants
        if grant not in sure
        and may_be(grant.account, key.account)
        and (
            may_be(grant.holder_name, key.user_name)
            if grant.holder is HolderKind.USER
            else grant.holder is HolderKind.GROUP
            and any(may_be(m.account, grant.account) and may_be(m.group_name, grant.holder_name) for m in joined)
        )
    )
    every = (*sure, *possible)
    found = giving_everything(every) or giving_attachments(every, _ATTACH["user"])
    for grant in possible:
        if grant in found or grant.unknown or grant.document is None or grant.unreadable:
            yield not_known(grant.urn, f"Whether {grant.title} is for {who},")


def _elsewhere(stack: StackView, user: NamePair, who: str) -> Iterator[Violation]:
    """The groups of a user that the stack neither makes nor grants anything."""
    granted = {(g.account, _folded(g.holder_name)) for g in stack.grants if g.holder is HolderKind.GROUP}
    for member in stack.memberships:
        group = (member.account, _folded(member.group_name))
        if (member.account, _folded(member.user_name)) == user and not member.group_here and group not in granted:
            name = value_in_message(member.group_name, "whose name is not known yet")
            yield outside(member.urn, f"What the group {name} gives {who}")


def _of_user(stack: StackView, user: NamePair, *, known: bool) -> Iterator[GrantView]:
    """The grants of a user and of its groups, by name; when that is not known, of every user of the account."""
    groups: set[NamePair] = set()
    for member in stack.memberships:
        if not known or (member.account, _folded(member.user_name)) == user:
            groups.add((member.account, _folded(member.group_name)))
    for grant in stack.grants:
        holder = (grant.account, _folded(grant.holder_name))
        may_be_the_user = holder == user or (not known and grant.account == user[0])
        if (
            may_be_the_user
            if grant.holder is HolderKind.USER
            else (grant.holder is HolderKind.GROUP and holder in groups)
        ):
            yield grant


def _assumed_by(role: RoleView) -> Iterator[tuple[str, str]]:
    """The ways to a role that are no identity of RAM, and what to do about each.

    Identity providers of other accounts are the business of cross-account-administrator.
    """
    document = role.trust.document
    allowing = [s for s in (document.statements if document else ()) if s.effect is Effect.ALLOW and s.principals]
    if any(statement.principals and statement.principals.service for statement in allowing):
        yield "a service assumes", "Grant the role what the service does with it."
    providers = [t.principal for t in trusted(role) if t.federated and t.account == role.account]
    if providers:
        fix = "Grant the role what it is for, or name it in the accepted roles of this rule."
        yield f"whoever {comma_separated(providers)} knows assumes", fix


def _folded(name: str | Unknown) -> str:
    return "" if isinstance(name, Unknown) else name.lower()
