"""Provider functions that the stand-in serves, by token: what a program may ask without making a resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from alicloud_fakes.provider.api import Api
from alicloud_fakes.provider.changes import Properties, PropertyValue
from ram_policies.error_kinds import with_code

GET_CALLER_IDENTITY: Final = "alicloud:index/getCallerIdentity:getCallerIdentity"
GET_POLICIES: Final = "alicloud:ram/getPolicies:getPolicies"
Function = Callable[[Api, Mapping[str, PropertyValue]], Properties]


def caller_identity(api: Api, _arguments: Mapping[str, PropertyValue]) -> Properties:
    """Result of `alicloud.get_caller_identity`."""
    reply = api.call("GetCallerIdentity", product="sts")
    return {
        "id": reply.get("PrincipalId"),
        "accountId": reply.get("AccountId"),
        "arn": reply.get("Arn"),
        "identityType": reply.get("IdentityType"),
    }


def policies_of_role(api: Api, arguments: Mapping[str, PropertyValue]) -> Properties:
    """Result of `alicloud.ram.get_policies` for the policies that are attached to one role.

    Raises:
        CallRefusedError: there is no such role.
        ValueError: other arguments, which the stand-in does not serve.
    """
    other = sorted(key for key, value in arguments.items() if value is not None and key not in {"roleName", "type"})
    if other or not isinstance(arguments.get("roleName"), str):
        problem = f"{GET_POLICIES}: the stand-in provider serves roleName and type only, not {', '.join(other)}"
        raise ValueError(with_code(problem, "not-served"))
    found = api.call("ListPoliciesForRole", {"RoleName": arguments["roleName"]})["Policies"]["Policy"]
    kept = [one for one in found if arguments.get("type") in {None, one["PolicyType"]}]
    names: list[PropertyValue] = [one["PolicyName"] for one in kept]
    policies: list[PropertyValue] = [
        {
            "id": one["PolicyName"],
            "name": one["PolicyName"],
            "policyName": one["PolicyName"],
            "type": one["PolicyType"],
            "description": one.get("Description", ""),
            "defaultVersion": one.get("DefaultVersion", ""),
        }
        for one in kept
    ]
    return {**arguments, "id": ",".join(map(str, names)), "ids": names, "names": names, "policies": policies}


FUNCTIONS: Final[Mapping[str, Function]] = {GET_CALLER_IDENTITY: caller_identity, GET_POLICIES: policies_of_role}


def function(token: str) -> Function:
    """The function of a token.

    Raises:
        ValueError: the stand-in does not serve it.
    """
    if token not in FUNCTIONS:
        problem = f"{token}: the stand-in provider serves the functions {', '.join(FUNCTIONS)} only"
        raise ValueError(with_code(problem, "not-served"))
    return FUNCTIONS[token]
