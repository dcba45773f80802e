"""Decisions: what RAM would answer, and why.

Source: Alibaba Cloud, RAM, "Policy evaluation process" and "Policy evaluation process of assuming a RAM role".

A request passes the control policies and the session policy first: anything but an allow there is final. Then the
identity policies decide, those of account scope before those of resource-group scope, together with the policy on the
resource, where there is one. For the assumption of a role both sides must allow: the caller's identity policies and the
role's trust policy, in one account or across two.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ram_policies.arn import caller_account, is_in_account, is_root, principal_arn
from ram_policies.conditions import UNKNOWN, Context, ContextValue, Unknown
from ram_policies.evaluation.compiled import MAY_ALLOW, MAY_IGNORE, CompiledStatement
from ram_policies.evaluation.decision import Decision, DeniedBy, MatchedStatement, Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.evaluation.steps import (
    CONTROL,
    FOREIGN_ACCOUNT,
    IDENTITY,
    RESOURCE,
    SESSION,
    TRUST,
    EvaluationStep,
    all_allow,
    any_allows,
    conclude,
    evaluate_layer,
    nobody_mentions,
)
from ram_policies.evaluation.unchecked import needs_no_permission

__all__ = [
    "UNKNOWN",
    "Context",
    "ContextValue",
    "Decision",
    "DeniedBy",
    "MatchedStatement",
    "Outcome",
    "Policy",
    "PolicySet",
    "PolicyType",
    "Request",
    "Unknown",
    "authorize",
    "authorize_assume_role",
]

_SERVICE_LINKED = "role/aliyunservicerolefor"
_SOURCE_IDENTITY, _SET_SOURCE_IDENTITY = "sts:SourceIdentity", "sts:SetSourceIdentity"


_EVERYBODY_MAY = Decision(Outcome.ALLOW)


def authorize(
    request: Request,
    *,
    identity: PolicySet,
    session: PolicySet | None = None,
    control: PolicySet | None = None,
    resource: PolicySet | None = None,
) -> Decision:
    """Judge a request to a service.

    Args:
        request: what is asked; `principal` matters for policies that name principals and for root, `resource_group`
            for policies attached with a resource group as scope.
        identity: policies of the user and its groups, or of the role. They allow nothing in another account than that
            of `principal`. For root they are not looked at: root may do everything in its own account.
        session: the session policy given to AssumeRole, for role sessions that have one.
        control: control policies of the resource directory, where there are any.
        resource: the policy on the resource: an OSS bucket policy.
    """
    if needs_no_permission(request.action):
        return _EVERYBODY_MAY
    if resource is None and session is None and control is None:
        simple = _simple_answer(request, identity)
        if simple is not None:
            return simple
    gates = _gates(request, control, session)
    own = _own(request, identity)
    if resource is None:
        return conclude(request, gates, [own], own.possible)
    other = evaluate_layer(resource, request, RESOURCE)
    return conclude(request, gates, [own, other], any_allows(own.possible, other.possible))


def authorize_assume_role(
    request: Request,
    *,
    identity: PolicySet | None,
    trust: PolicySet,
    session: PolicySet | None = None,
    control: PolicySet | None = None,
) -> Decision:
    """Judge the assumption of a role: the caller's side and the role's side must both allow it.

    Where the session has a source identity, the role's side must allow that, too (unconfirmed.SET_SOURCE_IDENTITY).

    Args:
        request: action ``sts:AssumeRole``, resource as from `arn.role_resource`, the caller as `principal`.
        identity: policies of the caller; None for services and identity providers, for which the trust policy decides
            alone.
        trust: the role's trust policy.
        session: the caller's session policy, when the caller is itself a role session that has one.
        control: control policies of the resource directory, where there are any.
    """
    decision = _assumption(request, identity, trust, session, control)
    if not decision.allowed or not isinstance(request.context.get(_SOURCE_IDENTITY), str):
        return decision
    named = evaluate_layer(trust, replace(request, action=_SET_SOURCE_IDENTITY), TRUST)
    taken = conclude(replace(request, action=_SET_SOURCE_IDENTITY), [], [named], named.possible)
    return decision if taken.allowed else taken


def _assumption(
    request: Request,
    identity: PolicySet | None,
    trust: PolicySet,
    session: PolicySet | None,
    control: PolicySet | None,
) -> Decision:
    if is_root(request.principal):
        why = "a RAM user or a role session as caller: the root identity of an account can never assume a role"
        return Decision(Outcome.IMPLICIT_DENY, DeniedBy.TRUST, missing=(why,))
    if control is None and session is None and identity is not None:
        simple = _simple_assumption(request, identity, trust)
        if simple is not None:
            return simple
    gates = _gates(request, control, session)
    other = evaluate_layer(trust, request, TRUST)
    if identity is None:
        return conclude(request, gates, [other], other.possible)
    own = evaluate_layer(identity, request, IDENTITY)
    return conclude(request, gates, [own, other], all_allow(own.possible, other.possible))


def _simple_assumption(request: Request, identity: PolicySet, trust: PolicySet) -> Decision | None:
    """The most frequent answer, without going through the steps: one statement on each side that allows."""
    mine, theirs = identity.account.only_statement(request), trust.account.only_statement(request)
    if mine is None or theirs is None or not mine.allows or not theirs.allows:
        return None
    if (mine.plain or mine.applies(request)) and (theirs.plain or theirs.applies(request)):
        return _allowed_by_both(mine, theirs)
    return None


@lru_cache(maxsize=1024)
def _allowed_by_both(mine: CompiledStatement, theirs: CompiledStatement) -> Decision:
    """The decision that two statements make together; kept, since a decision is a value and callers come again."""
    return Decision(Outcome.ALLOW, None, (mine.matched, theirs.matched))


def _simple_answer(request: Request, identity: PolicySet) -> Decision | None:
    """The two most frequent answers, without going through the steps: no statement applies, or one that allows."""
    if identity.groups or is_root(request.principal):
        return None
    answers = identity.account.answers(request)
    if not answers:
        return nobody_mentions(request)
    compiled, applies = answers[0]
    alone = len(answers) == 1 and applies and compiled.allows and _at_home(request)
    return compiled.allowed_alone if alone else None


def _own(request: Request, identity: PolicySet) -> EvaluationStep:
    """The caller's own side. It can allow only what is in the caller's account; a Deny counts everywhere."""
    if is_root(request.principal):
        if _at_home(request):
            return EvaluationStep(IDENTITY, MAY_ALLOW, [], DeniedBy.ACCOUNT)
        return EvaluationStep(FOREIGN_ACCOUNT, MAY_IGNORE, [], DeniedBy.ACCOUNT)
    step = evaluate_layer(identity, request, IDENTITY)
    if not step.possible & MAY_ALLOW or _at_home(request):
        return step
    denials = [answer for answer in step.answers if not answer[0].allows]
    return EvaluationStep(FOREIGN_ACCOUNT, step.possible & ~MAY_ALLOW | MAY_IGNORE, denials, step.denied_by)


def _at_home(request: Request) -> bool:
    account = caller_account(request.principal)
    return not account or is_in_account(request.resource, account)


def _gates(request: Request, control: PolicySet | None, session: PolicySet | None) -> list[EvaluationStep]:
    gates: list[EvaluationStep] = []
    if control is not None and _control_binds(request.principal):
        gates.append(evaluate_layer(control, request, CONTROL))
    if session is not None:
        gates.append(evaluate_layer(session, request, SESSION))
    return gates


def _control_binds(caller: str) -> bool:
    """True if control policies bind a caller of a member account: they pass over its owner and service-linked roles.

    Source: Alibaba Cloud, Resource Directory, "Overview of control policies"; RAM, "Policy evaluation process" (2026).
    """
    return not is_root(caller) and f":{_SERVICE_LINKED}" not in principal_arn(caller)
