"""Provider functions that the stand-in serves, by token: what a program may ask without making a resource."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from alicloud_fakes.provider.api import Api
from alicloud_fakes.provider.check_and_diff import Properties, PropertyValue
from alicloud_fakes.provider.entities import all_pages
from alicloud_fakes.provider.handlers import first_text
from ram_policies.error_kinds import with_code

GET_CALLER_IDENTITY: Final = "alicloud:index/getCallerIdentity:getCallerIdentity"
GET_POLICIES: Final = "alicloud:ram/getPolicies:getPolicies"
GET_USERS: Final = "alicloud:ram/getUsers:getUsers"
GET_GROUPS: Final = "alicloud:ram/getGroups:getGroups"
GET_ROLES: Final = "alicloud:ram/getRoles:getRoles"
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
        CallRefusedError: the role does not exist.
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


def get_users(api: Api, arguments: Mapping[str, PropertyValue]) -> Properties:
    """Result of `alicloud.ram.get_users`."""
    found = [
        {"id": one["UserId"], "name": one["UserName"], "createDate": one["CreateDate"]}
        for one in _listed(api, GET_USERS, "User", arguments, ids="UserId")
    ]
    return _result(arguments, "users", found, ids=[one["id"] for one in found])


def get_groups(api: Api, arguments: Mapping[str, PropertyValue]) -> Properties:
    """Result of `alicloud.ram.get_groups`."""
    found = [
        {"name": one["GroupName"], "comments": one.get("Comments", "")}
        for one in _listed(api, GET_GROUPS, "Group", arguments)
    ]
    return _result(arguments, "groups", found)


def get_roles(api: Api, arguments: Mapping[str, PropertyValue]) -> Properties:
    """Result of `alicloud.ram.get_roles`."""
    found: list[dict[str, PropertyValue]] = []
    for one in _listed(api, GET_ROLES, "Role", arguments, ids="RoleId"):
        role = api.call("GetRole", {"RoleName": one["RoleName"]})["Role"]
        document = role.get("AssumeRolePolicyDocument", "")
        found.append(
            {
                "id": role["RoleId"],
                "name": role["RoleName"],
                "arn": role["Arn"],
                "description": role.get("Description", ""),
                "createDate": role.get("CreateDate", ""),
                "updateDate": role.get("UpdateDate", ""),
                "assumeRolePolicyDocument": document,
                "document": document,
            }
        )
    return _result(arguments, "roles", found, ids=[one["id"] for one in found])


def _listed(
    api: Api, token: str, kind: str, arguments: Mapping[str, PropertyValue], ids: str | None = None
) -> list[dict[str, Any]]:
    """Things of one kind in an account, as far as `nameRegex` and `ids` let it through.

    Raises:
        ValueError: other arguments, which the stand-in does not serve.
    """
    served = {"nameRegex", "ids"} if ids else {"nameRegex"}
    if other := sorted(key for key, value in arguments.items() if value is not None and key not in served):
        problem = f"{token}: the stand-in provider serves {' and '.join(sorted(served))} only, not {', '.join(other)}"
        raise ValueError(with_code(problem, "not-served"))
    pattern, wanted = re.compile(first_text(arguments, "nameRegex")), arguments.get("ids")
    return [
        one
        for one in all_pages(api, f"List{kind}s", f"{kind}s", kind)
        if pattern.search(one[f"{kind}Name"]) and (not isinstance(wanted, list) or one[str(ids)] in wanted)
    ]


def _result(
    arguments: Mapping[str, PropertyValue],
    key: str,
    found: Sequence[Mapping[str, PropertyValue]],
    ids: Sequence[PropertyValue] | None = None,
) -> Properties:
    names: list[PropertyValue] = [one["name"] for one in found]
    rest: Properties = {} if ids is None else {"ids": [*ids]}
    return {**arguments, **rest, "id": ",".join(map(str, names)), "names": names, key: [dict(one) for one in found]}


FUNCTIONS: Final[Mapping[str, Function]] = {
    GET_CALLER_IDENTITY: caller_identity,
    GET_POLICIES: policies_of_role,
    GET_USERS: get_users,
    GET_GROUPS: get_groups,
    GET_ROLES: get_roles,
}


def function(token: str) -> Function:
    """The function of a token.

    Raises:
        ValueError: the stand-in does not serve it.
    """
    if token not in FUNCTIONS:
        problem = f"{token}: the stand-in provider serves the functions {', '.join(FUNCTIONS)} only"
        raise ValueError(with_code(problem, "not-served"))
    return FUNCTIONS[token]
