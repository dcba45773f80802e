"""The gateway, error by error."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from alicloud_fakes import Cloud, HttpRequest
from alicloud_fakes.identity import session_tokens

TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["ecs.aliyuncs.com"]}}],'
    '"Version":"1"}'
)
MANDATORY = "is mandatory for this action."


def test_a_signed_request_of_either_version_succeeds(v1: Any, v3: Any, read: Any) -> None:
    for response in (v1(), v3()):
        assert response.status == 200
        body = json.loads(response.body)
        assert body["AccountAlias"] == "company-a"
        assert "Code" not in body
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", body["RequestId"])
        assert response.headers["content-type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize(
    ("changes", "status", "code", "message"),
    [
        ({"AccessKeyId": None}, 400, "MissingAccessKeyId", f"AccessKeyId {MANDATORY}"),
        ({"Action": None}, 400, "MissingAction", f"Action {MANDATORY}"),
        ({"Version": None}, 400, "MissingVersion", f"Version {MANDATORY}"),
        ({"Timestamp": None}, 400, "MissingTimestamp", f"Timestamp {MANDATORY}"),
        ({"SignatureNonce": None}, 400, "MissingSignatureNonce", f"SignatureNonce {MANDATORY}"),
        ({"SignatureMethod": None}, 400, "MissingSignatureMethod", f"SignatureMethod {MANDATORY}"),
        ({"SignatureVersion": None}, 400, "MissingSignatureVersion", f"SignatureVersion {MANDATORY}"),
        ({"Signature": None}, 400, "MissingSignature", f"Signature {MANDATORY}"),
        ({"AccessKeyId": "FAKEnobody"}, 404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        ({"Timestamp": "yesterday"}, 400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well"),
        ({"Timestamp": "2026-13-45T00:00:00Z"}, 400, "InvalidTimeStamp.Format", ""),
        (
            {"Timestamp": "2015-08-18T03:15:45Z"},
            400,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is",
        ),
        ({"SignatureMethod": "HMAC-MD5"}, 400, "InvalidSignatureMethod", ""),
        ({"SignatureType": "BEARERTOKEN"}, 400, "InvalidSignatureMethod", ""),
        ({"Signature": "bm9uc2Vuc2U="}, 400, "SignatureDoesNotMatch", "Specified signature is not matched with our"),
        ({"Format": "YAML"}, 400, "InvalidParameter.Format", ""),
        ({"Version": "2011-01-01"}, 400, "NotImplemented", "the product of API version 2011-01-01 (GetAccountAlias)"),
        ({"Version": "<script>"}, 400, "InvalidVersion", "Specified parameter Version is not valid."),
        ({"Action": "MakeCoffee"}, 400, "NotImplemented", "ram:MakeCoffee (2015-05-01)"),
        ({"Action": "<script>"}, 400, "NotImplemented", ""),
        ({"SecurityToken": "garbage"}, 400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."),
        ({"AccessKeyId": "STS.x"}, 400, "MissingSecurityToken", f"SecurityToken {MANDATORY}"),
        ({"AccessKeyId": "STS.x", "SecurityToken": "x"}, 400, "InvalidSecurityToken.Malformed", ""),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_version_1_errors(v1: Any, read: Any, changes: Any, status: int, code: str, message: str) -> None:
    got = read(v1(**changes))
    assert got[:2] == (status, code)
    assert message in got[2]


def test_requests_with_either_digest_and_without_signature_type_are_accepted(v1: Any) -> None:
    assert v1(SignatureMethod="HMAC-SHA256").status == 200
    assert v1(SignatureType="").status == 200


def test_the_error_body_is_what_the_sdks_read(v1: Any) -> None:
    body = json.loads(v1(Action="GetUser", UserName="nobody").body)
    assert set(body) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert body["HostId"] == "ram.aliyuncs.com"


def test_log_service_is_refused_in_the_words_of_its_sdk(v1: Any) -> None:
    """The alicloud provider ends itself, and all that is under way, where these two are missing."""
    request = HttpRequest("POST", headers={"host": "log.aliyuncs.com", "x-log-apiversion": "0.6.0"}, body=b"{}")
    response = v1.cloud.handle(request)
    body = json.loads(response.body)
    assert (response.status, body["errorCode"]) == (400, "NotImplemented")
    assert "Simple Log Service" in body["errorMessage"]


_ROA = {"authorization": "acs FAKEa:YQ==", "x-acs-signature-nonce": "1", "x-acs-version": "2023-03-30"}
_ROA_V3 = {
    "authorization": "ACS3-HMAC-SHA256 Credential=FAKEa,SignedHeaders=host,Signature=00",
    "x-acs-action": "CreateFunction",
    "x-acs-version": "2023-03-30",
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "named"),
    [
        ("POST", "/2023-03-30/functions", _ROA, "API version 2023-03-30 (an action)"),
        ("DELETE", "/2023-03-30/functions/f", _ROA, "API version 2023-03-30 (an action)"),
        ("GET", "/", _ROA, "API version 2023-03-30 (an action)"),
        ("POST", "/2023-03-30/functions", _ROA_V3, "API version 2023-03-30 (CreateFunction)"),
        ("PUT", "/2023-03-30/functions/f", _ROA_V3, "API version 2023-03-30 (CreateFunction)"),
        ("GET", "/2016-08-15/services", {"authorization": "FC FAKEa:YQ=="}, "signed as FC"),
        ("PUT", "/queues/q", {"authorization": "MNS FAKEa:YQ=="}, "signed as MNS"),
        ("GET", "/api/projects/p", {"authorization": "ODPS FAKEa:YQ=="}, "signed as ODPS"),
    ],
)
def test_a_product_of_another_protocol_is_refused_by_name(
    v1: Any, read: Any, method: str, path: str, headers: dict[str, str], named: str
) -> None:
    response = v1.cloud.handle(HttpRequest(method, path, headers={"host": "127.0.0.1", **headers}, body=b"{}"))
    status, code, message = read(response)
    assert (status, code) == (400, "NotImplemented")
    assert named in message


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (_ROA | {"x-acs-version": "2015-05-01", "x-acs-action": "ListRoles"}, "IncompleteSignature"),
        (_ROA | {"x-acs-version": "<script>"}, "IncompleteSignature"),
        ({"authorization": "Bearer FAKEa"}, "MissingAction"),
    ],
)
def test_other_signatures_for_a_product_that_is_there_are_refused_as_such(
    v1: Any, read: Any, headers: dict[str, str], code: str
) -> None:
    assert read(v1.cloud.handle(HttpRequest("POST", "/", headers={"host": "127.0.0.1", **headers})))[1] == code


def test_a_wrong_secret_is_told_from_a_wrong_string(v1: Any, read: Any) -> None:
    """The Go SDK compares the server's string with its own to tell which it was."""
    request = v1.request(secret="other")
    _, code, message = read(v1.cloud.handle(request))
    assert code == "SignatureDoesNotMatch"
    assert "server string to sign is:POST&%2F&AccessKeyId%3D" in message


