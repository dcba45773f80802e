"""Assuming roles."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity import session_tokens
from alicloud_fakes.identity.caller import IdentityType
from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.identity.models import Role
from alicloud_fakes.identity.session_tokens import TokenSession
from alicloud_fakes.pipeline.authorization import require_assume_role
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.declare import ActionRequest, Length, Problem, RamName, Wrong
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.sts import sts
from alicloud_fakes.services.sts.errors import ROOT, bad_duration, no_role, sts_refusal
from alicloud_fakes.services.sts.models import Sts
from ram_policies import arn, limits
from ram_policies.document import DocumentKind
from ram_policies.errors import InvalidInputError
from ram_policies.names import NameKind
from ram_policies.validation.parse import parse

_SESSION_NAME = RamName(NameKind.SESSION_NAME)


class Assumption(ActionRequest):
    """Common parameters of every way of assuming a role."""

    role_arn: Annotated[str, Length(2048, 1)]
    role_session_name: Annotated[str, _SESSION_NAME]
    duration_seconds: int = limits.DEFAULT_SESSION_DURATION
    policy: str = ""


class AssumeRole(Assumption):
    external_id: Annotated[str, RamName(NameKind.EXTERNAL_ID)] = ""
    source_identity: Annotated[str, RamName(NameKind.SOURCE_IDENTITY)] = ""


@sts.action(AssumeRole, access=AllowedCallers.SIGNED)
def assume_role(own: Sts, request: AssumeRole) -> Reply:
    """Begin a session of a role, in this account or another. Both sides have to allow it, always."""
    call = request.call
    caller = call.signed_by
    cloud = own.account.cloud
    role_arn = parse_role_arn(request.role_arn)
    check_session_policy(request.policy)
    check_duration(request.duration_seconds)
    if caller.type is IdentityType.ACCOUNT:
        raise ApiError(403, "NoPermission", ROOT)
    resource = arn.role_resource(role_arn.account, role_arn.name)
    call.resources = (resource,)
    role = find_role(cloud, role_arn)
    before = caller.session
    # A source identity stays with a chain of roles from its beginning (Alibaba Cloud, STS, AssumeRole).
    inherited = before.source_identity if before else ""
    source = request.source_identity or inherited
    sent = {"sts:ExternalId": request.external_id, "sts:SourceIdentity": source}
    # One answer for all: no permission, no trust, another external ID, no or another source identity.
    require_assume_role(call, role, resource, {key: value for key, value in sent.items() if value})
    if inherited and source != inherited:
        raise sts_refusal(Wrong("SourceIdentity", Problem.FORMAT))
    reply = begin(call, role, role_arn.account, request, source)
    return {**reply, "SourceIdentity": request.source_identity} if request.source_identity else reply


def find_role(cloud: Directory, role_arn: arn.Arn) -> Role:
    """The role of an ARN, in whichever account, or EntityNotExist.Role."""
    owner = cloud.accounts.get(role_arn.account)
    role = owner.ram.roles.get(role_arn.name) if owner else None
    if role is None:
        raise no_role(arn.role_arn(role_arn.account, role_arn.name))
    return role


def parse_role_arn(text: str) -> arn.Arn:
    """Read the ARN of a role.

    Raises:
        ApiError: the text is not the ARN of a role.
    """
    try:
        parsed = arn.Arn.parse(text)
    except InvalidInputError:
        raise sts_refusal(Wrong("RoleArn", Problem.FORMAT)) from None
    wrong = parsed.service != "ram" or parsed.resource_type != "role" or parsed.region not in {"", "*"}
    if wrong or not parsed.name or "/" in parsed.name or not parsed.account.isdigit():
        raise sts_refusal(Wrong("RoleArn", Problem.FORMAT))
    return parsed


def check_session_policy(text: str) -> None:
    """Refuse a session policy that is too long or malformed."""
    if not text:
        return
    if len(text.encode("utf-8", "replace")) > limits.SESSION_POLICY_BYTES:
        raise sts_refusal(Wrong("Policy", Problem.LENGTH))
    if parse(text, DocumentKind.SESSION).document is None:
        raise sts_refusal(Wrong("Policy", Problem.FORMAT))


def check_duration(seconds: int) -> None:
    """Refuse a session that no role may have."""
    if not limits.MIN_SESSION_DURATION <= seconds <= limits.MAX_MAX_SESSION_DURATION:
        raise bad_duration(limits.MAX_MAX_SESSION_DURATION)


def check_session_name(name: str) -> str:
    """Refuse a session name that is not valid."""
    problem = _SESSION_NAME.problem(name)
    if problem:
        raise sts_refusal(Wrong("RoleSessionName", problem))
    return name


def begin(call: Call, role: Role, account: str, request: Assumption, source_identity: str) -> dict[str, object]:
    """Begin a session of a role for which everything has been checked but its length."""
    if request.duration_seconds > role.max_session:
        raise bad_duration(role.max_session)
    cloud = call.cloud
    now = int(cloud.clock.time())
    name = request.role_session_name
    session = TokenSession(
        session_tokens.new_key_id(cloud.entropy),
        account,
        role.id,
        name,
        now + request.duration_seconds,
        now,
        policy=request.policy,
        source_identity=source_identity,
    )
    given = session_tokens.issue(cloud.entropy, session)
    return {
        "AssumedRoleUser": {
            "Arn": arn.role_session_arn(account, role.name, name),
            "AssumedRoleId": f"{role.id}:{name}",
        },
        "Credentials": {
            "AccessKeyId": given.access_key_id,
            "AccessKeySecret": given.access_key_secret,
            "SecurityToken": given.security_token,
            "Expiration": given.expiration,
        },
    }
