"""Requests, policies and decisions as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ram_policies.conditions import ContextValue
from ram_policies.document import Document, Effect


class Outcome(StrEnum):
    """Outcome of an evaluation. DEPENDS: values not known yet decide between allowed and denied."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit_deny"
    IMPLICIT_DENY = "implicit_deny"
    DEPENDS = "depends"


class PolicyType(StrEnum):
    """Type of a policy; System and Custom are RAM's own words."""

    SYSTEM = "System"
    CUSTOM = "Custom"
    SESSION = "Session"
    TRUST = "Trust"
    CONTROL = "Control"
    BUCKET = "Bucket"


class DeniedBy(StrEnum):
    """The policy type in an AccessDeniedDetail. Source: RAM, DecodeDiagnosticMessage, for all but the last."""

    ACCOUNT = "AccountLevelIdentityBasedPolicy"
    RESOURCE_GROUP = "ResourceGroupLevelIdentityBasedPolicy"
    CONTROL = "ControlPolicy"
    SESSION = "SessionPolicy"
    TRUST = "AssumeRolePolicy"
    RESOURCE = "ResourceBasedPolicy"  # unconfirmed.BUCKET_DENIAL_TYPE


@dataclass(frozen=True, slots=True)
class Policy:
    """A document where it applies.

    Attributes:
        name: the policy's name.
        type: what kind of policy it is.
        document: its document; `document.UNKNOWN_DOCUMENT` when that is not known yet.
        attached_to: ARN of the user, group or role that has it; empty for policies that belong to no entity.
        scope: ID of the resource group the attachment is limited to; None is the whole account.
        version: ``v1`` and so on.
    """

    name: str
    type: PolicyType
    document: Document
    attached_to: str = ""
    scope: str | None = None
    version: str = "v1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be judged.

    Attributes:
        action: ``ecs:StopInstance``; case does not matter.
        resource: ``acs:ecs:cn-hangzhou:12345678:instance/i-1``, or ``*`` for actions without a resource.
        context: condition keys and their values. A key that is not in it is absent from the request; a value that is
            not known is ``UNKNOWN``.
        principal: ARN of the caller; a service's name or an identity provider's ARN where those call.
        resource_group: ID of the resource group that the resource is in.
        principal_id: numeric ID of the caller, for bucket policies, which name users by it.
    """

    action: str
    resource: str
    context: Mapping[str, ContextValue] = field(default_factory=dict[str, ContextValue])
    principal: str = ""
    resource_group: str | None = None
    principal_id: str = ""


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that decided: which policy, which of its statements (from 0), and its effect."""

    policy: Policy
    index: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reasons.

    Attributes:
        outcome: the answer.
        policy_type: the kind of policy that denied, in the vocabulary of AccessDeniedDetail; None when allowed.
        matched: the statements that decided: the Deny statements of an explicit deny, the Allow statements otherwise.
        missing: what a denied request would have needed, in sentences.
        depends_on: condition keys whose unknown values decide, or decide which kind of denial it is; also policies
            whose documents are unknown, as "the document of <policy>".
    """

    outcome: Outcome
    policy_type: DeniedBy | None = None
    matched: tuple[MatchedStatement, ...] = ()
    missing: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """True if the request is allowed for certain."""
        return self.outcome is Outcome.ALLOW

    @property
    def denied(self) -> bool:
        """True if the request is denied for certain."""
        return self.outcome is Outcome.EXPLICIT_DENY or self.outcome is Outcome.IMPLICIT_DENY

    @property
    def no_permission_type(self) -> str | None:
        """``ExplicitDeny`` or ``ImplicitDeny``, as in AccessDeniedDetail; None when not denied for certain."""
        return {Outcome.EXPLICIT_DENY: "ExplicitDeny", Outcome.IMPLICIT_DENY: "ImplicitDeny"}.get(self.outcome)
