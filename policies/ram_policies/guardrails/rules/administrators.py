"""The rule about everything in the hands of a key or of a service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import Field

from ram_policies.conditions import Unknown
from ram_policies.document import Effect
from ram_policies.guardrails.meaning import allows_everything, statements_of
from ram_policies.guardrails.model import (
    CRITICAL,
    Example,
    SecuritySettings,
    Violation,
    not_known,
    rule,
    shown,
)
from ram_policies.stack.views import GrantView, HolderKind, RoleView, StackView

NamePair = tuple[str | Unknown, str]


class AdministratorSettings(SecuritySettings):
    """Settings of standing-administrator."""

    accepted: tuple[str, ...] = Field(default=(), description="Names of users and roles that may have everything.")


@rule(
    "standing-administrator",
    title="An access key or a service has everything",
    severity=CRITICAL,
    on=StackView,
    settings=AdministratorSettings,
    why=(
        "A user with an access key and AdministratorAccess, `*` on everything, or everything but a list, of its own or "
        "through a group: who finds the key owns the account, without MFA and until somebody notices. A role that a "
        "service of Alibaba Cloud may assume and that has everything: who may give the service work (`ecs:RunCommand`, "
        "a function, a template) owns the account. Users and groups outside the stack count by name."
    ),
    unknown=(
        "A grant to such a user or role whose policy or document is not known at preview is a violation, and so is an "
        "access key of a user whose name is not known beside a user who has everything."
    ),
    example=Example(
        bad='AccessKey("deploy", user_name="ci") and AdministratorAccess attached to the user ci',
        good='AccessKey("deploy", user_name="ci") and a policy of what the pipeline does attached to the user ci',
    ),
)
def standing_administrator(stack: StackView, settings: AdministratorSettings) -> Iterator[Violation]:
    """Look at the grants of users who have keys, and of roles that services assume."""
    accepted = {name.lower() for name in settings.accepted}
    for key in stack.keys:
        if key.user_name is None:
            continue  # the key of whoever deploys: keys-and-passwords reports it
        name = shown(key.user_name, "not known yet")
        if name.lower() not in accepted:
            grants = _of_user(stack, (key.account, name.lower()), known=isinstance(key.user_name, str))
            yield from _everything(grants, f"The user {name}, who has an access key,", "Give the key's user less.")
    for role in stack.roles:
        name = shown(role.name, "of this stack")
        if name.lower() not in accepted and _of_service(role):
            fix = "Grant the role what the service does with it."
            yield from _everything(role.grants, f"The role {name}, which a service assumes,", fix)


def _everything(grants: Iterable[GrantView], who: str, fix: str) -> Iterator[Violation]:
    for grant in dict.fromkeys(grants):
        if grant.unknown:
            yield not_known(grant.urn, f"Whether {who[:1].lower()}{who[1:].removesuffix(',')} has everything")
        elif any(allows_everything(statement) for statement in statements_of(grant)):
            yield Violation(grant.urn, f"{who} has everything through {grant.title}.", fix)


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


def _of_service(role: RoleView) -> bool:
    document = role.trust.document
    return any(
        statement.effect is Effect.ALLOW and statement.principals is not None and bool(statement.principals.service)
        for statement in (document.statements if document else ())
    )


def _folded(name: str | Unknown) -> str:
    return "" if isinstance(name, Unknown) else name.lower()
