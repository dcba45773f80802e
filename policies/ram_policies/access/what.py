"""Access of one principal: everything a user, role or session holds, and what it can come to through roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ram_policies.access.aliases import SIGN_IN_DOMAIN
from ram_policies.access.holder_group import HolderGroup, Hop
from ram_policies.access.model import Account, Holder
from ram_policies.access.phrases import statement_phrase
from ram_policies.access.who import Explorer
from ram_policies.document import UNKNOWN_DOCUMENT, Effect
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Policy

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Permission:
    """One statement that decides about a holder's requests.

    Attributes:
        holder: whose request.
        hops: roles assumed before.
        account: where it counts.
        policy: the policy that holds the statement.
        effect: Allow or Deny; None when the document is not known.
        phrase: the statement in words.
    """

    holder: Holder
    hops: tuple[Hop, ...]
    account: Account
    policy: Policy
    effect: Effect | None
    phrase: str

    @property
    def conditions(self) -> tuple[str, ...]:
        """Everything that must hold on the way to the role, in words."""
        return tuple(dict.fromkeys(phrase for hop in self.hops for phrase in hop.environment.conditions))


def what_can(explorer: Explorer, principal: str) -> list[Permission]:
    """Everything that decides what a principal may do, its own first, then by role that it can come to.

    Args:
        explorer: of the model.
        principal: an ARN, or a name as in ``AAA``, ``user/AAA``, ``role/ecs-admin``, ``AAA@company-b``.

    Raises:
        InvalidInputError: nobody has that name, or several have.
    """
    group, holder = find_holder(explorer, principal)
    found = list(_permissions(group, holder, ()))
    roles = {other.first.arn: other for other in explorer.holder_groups if other.first.kind == "role"}
    for arn, hops in explorer.chains(group).items():
        found += _permissions(roles[arn], holder, hops)
    return found


def _permissions(group: HolderGroup, holder: Holder, hops: tuple[Hop, ...]) -> Iterator[Permission]:
    for policy in group.policies.policies:
        where = group.first.account
        if policy.document == UNKNOWN_DOCUMENT:
            yield Permission(holder, hops, where, policy, None, f"whatever {policy.name} will say: it is not known yet")
        for statement in policy.document.statements:
            tail = "" if policy.scope is None else f", in resource group {policy.scope}"
            yield Permission(holder, hops, where, policy, statement.effect, statement_phrase(statement) + tail)


def find_holder(explorer: Explorer, principal: str) -> tuple[HolderGroup, Holder]:
    """The one holder that a name or an ARN means.

    Raises:
        InvalidInputError: nobody has that name, or several have.
    """
    wanted = principal.lower()
    found = [
        (group, holder) for group in explorer.holder_groups for holder in group.holders if wanted in names_of(holder)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(holder.arn for _, holder in found[:_SHOWN])
        raise InvalidInputError(
            "principal",
            principal,
            "is the name of several principals",
            f"write one of {several}",
            code="ambiguous-name",
        )
    there = [holder.arn for group in explorer.holder_groups for holder in group.holders]
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    fix = f"write one of {', '.join(there[:_SHOWN])}{more}" if there else "give a source that has users or roles"
    raise InvalidInputError("principal", principal, "is not a principal of these accounts", fix, code="unknown-name")


def names_of(holder: Holder) -> set[str]:
    """All names of a holder, in lower case, including the sign-in name of a person."""
    name, account = holder.name.lower(), holder.account
    names = {holder.arn.lower(), name, f"{holder.kind}/{name}"}
    for place in {account.id, account.alias.lower()} - {""}:
        names.add(f"{name}@{place}")
        if holder.kind == "user":
            names.add(f"{name}@{place}{SIGN_IN_DOMAIN}")
    return names
