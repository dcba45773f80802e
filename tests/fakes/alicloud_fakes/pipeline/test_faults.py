"""Faults happen when they are injected, and leave the state as their name says."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlencode

import pytest
from Tea.exceptions import TeaException

from alicloud_fakes import Cloud
from alicloud_fakes.core import signature
from alicloud_fakes.http import Server
from alicloud_fakes.pipeline.faults import Fault, FaultKind
from ram_policies.errors import InvalidInputError


@pytest.fixture
def root(door):
    return door.call, door.cloud.account("company-a").root_key


def create_user(root, name):
    call, key = root
    return call(key, "ram", "2015-05-01", "CreateUser", UserName=name)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FaultKind.THROTTLING, "Throttling.User"),
        (FaultKind.INTERNAL, "InternalError"),
        (FaultKind.UNAVAILABLE, "ServiceUnavailable"),
    ],
)
def test_the_next_calls_fail_and_change_nothing(door, root, refused, kind, code):
    door.cloud.faults.add(Fault(kind, action="ram:CreateUser", next=2))
    for _ in range(2):
        with refused(code):
            create_user(root, "bob")
    assert door.cloud.account("company-a").ram.users.get("bob") is None
    create_user(root, "bob")
    assert door.cloud.account("company-a").ram.users.get("bob") is not None
    assert door.cloud.faults.list() == []


def test_every_third_call_of_one_action(door, root, refused):
    door.cloud.faults.add(Fault(FaultKind.UNAVAILABLE, action="ram:GetUser", every=3))
    create_user(root, "bob")
    call, key = root
    ended = []
    for _ in range(6):
        try:
            call(key, "ram", "2015-05-01", "GetUser", UserName="bob")
            ended.append("ok")
        except TeaException as error:
            ended.append(error.code)
    assert ended == ["ok", "ok", "ServiceUnavailable"] * 2


def test_chance_is_seeded(door, root):
    def run(seed: int) -> str:
        door.cloud.faults.clear()
        door.cloud.faults.add(Fault(FaultKind.INTERNAL, action="ram:ListUsers", probability=0.5, seed=seed))
        call, key = root
        ended = ""
        for _ in range(16):
            try:
                call(key, "ram", "2015-05-01", "ListUsers")
                ended += "."
            except TeaException:
                ended += "x"
        return ended

    first = run(7)
    assert run(7) == first
    assert {"x", "."} == set(first)


@pytest.mark.parametrize(("kind", "made"), [(FaultKind.RESET_BEFORE, False), (FaultKind.RESET_AFTER, True)])
def test_a_reset_comes_before_or_after_the_change(door, root, kind, made):
    door.cloud.faults.add(Fault(kind, action="ram:CreateUser", next=1))
    with pytest.raises(Exception, match=r"(?i)connection|reset|aborted"):
        create_user(root, "bob")
    assert (door.cloud.account("company-a").ram.users.get("bob") is not None) is made


def test_a_lost_answer_never_comes_but_the_change_is_made():
    cloud = Cloud.of({"1": ""})
    cloud.faults.add(Fault(FaultKind.LOST, action="sts:*"))
    with Server(cloud) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.3)
        key = cloud.account("1").root_key
        # Signed by hand: SDKs would wait for seconds.
        parameters = {
            "Action": "GetCallerIdentity",
            "Version": "2015-04-01",
            "AccessKeyId": key.id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": "n1",
            "Timestamp": cloud.clock.stamp(),
            "Format": "JSON",
        }
        to_sign = signature.v1_string_to_sign("GET", parameters)
        parameters["Signature"] = signature.v1_signature(key.secret, to_sign, "HMAC-SHA1")
        connection.request("GET", "/?" + urlencode(parameters))
        with pytest.raises(socket.timeout):
            connection.getresponse()
        assert [record.action for record in cloud.calls.records] == ["GetCallerIdentity"]
        assert cloud.calls.records[0].status == 200


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "throttling", "next": 1, "every": 2}, "fault"),
        ({"kind": "nonsense"}, "fault.kind"),
        ({"kind": "slow", "next": 0}, "fault.next"),
        ({"kind": "slow", "probability": 2}, "fault.probability"),
        ({"kind": "slow", "seconds": -1}, "fault.seconds"),
        ({"kind": "slow", "often": 3}, "fault"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(data, field):
    with pytest.raises(InvalidInputError) as caught:
        Fault.read(data)
    assert caught.value.field == field