def test_parameters_in_the_body_the_query_or_both(v1: Any) -> None:
    trust = TRUST
    request = v1.request(
        body=("RoleName", "AssumeRolePolicyDocument"), Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=trust
    )
    assert v1.cloud.handle(request).status == 200
    parameters = (*v1.parameters(Action="GetRole", RoleName="r"), "Signature")
    assert v1.cloud.handle(v1.request(body=parameters, Action="GetRole", RoleName="r")).status == 200
    assert v1(method="GET", Action="GetRole", RoleName="r").status == 200


def test_a_nonce_is_good_once(v1: Any, read: Any) -> None:
    request = v1.request()
    assert v1.cloud.handle(request).status == 200
    assert read(v1.cloud.handle(request))[1] == "SignatureNonceUsed"
    again = v1.request(SignatureNonce="same")
    wrong = v1.request(SignatureNonce="same", Signature="bm8=")
    assert read(v1.cloud.handle(wrong))[1] == "SignatureDoesNotMatch"
    assert v1.cloud.handle(again).status == 200, "a request with a wrong signature must not spend the nonce"


def test_the_timestamp_window_is_fifteen_minutes_both_ways(v1: Any, read: Any) -> None:
    def at(seconds: float) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))

    assert v1(Timestamp=at(-880)).status == 200
    assert v1(Timestamp=at(880)).status == 200
    assert read(v1(Timestamp=at(-920)))[1] == "InvalidTimeStamp.Expired"
    assert read(v1(Timestamp=at(920)))[1] == "InvalidTimeStamp.Expired"
    v1.cloud.clock.advance(10 * 86400)
    assert v1().status == 200, "clients keep the real time when a test moves the cloud's"


