"""Common part of sessions that begin with an identity provider: the trust policy alone decides."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.identity.models import Role
from alicloud_fakes.pipeline.authorization import judgement
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.platform import Enforcement
from ram_policies import arn
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Request as Question
from ram_policies.evaluation.evaluate import authorize_assume_role


def fail(code: str, message: str, status: int = 401) -> ApiError:
    """A sign-in that failed."""
    return ApiError(status, code, message)


def provider_of(cloud: Directory, text: str, kind: str, parameter: str) -> Any:  # noqa: ANN401 - of IMS, SAML or OIDC
    """The identity provider of an ARN.

    Raises:
        ApiError: the text is not the ARN of an identity provider, or the provider does not exist.
    """
    try:
        parsed = arn.Arn.parse(text)
    except InvalidInputError:
        raise fail(f"InvalidParameter.{parameter}", f"The parameter {parameter} is wrongly formed.", 400) from None
    if parsed.service != "ram" or parsed.resource_type != f"{kind}-provider":
        raise fail(f"InvalidParameter.{parameter}", f"The parameter {parameter} is wrongly formed.", 400)
    owner = cloud.accounts.get(parsed.account)
    provider = getattr(owner.state("ims"), kind).get(parsed.name) if owner else None
    if provider is None:
        name = f"{kind.upper()}Provider"
        raise fail(f"EntityNotExist.{name}", f"The {name} does not exist: {text}", 404)
    return provider


def require_trust(request: ActionRequest, role: Role, owner: str, provider: str, claims: dict[str, str]) -> None:
    """Refuse unless a role trusts an identity provider, under the claims that it makes about the user.

    Raises:
        ApiError: it does not.
    """
    call = request.call
    resource = arn.role_resource(owner, role.name)
    call.resources = (resource,)
    if call.cloud.enforcement is Enforcement.OFF:
        return
    question = Question("sts:AssumeRole", resource, {**call.context(), **claims}, provider)
    decision = authorize_assume_role(question, identity=None, trust=role.trust())
    judged = judgement(call, question, decision, identity=None, session=None, trust=role.trust())
    if not decision.allowed and judged.enforced:
        raise fail(
            "AuthenticationFail.NoPermission", "This operation is not permitted by the trust policy of the role."
        )
