"""Network access policies of access keys, and of an account."""

from __future__ import annotations

import json
from typing import Any

import pytest

IMS = ("ims", "2019-08-15")
RULE = {"Type": "ClassicWhiteList", "IPList": ["10.0.0.1/32", "2001:db8::1"]}
IN_VPC = {"Type": "VPCWhiteList", "Value": "vpc-1", "IPList": ["172.16.0.0/16"]}


@pytest.fixture
def call(door: Any) -> Any:
    root = door.cloud.account("company-a").root_key
    return lambda action, **parameters: door.call(root, *IMS, action, **parameters)


@pytest.fixture
def of_key(call: Any) -> dict[str, str]:
    name = "alice@company-a.onaliyun.com"
    call("CreateUser", UserPrincipalName=name, DisplayName="Alice")
    key = call("CreateAccessKey", UserPrincipalName=name)["AccessKey"]["AccessKeyId"]
    return {"UserPrincipalName": name, "UserAccessKeyId": key}


def test_the_policy_of_a_key_is_empty_until_it_is_set(call: Any, of_key: dict[str, str]) -> None:
    assert call("GetAccessKeyPolicy", **of_key)["AccessKeyPolicy"] == "{}"
    for statements in ([RULE], [RULE, IN_VPC], []):
        document = {"Status": "Active", "Statements": statements}
        call("SetAccessKeyPolicy", **of_key, AccessKeyPolicy=json.dumps(document))
        found = call("GetAccessKeyPolicy", **of_key)
        assert found["AccessKeyId"] == of_key["UserAccessKeyId"]
        assert json.loads(found["AccessKeyPolicy"]) == {"Version": 1, **document}


def test_the_account_has_a_policy_of_its_own(call: Any, of_key: dict[str, str]) -> None:
    document = {"Version": 1, "Status": "Inactive", "Statements": [IN_VPC]}
    call("SetAccessKeyPolicyForAccount", AccessKeyPolicy=json.dumps(document))
    assert json.loads(call("GetAccessKeyPolicyForAccount")["AccessKeyPolicy"]) == document
    assert call("GetAccessKeyPolicy", **of_key)["AccessKeyPolicy"] == "{}"


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"Status": "Active"},
        {"Status": "Active", "Statements": None},
        {"Status": "On", "Statements": []},
        {"Version": 2, "Status": "Active", "Statements": []},
        {"Status": "Active", "Statements": [{**RULE, "Type": "WhiteList"}]},
        {"Status": "Active", "Statements": [{**RULE, "Value": "vpc-1"}]},
        {"Status": "Active", "Statements": [{**IN_VPC, "Value": ""}]},
        {"Status": "Active", "Statements": [{**RULE, "IPList": ["10.0.0.300"]}]},
        {"Status": "Active", "Statements": [{"Type": "ClassicWhiteList"}]},
    ],
)
def test_a_document_of_another_structure_is_refused(
    call: Any, of_key: dict[str, str], refused: Any, document: object
) -> None:
    with refused("InvalidParameter.AccessKeyPolicy.Format", 400):
        call("SetAccessKeyPolicy", **of_key, AccessKeyPolicy=json.dumps(document))


def test_the_key_must_be_there(call: Any, of_key: dict[str, str], refused: Any) -> None:
    with refused("EntityNotExist.User.AccessKey", 404):
        call("GetAccessKeyPolicy", **{**of_key, "UserAccessKeyId": "FAKENONE"})