def test_disabled_and_deleted_keys(v1: Any, v1_for: Any, read: Any) -> None:
    assert v1(Action="CreateUser", UserName="u").status == 200
    made = json.loads(v1(Action="CreateAccessKey", UserName="u").body)["AccessKey"]
    key = v1.cloud.keys[made["AccessKeyId"]]
    user = v1_for(key, version="2015-04-01")
    assert user(Action="GetCallerIdentity").status == 200
    v1(Action="UpdateAccessKey", UserName="u", UserAccessKeyId=key.id, Status="Inactive")
    assert read(user(Action="GetCallerIdentity"))[:2] == (400, "InvalidAccessKeyId.Inactive")
    v1(Action="UpdateAccessKey", UserName="u", UserAccessKeyId=key.id, Status="Active")
    assert user(Action="GetCallerIdentity").status == 200
    v1(Action="DeleteAccessKey", UserName="u", UserAccessKeyId=key.id)
    assert read(user(Action="GetCallerIdentity"))[:2] == (404, "InvalidAccessKeyId.NotFound")


def test_a_token_is_refused_when_expired_malformed_or_of_another_key(
    v1: Any, v1_for: Any, read: Any, cloud: Any
) -> None:
    v1(Action="CreateUser", UserName="u")
    user = cloud.account("company-a").ram.users.get("u")
    now = int(cloud.clock.time())

    def session(**changes: Any) -> session_tokens.TemporaryCredentials:
        given = {"access_key_id": session_tokens.new_key_id(cloud.entropy), "account": "11223344", "entity": user.id}
        given |= {"name": "u", "issued": now, "expires": now + 900, "kind": "user"} | changes
        return session_tokens.issue(cloud.entropy, session_tokens.TokenSession(**given))

    one, other = session(), session()
    assert v1_for(one, version="2015-04-01")(Action="GetCallerIdentity").status == 200
    mixed = v1_for(one, version="2015-04-01")(Action="GetCallerIdentity", SecurityToken=other.security_token)
    assert read(mixed)[1] == "InvalidSecurityToken.MismatchWithAccessKey"
    tampered = one.security_token[:-6] + "AAAAA="
    assert read(v1_for(one)(SecurityToken=tampered))[1] == "InvalidSecurityToken.Malformed"
    assert read(v1_for(session(expires=now - 1))())[1] == "InvalidSecurityToken.Expired"
    assert read(v1_for(session(entity="1"))())[1] == "InvalidSecurityToken.Expired"
    assert read(v1(SecurityToken=one.security_token))[1] == "InvalidSecurityToken.MismatchWithAccessKey"


@pytest.mark.parametrize("drop", ["x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"])
def test_version_3_needs_its_headers(v3: Any, read: Any, drop: str) -> None:
    status, code, _ = read(v3(drop=drop))
    assert (status, code[:7]) == (400, "Missing")


