"""Permissions on buckets: policies of the caller, the bucket policy, and access control lists.

Source: Alibaba Cloud, OSS, "Authentication of requests": an explicit deny wins; then policies of the owner's account,
then the bucket policy, then the ACL. "Bucket Policy", whose examples deny what does not come from a VPC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alicloud_fakes.pipeline import authorization
from alicloud_fakes.pipeline.authorization import RequestContext
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.services.oss import oss_condition_keys
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket
from ram_policies.evaluation.decision import Decision, DeniedBy, Outcome, Request
from ram_policies.evaluation.evaluate import authorize

# unconfirmed.OSS_ANONYMOUS_LIST
_READ = frozenset({"oss:GetObject"})
_WRITE = frozenset({"oss:GetObject", "oss:PutObject", "oss:DeleteObject"})
_OPEN: Mapping[str, frozenset[str]] = {"public-read": _READ, "public-read-write": _WRITE}
_NOTHING_ALLOWS = "You do not have read or write permission on this resource."
# Said of every policy. Source: Alibaba Cloud, OSS, the pages of the error numbers 0003-00000101, 201 and 204.
_BY_POLICY = "Access denied by bucket policy."
_BUCKET_DENIES = "0003-00000101"
_GATES = (DeniedBy.SESSION, DeniedBy.CONTROL)


def require_on_bucket(
    call: Call, permission: str, resources: Iterable[str], bucket: Bucket | None, acl: str, keys: RequestContext
) -> None:
    """Demand a permission.

    Args:
        call: the call; its caller is None when it is anonymous.
        permission: action in policies.
        resources: whole ARNs.
        bucket: the bucket it is about, for its policy.
        acl: the access control list that holds for the resources; empty for none.
        keys: further condition keys.

    Raises:
        OssError: AccessDenied.
    """
    if not call.is_judged:
        return
    # OSS gives requests from the internet an empty VPC, so that StringLike * holds and negated operators fire.
    tags = oss_condition_keys.of_bucket(bucket) if bucket is not None else {}
    context = {"acs:SourceVpc": "", **call.context(), **tags, **keys}
    agent = call.http.headers.get("user-agent")
    if agent:
        context["acs:UserAgent"] = agent
    if call.caller is not None:
        context["acs:AccessId"] = call.caller.access_key_id
    caller = call.caller
    identity = authorization.identity_policies(caller) if caller is not None else authorization.NO_POLICIES
    session = authorization.session_policies(caller) if caller is not None else None
    policy = bucket.policies() if bucket is not None else None
    for resource in resources:
        request = _request(call, permission, resource, context)
        decision = authorize(request, identity=identity, session=session, resource=policy)
        if _by_acl(decision, permission, acl):
            continue
        judged = authorization.judgement(call, request, decision, identity=identity, session=session, resource=policy)
        if decision.allowed or not judged.enforced:
            continue
        raise _refusal(call, request, decision)


def _refusal(call: Call, request: Request, decision: Decision) -> OssError:
    """The error for a denial, with the number of its kind: by a Deny of a policy, or because nothing allows it."""
    explicit = decision.outcome is Outcome.EXPLICIT_DENY
    if call.caller is None:
        return OssError("AccessDenied", _BY_POLICY, EC=_BUCKET_DENIES) if explicit else OssError("AccessDenied")
    detail = authorization.denied(call, request, decision).detail
    if not explicit:
        return OssError("AccessDenied", _NOTHING_ALLOWS, detail, EC="0003-00000001")
    if call.action_name == "DeleteMultipleObjects":
        return OssError("AccessDenied", _BY_POLICY, detail, EC="0003-00000204")
    number = _BUCKET_DENIES if decision.policy_type is DeniedBy.RESOURCE else "0003-00000201"
    return OssError("AccessDenied", _BY_POLICY, detail, EC=number)


def _request(call: Call, permission: str, resource: str, context: RequestContext) -> Request:
    caller = call.caller
    if caller is None:
        return Request(permission, resource, context)
    return Request(permission, resource, context, caller.arn, None, caller.principal_id)


def _by_acl(decision: Decision, permission: str, acl: str) -> bool:
    if decision.outcome is not Outcome.IMPLICIT_DENY or decision.policy_type in _GATES:
        return False
    return permission in _OPEN.get(acl, frozenset())
