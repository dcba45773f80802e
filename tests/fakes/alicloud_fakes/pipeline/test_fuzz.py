"""Generated requests: never a crash, never a stack trace in an answer, never a change behind an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes import Cloud, HttpRequest, HttpResponse
from alicloud_fakes.cloud import snapshot
from alicloud_fakes.pipeline.rpc.requests import MAX_BODY
from alicloud_fakes.services import services

TRUST = '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":["acs:ram::11223344:root"]}}],"Version":"1"}'  # noqa: E501 - a document as one text
ACTIONS = sorted(
    (service.version, name) for service in services().values() for name in service.actions if service.version
)
FIELDS = {
    (service.version, name): action for service in services().values() for name, action in service.actions.items()
}
KNOWN = st.sampled_from(
    [
        "u",
        "g",
        "R",
        "p",
        "ReadOnlyAccess",
        "System",
        "Custom",
        "role",
        "v1",
        "Active",
        "true",
        "cn-hangzhou",
        "1",
        "-1",
        TRUST,
    ]
)
DEEP = st.integers(1, 3000).map(lambda depth: "[" * depth + "]" * depth)
LONG = st.integers(0, 20_000).map(lambda length: "x" * length)
ODD = st.sampled_from(
    ["", "\x00", "\ud7ff", "%00", "{}", "[]", "null", "[null]", '[{"Key":1}]', '["\\ud800"]', "9" * 400]
)
VALUES = KNOWN | KNOWN | st.text(max_size=20) | DEEP | LONG | ODD
STATUSES = {200, 400, 401, 403, 404, 409, 413}


class Rig:
    """A cloud with some resources, and a view of its state that reads do not change."""

    def __init__(self, v1_for: Any) -> None:
        self.cloud = Cloud.of({"11223344": "company-a"}, seed="fuzz")
        self.cloud.clock.freeze()
        self.call = v1_for(self.cloud)
        for action, parameters in (
            ("CreateUser", {"UserName": "u"}),
            ("CreateGroup", {"GroupName": "g"}),
            ("CreateRole", {"RoleName": "R", "AssumeRolePolicyDocument": TRUST}),
            ("CreatePolicy", {"PolicyName": "p", "PolicyDocument": '{"Version":"1","Statement":[]}'}),
        ):
            self.call(Action=action, **parameters)
        account = self.cloud.account("11223344")
        for service in services():
            account.state(service)

    def picture(self) -> Any:
        account = self.cloud.account("11223344")
        account.root_key.last_service = ""
        account.ram.system = {name: policy for name, policy in account.ram.system.items() if policy.grants}
        return snapshot.take(self.cloud)["state"]


@pytest.fixture(scope="module")
def rig(signing: Any) -> Iterator[Rig]:
    logging.disable(logging.CRITICAL)
    yield Rig(signing)
    logging.disable(logging.NOTSET)


def check(response: HttpResponse) -> None:
    assert response.status in STATUSES, response.body
    assert b"Traceback" not in response.body
    assert b'File "' not in response.body
    if response.headers["content-type"].startswith("text/xml"):
        ET.fromstring(response.body)
    else:
        body = json.loads(response.body)
        assert body["RequestId"]
        assert ("Code" in body) is (response.status != 200)


@st.composite
def calls(draw: Any) -> tuple[str, str, dict[str, str]]:
    version, name = draw(st.sampled_from(ACTIONS))
    wires = [field.wire for field in FIELDS[version, name].request.fields()]
    names = st.sampled_from(wires) if wires else st.text(max_size=5)
    junk = st.text(max_size=12).filter(lambda text: text not in {"Signature", "AccessKeyId"})
    suffixed = st.builds("{}.{}.{}".format, names, st.integers(-1, 3), st.sampled_from(["Key", "Value", ""]))
    parameters = draw(st.dictionaries(names | names | junk | suffixed, VALUES, max_size=7))
    return version, name, parameters


@given(calls(), st.sampled_from(["JSON", "XML", "json", ""]))
def test_any_parameters_get_an_answer_of_the_api(rig: Rig, call: tuple[str, str, dict[str, str]], form: str) -> None:
    version, name, parameters = call
    before = rig.picture()
    asked = {**parameters, "Action": name, "Version": version, "Format": form}
    response = rig.cloud.handle(rig.call.request(**asked))
    check(response)
    if response.status != 200 or FIELDS[version, name].reads:
        assert rig.picture() == before, f"{name} answered {response.body!r} and changed something"


@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", "", "x"]),
    st.text(st.characters(max_codepoint=255), max_size=40),
    st.text(st.characters(max_codepoint=255), max_size=60)
    | calls().map(lambda call: urlencode(call[2], errors="replace")),
    st.dictionaries(
        st.sampled_from(
            [
                "host",
                "content-type",
                "authorization",
                "x-acs-action",
                "x-acs-version",
                "x-acs-date",
                "x-acs-signature-nonce",
                "x-acs-content-sha256",
                "x-acs-security-token",
            ]
        ),
        st.text(st.characters(max_codepoint=255), max_size=30)
        | st.sampled_from(
            [
                "2015-05-01",
                "GetUser",
                "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;host,Signature=00",
                "application/x-www-form-urlencoded",
            ]
        ),
    ),
    st.binary(max_size=60),
)
def test_any_bytes_get_an_answer_and_change_nothing(
    rig: Rig, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    before = rig.picture()
    check(rig.cloud.rpc.handle(HttpRequest(method, path, query, headers, body)))
    assert rig.picture() == before


@given(st.data())
def test_a_request_changed_on_the_way_is_refused(rig: Rig, data: Any) -> None:
    request = rig.call.request(Action="UpdateUser", UserName="u", NewComments="c")
    before = rig.picture()
    place = data.draw(st.integers(0, 10_000)) % len(request.query)
    character = data.draw(st.sampled_from("abXZ019&=%+"))
    changed = request.query[:place] + character + request.query[place + 1 :]
    response = rig.cloud.handle(HttpRequest("POST", "/", changed, request.headers))
    check(response)
    if response.status == 200:
        # The one change without effect: another spelling of the same byte.
        assert changed.replace("%20", "+").lower() == request.query.replace("%20", "+").lower()
    else:
        assert rig.picture() == before


@pytest.mark.parametrize("size", [MAX_BODY, MAX_BODY + 1])
def test_ten_megabytes_of_anything(rig: Rig, size: int) -> None:
    for body in (b"a" * size, b"&" * size, b"a=%" * (size // 30), b"[" * size):
        check(rig.cloud.handle(HttpRequest("POST", "/", "", {"host": "x"}, body)))