def test_version_3_errors(v3: Any, read: Any) -> None:
    assert read(v3(algorithm="ACS3-HMAC-SM3"))[1] == "InvalidSignatureMethod"
    assert read(v3(unsigned="x-acs-action"))[1] == "IncompleteSignature"
    assert read(v3(unsigned="host"))[1] == "IncompleteSignature"
    assert read(v3(x_acs_date="2015-08-18T03:15:45Z"))[1] == "InvalidTimeStamp.Expired"
    assert read(v3(x_acs_action="MakeCoffee"))[:2] == (400, "NotImplemented")
    request = v3.request({"UserName": "x"}, x_acs_action="GetUser")
    request.query = "UserName=y"
    assert read(v3.cloud.handle(request))[1] == "SignatureDoesNotMatch"
    request = v3.request(body=b"a=b", content_type="application/x-www-form-urlencoded")
    request.body = b"a=c"
    assert read(v3.cloud.handle(request))[1] == "SignatureDoesNotMatch"
    request = v3.request()
    request.headers = {**request.headers, "authorization": "ACS3-HMAC-SHA256 nonsense"}
    assert read(v3.cloud.handle(request))[1] == "IncompleteSignature"
    request.headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    assert read(v3.cloud.handle(request))[1] == "MissingAccessKeyId"


def test_version_3_parameters_travel_in_the_query_or_the_form(v3: Any) -> None:
    assert v3({"UserName": "a b"}, x_acs_action="GetUser").status == 400
    assert v3({"UserName": "u", "Comments": "a b+c~*"}, x_acs_action="CreateUser").status == 200
    form = urlencode({"UserName": "u"}).encode()
    response = v3(body=form, x_acs_action="GetUser", content_type="application/x-www-form-urlencoded")
    assert json.loads(response.body)["User"]["Comments"] == "a b+c~*"


def test_methods_and_duplicates(v1: Any, read: Any) -> None:
    assert read(v1.cloud.handle(HttpRequest("DELETE", "/", "Action=x")))[1] == "UnsupportedHTTPMethod"
    request = v1.request(Action="GetUser", UserName="a")
    request.query += "&UserName=b"
    assert read(v1.cloud.handle(request))[1] == "InvalidParameter.Duplicated"


def test_ten_megabytes_are_read_and_more_is_refused(v1: Any, read: Any) -> None:
    request = v1.request(body=("Comments",), Action="CreateUser", UserName="u", Comments="x" * 9_000_000)
    assert read(v1.cloud.handle(request))[1] == "InvalidParameter.Comments.Length"
    request.body += b"x" * 2_000_000
    assert read(v1.cloud.handle(request))[:2] == (413, "RequestEntityTooLarge")


def test_answers_can_be_asked_for_as_xml(v1: Any) -> None:
    v1(Action="CreateUser", UserName="u", Comments="<&>\u0001")
    listed = v1(Action="ListUsers", Format="XML")
    assert listed.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(listed.body)
    assert root.tag == "ListUsersResponse"
    assert root.findtext("IsTruncated") == "false"
    assert [user.findtext("Comments") for user in root.findall("Users/User")] == ["<&>"]
    failed = ET.fromstring(v1(Action="GetUser", UserName="nobody", Format="xml").body)
    assert (failed.tag, failed.findtext("Code")) == ("Error", "EntityNotExist.User")


def test_errors_in_xml_say_what_they_say_in_json(v1: Any, v1_for: Any, read: Any) -> None:
    v1(Action="CreateUser", UserName="u")
    key = v1.cloud.keys[json.loads(v1(Action="CreateAccessKey", UserName="u").body)["AccessKey"]["AccessKeyId"]]
    user = v1_for(key)
    for send, changes in [
        (v1, {"Action": "MakeCoffee"}),
        (v1, {"AccessKeyId": "FAKEnobody"}),
        (v1, {"Timestamp": "2015-08-18T03:15:45Z"}),
        (v1, {"Action": "CreateUser", "UserName": "a b"}),
        (user, {"Action": "ListUsers"}),
        (v1_for(v1.cloud.account("company-a").root_key, version="2015-04-01"), {"Action": "AssumeRole"}),
    ]:
        status, code, message = read(send(**changes))
        answer = send(**changes, Format="XML")
        error = ET.fromstring(answer.body)
        assert (answer.status, error.tag) == (status, "Error")
        assert (error.findtext("Code"), error.findtext("Message")) == (code, message)
        assert error.findtext("RequestId")
        assert error.findtext("HostId")
    denied = ET.fromstring(user(Action="ListUsers", Format="XML").body)
    assert denied.findtext("AccessDeniedDetail/AuthAction") == "ram:ListUsers"


