"""One scenario, run by the official clients of three languages: all see the same cloud.

The owner makes a role that trusts the delegate and may read; the delegate's user AAA assumes it, is allowed one thing
and refused another; the owner asks for what is not there, and lists users in pages.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.exceptions import DaraException

HTTP = pytest.mark.parametrize("door", ["http"], indirect=True)
ROLE = "acs:ram::11223344:role/ops"
SESSION = "acs:ram::11223344:assumed-role/ops/story"


def check(told: dict[str, Any], setting: dict[str, Any]) -> None:
    assert told["arn"] == ROLE
    assert told["description"] == setting["description"]
    assert told["attached"] == ["AliyunRAMReadOnlyAccess"]
    assert told["identity"] == SESSION
    assert told["allowed"] == "ops"
    assert (told["denied"]["code"], told["denied"]["status"]) == ("NoPermission", 403)
    assert (told["missing"]["code"], told["missing"]["status"]) == ("EntityNotExist.Role", 404)
    assert "does not exist" in told["missing"]["message"]
    assert [len(page) for page in told["pages"]] == [2, 2, 1]
    assert sorted(name for page in told["pages"] for name in page) == ["u0", "u1", "u2", "u3", "u4"]


@HTTP
@pytest.mark.parametrize("program", ["pop_core.cjs", "ram20150501.cjs"])
def test_the_node_client_completes_the_story(told_by_node: Any, setting: dict[str, Any], program: str) -> None:
    check(told_by_node(program), setting)


@HTTP
def test_the_go_client_completes_the_story(told_by_go: Any, setting: dict[str, Any]) -> None:
    check(told_by_go(), setting)


@pytest.mark.parametrize("algorithm", ["ACS3-HMAC-SHA256", "v2"])
def test_the_python_client_completes_the_story(door: Any, setting: dict[str, Any], algorithm: str) -> None:
    check(asyncio.run(story(door, setting, "", algorithm)), setting)


@HTTP
def test_the_asynchronous_python_client_completes_the_story(door: Any, setting: dict[str, Any]) -> None:
    check(asyncio.run(story(door, setting, "_async", "ACS3-HMAC-SHA256")), setting)


async def story(door: Any, setting: dict[str, Any], kind: str, algorithm: str) -> dict[str, Any]:
    """The story through the current Python clients, either with their plain or with their async methods."""

    async def call(client: Any, name: str, *request: Any) -> Any:
        answer = getattr(client, name + kind)(*request)
        return (await answer if kind else answer).body

    async def refusal(client: Any, name: str, request: Any) -> dict[str, Any]:
        with pytest.raises(DaraException) as refused:
            await call(client, name, request)
        error = refused.value
        return {"code": error.code, "status": error.data["statusCode"], "message": error.message}

    key, other = (door.cloud.account(name).root_key for name in ("company-a", "company-b"))
    owner, delegate = door.ram(key, algorithm=algorithm), door.ram(other, algorithm=algorithm)
    trust, text = setting["trust"], setting["description"]
    role = (
        await call(
            owner,
            "create_role",
            ram.CreateRoleRequest(role_name="ops", assume_role_policy_document=trust, description=text),
        )
    ).role
    reads = {"policy_name": setting["policy"], "policy_type": "System"}
    await call(owner, "attach_policy_to_role", ram.AttachPolicyToRoleRequest(role_name="ops", **reads))
    attached = await call(owner, "list_policies_for_role", ram.ListPoliciesForRoleRequest(role_name="ops"))
    await call(delegate, "create_user", ram.CreateUserRequest(user_name="AAA"))
    assumes = {"policy_name": "AliyunSTSAssumeRoleAccess", "policy_type": "System"}
    await call(delegate, "attach_policy_to_user", ram.AttachPolicyToUserRequest(user_name="AAA", **assumes))
    made = await call(delegate, "create_access_key", ram.CreateAccessKeyRequest(user_name="AAA"))
    assumed = await call(
        door.sts(made.access_key, algorithm=algorithm),
        "assume_role",
        sts.AssumeRoleRequest(role_arn=role.arn, role_session_name="story"),
    )
    session = door.ram(assumed.credentials, algorithm=algorithm)
    for number in range(5):
        await call(owner, "create_user", ram.CreateUserRequest(user_name=f"u{number}"))
    pages: list[list[str]] = []
    marker, more = None, True
    while more:
        page = await call(owner, "list_users", ram.ListUsersRequest(max_items=2, marker=marker))
        pages.append([user.user_name for user in page.users.user])
        marker, more = page.marker, page.is_truncated
    return {
        "arn": role.arn,
        "description": role.description,
        "attached": [policy.policy_name for policy in attached.policies.policy],
        "identity": (await call(door.sts(assumed.credentials, algorithm=algorithm), "get_caller_identity")).arn,
        "allowed": (await call(session, "get_role", ram.GetRoleRequest(role_name="ops"))).role.role_name,
        "denied": await refusal(session, "create_user", ram.CreateUserRequest(user_name="BBB")),
        "missing": await refusal(owner, "get_role", ram.GetRoleRequest(role_name="nobody")),
        "pages": pages,
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_older_python_client_completes_the_story(door: Any, setting: dict[str, Any], method: str) -> None:
    """The older Python client, which signs with version 1 and brings a copy of requests."""

    def caller(credential: Any) -> Any:
        client = AcsClient(region_id="cn-hangzhou", credential=credential)

        def call(product: str, action: str, **parameters: str) -> dict[str, Any]:
            version = {"ram": "2015-05-01", "sts": "2015-04-01"}[product]
            request = CommonRequest(domain=door.endpoint(product), version=version, action_name=action)
            request.set_method(method)
            request.set_protocol_type(door.protocol.lower())
            place = request.add_query_param if method == "GET" else request.add_body_params
            for name, value in parameters.items():
                place(name, value)
            return json.loads(client.do_action_with_exception(request))

        return call

    def refusal(call: Any, *asked: str, **parameters: str) -> dict[str, Any]:
        with pytest.raises(ServerException) as refused:
            call(*asked, **parameters)
        error = refused.value
        return {"code": error.error_code, "status": error.http_status, "message": error.message}

    owner, delegate = (
        caller(AccessKeyCredential(setting[side]["id"], setting[side]["secret"])) for side in ("owner", "delegate")
    )
    role = owner(
        "ram",
        "CreateRole",
        RoleName="ops",
        AssumeRolePolicyDocument=setting["trust"],
        Description=setting["description"],
    )["Role"]
    owner("ram", "AttachPolicyToRole", RoleName="ops", PolicyName=setting["policy"], PolicyType="System")
    delegate("ram", "CreateUser", UserName="AAA")
    delegate("ram", "AttachPolicyToUser", UserName="AAA", PolicyName="AliyunSTSAssumeRoleAccess", PolicyType="System")
    key = delegate("ram", "CreateAccessKey", UserName="AAA")["AccessKey"]
    operator = caller(AccessKeyCredential(key["AccessKeyId"], key["AccessKeySecret"]))
    assumed = operator("sts", "AssumeRole", RoleArn=role["Arn"], RoleSessionName="story")["Credentials"]
    session = caller(StsTokenCredential(assumed["AccessKeyId"], assumed["AccessKeySecret"], assumed["SecurityToken"]))
    for number in range(5):
        owner("ram", "CreateUser", UserName=f"u{number}")
    pages: list[list[str]] = []
    page: dict[str, Any] = {"IsTruncated": True}
    while page["IsTruncated"]:
        more = {"Marker": page["Marker"]} if "Marker" in page else {}
        page = owner("ram", "ListUsers", MaxItems="2", **more)
        pages.append([user["UserName"] for user in page["Users"]["User"]])
    told = {
        "arn": role["Arn"],
        "description": role["Description"],
        "attached": [
            policy["PolicyName"] for policy in owner("ram", "ListPoliciesForRole", RoleName="ops")["Policies"]["Policy"]
        ],
        "identity": session("sts", "GetCallerIdentity")["Arn"],
        "allowed": session("ram", "GetRole", RoleName="ops")["Role"]["RoleName"],
        "denied": refusal(session, "ram", "CreateUser", UserName="BBB"),
        "missing": refusal(owner, "ram", "GetRole", RoleName="nobody"),
        "pages": pages,
    }
    check(told, setting)
