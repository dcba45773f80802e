"""Network access policies of access keys, and of an account for all of its keys.

They are kept and shown; no call is refused by them, since the fake's callers all come from loopback.

Source: Alibaba Cloud, IMS, SetAccessKeyPolicy, "AccessKeyPolicy structure description".
"""

from __future__ import annotations

import ipaddress
import json
from typing import Annotated, Any, cast

from alicloud_fakes.pipeline.declare import ActionRequest, Length, NoParameters, Problem, Wrong
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.keys import DeleteAccessKey, key_of
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import own_resource
from alicloud_fakes.services.ram.errors import refuse

_NEVER_SET = "{}"
_VERSION = 1
_STATUSES = ("Active", "Inactive")
_CLASSIC, _VPC = "ClassicWhiteList", "VPCWhiteList"

PolicyDocument = Annotated[str, Length(102400, 1)]


class GetAccessKeyPolicy(DeleteAccessKey):
    pass


class SetAccessKeyPolicy(DeleteAccessKey):
    access_key_policy: PolicyDocument


class GetAccessKeyPolicyForAccount(NoParameters):
    pass


class SetAccessKeyPolicyForAccount(ActionRequest):
    access_key_policy: PolicyDocument


@ims.action(GetAccessKeyPolicy, on=own_resource)
def get_access_key_policy(ims: Ims, request: GetAccessKeyPolicy) -> Reply:
    """Show the network access policy of a key; an empty object where none was set."""
    key = key_of(ims, request)
    return {"AccessKeyId": key.id, "AccessKeyPolicy": ims.key_policies.get(key.id, _NEVER_SET)}


@ims.action(SetAccessKeyPolicy, on=own_resource)
def set_access_key_policy(ims: Ims, request: SetAccessKeyPolicy) -> Reply:
    """Set the network access policy of a key."""
    key = key_of(ims, request)
    ims.key_policies[key.id] = text = _normal(request.access_key_policy)
    return {"AccessKeyId": key.id, "AccessKeyPolicy": text}


@ims.action(GetAccessKeyPolicyForAccount)
def get_access_key_policy_for_account(ims: Ims, _: GetAccessKeyPolicyForAccount) -> Reply:
    """Show the network access policy for all keys of the account; an empty object where none was set."""
    return {"AccessKeyPolicy": ims.key_policies.get("", _NEVER_SET)}


@ims.action(SetAccessKeyPolicyForAccount)
def set_access_key_policy_for_account(ims: Ims, request: SetAccessKeyPolicyForAccount) -> Reply:
    """Set the network access policy for all keys of the account."""
    ims.key_policies[""] = text = _normal(request.access_key_policy)
    return {"AccessKeyPolicy": text}


def _normal(text: str) -> str:
    """The document as IMS keeps it, with its version.

    Raises:
        ApiError: InvalidParameter.AccessKeyPolicy.Format, for a document that does not follow the published structure.
    """
    wrong = refuse(Wrong("AccessKeyPolicy", Problem.FORMAT))
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(found, dict):
        raise wrong
    document = cast("dict[str, Any]", found)
    statements = document.get("Statements")
    if (
        document.get("Version", _VERSION) not in (_VERSION, str(_VERSION))
        or document.get("Status") not in _STATUSES
        or not isinstance(statements, list)
        or not all(_is_statement(one) for one in cast("list[object]", statements))
    ):
        raise wrong
    return json.dumps({"Version": _VERSION, "Status": document["Status"], "Statements": statements})


def _is_statement(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    statement = cast("dict[str, Any]", found)
    networks = statement.get("IPList")
    named = isinstance(statement.get("Value"), str) and statement["Value"] != ""
    if statement.get("Type") not in (_CLASSIC, _VPC) or named != (statement["Type"] == _VPC):
        return False
    return isinstance(networks, list) and all(_is_network(one) for one in cast("list[object]", networks))


def _is_network(found: object) -> bool:
    try:
        ipaddress.ip_network(str(found), strict=False)
    except ValueError:
        return False
    return True