def test_a_session_in_xml_is_as_good_as_one_in_json(v1: Any, v1_for: Any) -> None:
    root = "acs:ram::11223344:root"
    trusted = {
        "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [root]}}],
        "Version": "1",
    }
    v1(Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=json.dumps(trusted))
    v1(Action="CreateUser", UserName="u")
    v1(Action="AttachPolicyToUser", UserName="u", PolicyName="AdministratorAccess", PolicyType="System")
    made = ET.fromstring(v1(Action="CreateAccessKey", UserName="u", Format="XML").body)
    key = v1.cloud.keys[made.findtext("AccessKey/AccessKeyId")]
    sts = v1_for(key, version="2015-04-01")
    role = {"RoleArn": "acs:ram::11223344:role/r", "RoleSessionName": "name"}
    begun = ET.fromstring(sts(Action="AssumeRole", **role, Format="XML").body)
    assert begun.tag == "AssumeRoleResponse"
    assert begun.findtext("AssumedRoleUser/Arn") == "acs:ram::11223344:role/r/name"
    session = session_tokens.TemporaryCredentials(
        *(begun.findtext(f"Credentials/{name}") or "" for name in ("AccessKeyId", "AccessKeySecret")),
        begun.findtext("Credentials/SecurityToken") or "",
        begun.findtext("Credentials/Expiration") or "",
    )
    who = ET.fromstring(v1_for(session, version="2015-04-01")(Action="GetCallerIdentity", Format="XML").body)
    assert who.findtext("Arn") == "acs:ram::11223344:assumed-role/r/name"


def test_raw_utf_8_and_no_surprises_from_lone_surrogates(v1: Any) -> None:
    v1(Action="CreateUser", UserName="u", DisplayName="\u4e2d\u6587")
    assert "\u4e2d\u6587".encode() in v1(Action="GetUser", UserName="u").body
    trust = TRUST
    tag = '[{"Key":"k","Value":"\\ud800"}]'
    assert v1(Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=trust, Tag=tag).status == 200
    assert v1(Action="ListTagResources", ResourceType="role", ResourceNames='["r"]').status == 200


def test_a_failure_inside_is_the_apis_own_error(v1: Any, read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("alicloud_fakes.pipeline.call_processing.act", broken)
    response = v1()
    assert read(response)[:2] == (500, "InternalError")
    assert b"secret detail" not in response.body
    assert b"Traceback" not in response.body


def test_calls_are_remembered_without_secrets(v1: Any, cloud: Any) -> None:
    v1(Action="CreateUser", UserName="u")
    v1(Action="CreateLoginProfile", UserName="u", Password="Very-Secret-1")
    v1(Action="GetUser", UserName="nobody")
    assert cloud.calls.counts["ram:CreateUser"] == 1
    assert [(record.action, record.code) for record in cloud.calls.records] == [
        ("CreateUser", ""),
        ("CreateLoginProfile", ""),
        ("GetUser", "EntityNotExist.User"),
    ]
    assert "Very-Secret-1" not in repr(cloud.calls.records)
    assert cloud.calls.records[0].resources == ("acs:ram:*:11223344:user/*",)


def test_equal_seeds_give_equal_ids() -> None:
    one, other = (Cloud.of({"1": "abc"}, seed="s").account("1").root_key for _ in range(2))
    assert (one.id, one.secret) == (other.id, other.secret)
    assert one.id.startswith("FAKE")
    assert Cloud.of({"1": "abc"}).account("1").root_key.id != one.id
