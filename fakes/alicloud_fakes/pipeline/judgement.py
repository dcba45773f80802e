"""Judgement of a call, for those who watch: the request, the decision, and the policies that were asked."""

from __future__ import annotations

from dataclasses import dataclass

from ram_policies.evaluation.decision import Decision, Request
from ram_policies.evaluation.policyset import PolicySet


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about one resource of a call.

    Attributes:
        request_id: of the call.
        request: what was asked.
        decision: the answer, with its reasons.
        identity: policies of the caller; None for services and identity providers.
        session: the caller's session policy, where it has one.
        trust: the trust policy of the role that is to be assumed; None for every other call.
        resource: the policy on the resource, where there is one.
        enforced: whether a denial refuses the call; in soft mode it does not.
    """

    request_id: str
    request: Request
    decision: Decision
    identity: PolicySet | None = None
    session: PolicySet | None = None
    trust: PolicySet | None = None
    resource: PolicySet | None = None
    enforced: bool = True
