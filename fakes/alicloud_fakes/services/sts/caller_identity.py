"""GetCallerIdentity."""

from __future__ import annotations

from alicloud_fakes.identity.caller import IdentityType
from alicloud_fakes.pipeline.declare import NoParameters
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.sts import sts
from alicloud_fakes.services.sts.models import Sts


class GetCallerIdentity(NoParameters):
    pass


@sts.action(GetCallerIdentity, access=AllowedCallers.SIGNED)
def get_caller_identity(_: Sts, request: GetCallerIdentity) -> Reply:
    """Show the caller. No policy can forbid it."""
    caller = request.call.signed_by
    reply = {
        "IdentityType": str(caller.type),
        "AccountId": caller.account.id,
        "Arn": caller.arn,
        "PrincipalId": caller.principal_id,
    }
    match caller.type:
        case IdentityType.ACCOUNT:
            reply["UserId"] = caller.account.id
        case IdentityType.USER:
            reply["UserId"] = caller.principal_id
        case IdentityType.ROLE:
            reply["RoleId"] = caller.role.id if caller.role else ""
    return reply
