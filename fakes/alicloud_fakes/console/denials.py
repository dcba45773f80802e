"""A refusal for people: the contents of AccessDeniedDetail, and the change that would let the call pass.

Source: Alibaba Cloud, RAM, "Troubleshoot permission errors", AccessDeniedDetail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ram_policies.evaluation.decision import DeniedBy

_WHERE = {
    DeniedBy.ACCOUNT: "the policies attached to {who}",
    DeniedBy.RESOURCE_GROUP: "the policies that {who} has in the resource group",
    DeniedBy.CONTROL: "the control policies of the resource directory",
    DeniedBy.SESSION: "the session policy that the session began with",
    DeniedBy.TRUST: "the trust policy of the role",
    DeniedBy.RESOURCE: "the policy of the resource",
}


@dataclass(frozen=True, slots=True)
class Denial:
    """Contents of AccessDeniedDetail.

    Attributes:
        action: the permission that was asked for: ``ecs:StopInstance``.
        principal: display name of the caller.
        principal_type: ``SubUser``, ``AssumedRoleUser`` …
        owner: account of the caller.
        explicit: whether a Deny statement decided; otherwise an Allow statement is missing.
        policy_type: the kind of policy that decided, in Alibaba's words.
        encoded: the encoded diagnostic message.
    """

    action: str
    principal: str
    principal_type: str
    owner: str
    explicit: bool
    policy_type: str
    encoded: str

    @classmethod
    def read(cls, detail: Mapping[str, Any]) -> Denial:
        """Read an AccessDeniedDetail."""

        def text(name: str) -> str:
            return str(detail.get(name, ""))

        return cls(
            action=text("AuthAction"),
            principal=text("AuthPrincipalDisplayName"),
            principal_type=text("AuthPrincipalType"),
            owner=text("AuthPrincipalOwnerId"),
            explicit=text("NoPermissionType") == "ExplicitDeny",
            policy_type=text("PolicyType"),
            encoded=text("EncodedDiagnosticMessage"),
        )

    @property
    def missing(self) -> str:
        """The change that would let the call pass, in a sentence."""
        try:
            where = _WHERE[DeniedBy(self.policy_type)]
        except ValueError:
            where = "a policy of the type " + (self.policy_type or "unknown")
        place = where.format(who=self.principal)
        if self.explicit:
            return f"A Deny statement in {place} covers {self.action}. Until it is gone, no Allow can let this pass."
        return f"{place[0].upper()}{place[1:]} would need an Allow statement for {self.action}."

    @property
    def suggestion(self) -> str:
        """A policy that contains the missing Allow, as JSON; empty where an Allow would not help."""
        if self.explicit or self.policy_type not in {DeniedBy.ACCOUNT, DeniedBy.RESOURCE_GROUP}:
            return ""
        statement = {"Effect": "Allow", "Action": self.action, "Resource": "*"}
        return json.dumps({"Version": "1", "Statement": [statement]}, indent=2)
