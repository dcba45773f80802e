"""Planned or accepted roles as the guardrails and the access model see them."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_alicloud_delegation.plan.access_model import policies_of
from pulumi_alicloud_delegation.plan.role import RolePlan
from ram_policies import DocumentKind
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.stack.views import DocumentView, GrantView, HolderKind, PolicyView, RoleView, StackView


def stack_of(roles: Iterable[RolePlan]) -> StackView:
    """View that the guardrails judge: the roles as they will be while active. A URN is the role's name."""
    views = tuple(_role(role) for role in roles)
    grants = tuple(grant for role in views for grant in role.grants)
    own = tuple(
        PolicyView(grant.urn, grant.account, grant.policy_name, grant.document)
        for grant in grants
        if grant.document is not None and grant.system is False
    )
    return StackView(roles=views, policies=own, grants=grants)


def _role(role: RolePlan) -> RoleView:
    trust = DocumentView.read(role.name, "trust", DocumentKind.TRUST, role.trust.to_json())
    grants = tuple(_grant(role, policy) for policy in policies_of(role))
    return RoleView(role.name, role.owner, role.name, trust, role.max_session_duration, grants)


def _grant(role: RolePlan, policy: Policy) -> GrantView:
    known = policy.document != UNKNOWN_DOCUMENT
    document = DocumentView.read(role.name, policy.name, DocumentKind.IDENTITY, policy.document.to_json())
    return GrantView(
        role.name,
        role.owner,
        HolderKind.ROLE,
        role.name,
        policy.name,
        policy.type is PolicyType.SYSTEM,
        document if known else None,
    )
