"""Access model of planned roles, and the proof that they never allow some actions."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_alicloud_delegation.plan.role import RolePlan
from ram_policies import Document, DocumentKind, InvalidInputError, read_document, system_policy
from ram_policies.access.model import AccessModel, Account, Role
from ram_policies.access.never import check_action_pattern, never_broken
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Policy, PolicyType


def policies_of(role: RolePlan) -> tuple[Policy, ...]:
    """Policies of a role while it is active; a document that nobody knows is `UNKNOWN_DOCUMENT`."""
    made = {policy.name: policy.document for policy in role.policies}
    return tuple(
        Policy(
            grant.name,
            PolicyType(grant.type),
            read_document(made[grant.name], DocumentKind.IDENTITY, grant.name)
            if grant.created
            else _published(grant.name, grant.type),
            role.arn,
        )
        for grant in role.granted_when_active
    )


def _published(name: str, type_: str) -> Document:
    known = system_policy(name) if type_ == "System" else None
    return UNKNOWN_DOCUMENT if known is None else known.document


def planned_model(roles: Sequence[RolePlan]) -> AccessModel:
    """Model that the access questions are asked of: the owner's account with these roles alone."""
    return AccessModel(
        tuple(
            Account(
                account,
                roles=tuple(Role(role.name, role.trust, policies_of(role)) for role in roles if role.owner == account),
            )
            for account in dict.fromkeys(role.owner for role in roles)
        )
    )


def check_never(roles: Sequence[RolePlan], never: Sequence[str], only: str | None = None) -> None:
    """Prove that no role may do a forbidden action, itself or through roles that it can assume.

    Args:
        roles: all roles of the delegation.
        never: what holds for all of them; each role may have more of its own.
        only: the field of the only role, for messages; by default the roles are `roles[0]` and so on.

    Raises:
        InvalidInputError: an entry is not an action; a role may do it, with a request that shows it; or it is not
            decided.
    """
    for index, pattern in enumerate(never):
        check_action_pattern(pattern, f"never[{index}]")
    asked = [("never", tuple(never), None)] if never else []
    for index, role in enumerate(roles):
        at = f"{only or f'roles[{index}]'}.never"
        for number, pattern in enumerate(role.never):
            check_action_pattern(pattern, f"{at}[{number}]")
        asked += [(at, role.never, [role.arn])] if role.never else []
    model = planned_model(roles) if asked else AccessModel()
    for field, patterns, starts in asked:
        for broken in never_broken(model, patterns, starts):
            raise InvalidInputError(
                field,
                list(patterns),
                f"is not kept: {broken}",
                "deny these actions in a policy of the role, or take the grant away",
                code="never-broken",
            )
