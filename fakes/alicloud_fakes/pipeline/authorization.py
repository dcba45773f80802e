"""Authorization: every call is judged here, by the evaluator that also checks stacks before they are deployed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from alicloud_fakes.core.messages import HttpResponse
from alicloud_fakes.identity.caller import Caller, IdentityType
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.diagnosis import access_denied_detail
from alicloud_fakes.pipeline.judgement import Judgement
from alicloud_fakes.pipeline.targets import Target
from ram_policies.arn import is_in_account
from ram_policies.document import DocumentKind
from ram_policies.evaluation.decision import Decision, Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.validation.parse import read_document

if TYPE_CHECKING:
    from alicloud_fakes.identity.models import Role

NO_POLICIES = PolicySet()
RequestContext = Mapping[str, str | tuple[str, ...]]


class DeniedError(Exception):
    """A call that is not allowed.

    Attributes:
        detail: its AccessDeniedDetail.
    """

    def __init__(self, detail: dict[str, object]) -> None:
        super().__init__("not allowed")
        self.detail = detail


class Authorization:
    """The interceptor that checks permissions."""

    def before(self, call: Call) -> HttpResponse | None:
        """Read the parameters, and demand the permission.

        Raises:
            ApiError: a parameter is missing or refused.
            DeniedError: the permission is not there.
        """
        _ = call.request
        call.protocol.authorize(call)
        return None

    def after(self, _: Call, response: HttpResponse) -> HttpResponse:
        """Leave the answer as it is."""
        return response


def demand(call: Call) -> None:
    """Demand the permission of a call's action for everything that the request is about.

    Raises:
        DeniedError: it is not there.
    """
    action, request = call.performed, call.request
    named = action.on(request)
    several = named if isinstance(named, tuple) else (named,)
    region = getattr(request, "region_id", "") or "*"  # RAM's own services have no regions, and no such parameter
    prefix = f"acs:{action.service.ram_code}:{region}:{call.signed_by.account.id}:"
    context: RequestContext = action.context(request) if action.context else {}
    plain: list[str] = []
    targets: list[Target] = []
    for one in several:
        arn = one if isinstance(one, str) else one.arn
        whole = arn if arn.startswith("acs:") else prefix + arn
        if isinstance(one, str):
            plain.append(whole)
        else:
            targets.append(replace(one, arn=whole))
    call.resources = (*plain, *(target.arn for target in targets))
    if plain:
        require(call, action.permission, plain, context)
    for target in targets:
        keys = {**context, **target.context}
        require(call, action.permission, (target.arn,), keys, resource_group=target.resource_group or None)


def demand_also(call: Call, permission: str, *resources: str) -> None:
    """Demand a permission beyond the action's own, for resources of the caller's account.

    Raises:
        DeniedError: it is not there.
    """
    prefix = f"acs:{permission.partition(':')[0]}:*:{call.signed_by.account.id}:"
    whole = tuple(one if one.startswith("acs:") else prefix + one for one in resources)
    call.resources = (*call.resources, *whole)
    require(call, permission, whole)


def identity_policies(caller: Caller) -> PolicySet:
    """The policies of a caller: of a user and its groups, or of a role; none for root.

    They are looked up at every request, also for live sessions (unconfirmed.LIVE_SESSIONS).
    """
    if caller.user is not None:
        return caller.account.ram.policies_of_user(caller.user)
    if caller.role is not None:
        return caller.account.ram.policies_of_role(caller.role)
    return NO_POLICIES


def session_policies(caller: Caller) -> PolicySet | None:
    """The session policy of a caller that has one."""
    if caller.session is None or not caller.session.policy:
        return None
    return _session_policies(caller.session.policy)


@lru_cache(maxsize=1024)
def _session_policies(text: str) -> PolicySet:
    return PolicySet([Policy("SessionPolicy", PolicyType.SESSION, read_document(text, DocumentKind.SESSION))])


def require(
    call: Call,
    permission: str,
    resources: Iterable[str],
    context: RequestContext | None = None,
    *,
    resource_policy: PolicySet | None = None,
    resource_group: str | None = None,
) -> None:
    """Demand a permission for all of the resources.

    Args:
        call: the call, with its caller.
        permission: action in policies.
        resources: whole ARNs.
        context: further condition keys.
        resource_policy: the policy on the resource, for buckets that have one.
        resource_group: the group the resource is in.

    Raises:
        DeniedError: one of them is not allowed.
    """
    caller = call.signed_by
    cloud = call.cloud
    if not call.is_judged:
        return
    keys = call.context()
    if context:
        keys.update(context)
    identity = identity_policies(caller)
    session = session_policies(caller)
    principal = caller.arn
    for resource in resources:
        request = Request(permission, resource, keys, principal, resource_group, caller.principal_id)
        if resource_policy is None and not cloud.on_judged and _quickly_allowed(request, identity, session, caller):
            continue
        decision = authorize(request, identity=identity, session=session, resource=resource_policy)
        judged = judgement(call, request, decision, identity=identity, session=session, resource=resource_policy)
        if not decision.allowed and judged.enforced:
            raise denied(call, request, decision)


def judgement(
    call: Call,
    request: Request,
    decision: Decision,
    *,
    identity: PolicySet | None,
    session: PolicySet | None,
    trust: PolicySet | None = None,
    resource: PolicySet | None = None,
) -> Judgement:
    """Tell those who watch the cloud what was decided, and whether a denial counts."""
    enforced = call.cloud.enforcement != "soft"
    judged = Judgement(call.request_id, request, decision, identity, session, trust, resource, enforced)
    for listener in call.cloud.on_judged:
        listener(judged)
    return judged


def _quickly_allowed(request: Request, identity: PolicySet, session: PolicySet | None, caller: Caller) -> bool:
    if not is_in_account(request.resource, caller.account.id):
        return False
    if caller.type is IdentityType.ACCOUNT:
        # Root may do everything in its own account, attaching system policies (of the account "system") included.
        return True
    return identity.decide(request) is Outcome.ALLOW and (session is None or session.decide(request) is Outcome.ALLOW)


def require_assume_role(call: Call, role: Role, resource: str, context: RequestContext) -> None:
    """Demand that both sides let the caller assume a role: its own policies, and the role's trust policy.

    Raises:
        DeniedError: one of them does not.
    """
    if not call.is_judged:
        return
    caller = call.signed_by
    request = Request("sts:AssumeRole", resource, {**call.context(), **context}, caller.arn, None, caller.principal_id)
    identity, session, trust = identity_policies(caller), session_policies(caller), role.trust()
    decision = authorize_assume_role(request, identity=identity, trust=trust, session=session)
    judged = judgement(call, request, decision, identity=identity, session=session, trust=trust)
    if not decision.allowed and judged.enforced:
        raise denied(call, request, decision)


def denied(call: Call, request: Request, decision: Decision) -> DeniedError:
    """The denial of a call."""
    return DeniedError(access_denied_detail(call.cloud.entropy, call.signed_by, request, decision))
