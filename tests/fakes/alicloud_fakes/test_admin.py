"""The administration answers programs on this machine."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.admin import administer
from alicloud_fakes.core.http import HttpRequest


@pytest.fixture
def ask(door):
    administer(door.cloud)

    def request(method, path, body=None, query="", status=200, headers=None):
        data = json.dumps(body).encode() if body is not None else b""
        answer = door.cloud.handle(
            HttpRequest(method, f"/_fakes/{path}", query, {"host": "127.0.0.1:1", **(headers or {})}, data)
        )
        assert answer.status == status, answer.body
        return json.loads(answer.body)

    return request


def test_accounts_are_added_and_used(door, ask):
    made = ask("POST", "accounts", {"id": "555", "alias": "new", "users": [{"name": "bob"}]})
    assert {"id": "555", "alias": "new", "rootAccessKeyId": made["rootAccessKeyId"]} in ask("GET", "accounts")[
        "accounts"
    ]
    key = door.cloud.account("new").root_key
    assert door.call(key, "ram", "2015-05-01", "GetUser", UserName="bob")["User"]["UserName"] == "bob"


def test_reset_goes_back_to_the_beginning(door, ask):
    key = door.cloud.account("company-a").root_key
    door.call(key, "ram", "2015-05-01", "CreateUser", UserName="bob")
    ask("POST", "faults", {"kind": "internal"})
    ask("POST", "clock", {"advance": 1000})
    ask("POST", "reset", {})
    assert door.call(key, "ram", "2015-05-01", "ListUsers")["Users"]["User"] == []
    assert ask("GET", "faults") == {"faults": []}
    assert abs(ask("GET", "clock")["offset"]) < 1


def test_calls_can_be_looked_at(door, ask):
    key = door.cloud.account("company-a").root_key
    door.call(key, "ram", "2015-05-01", "CreateUser", UserName="bob")
    found = ask("GET", "calls", query="action=CreateUser")
    assert [(one["service"], one["status"], one["account"]) for one in found["calls"]] == [("ram", 200, "11223344")]
    assert found["counts"]["ram:CreateUser"] == 1


def test_snapshot_and_restore(door, ask):
    taken = ask("GET", "snapshot")
    key = door.cloud.account("company-a").root_key
    door.call(key, "ram", "2015-05-01", "CreateUser", UserName="bob")
    ask("POST", "snapshot", taken)
    assert door.call(key, "ram", "2015-05-01", "ListUsers")["Users"]["User"] == []


def test_the_clock_moves(door, ask):
    assert ask("POST", "clock", {"set": "2040-01-01T00:00:00Z"})["now"].startswith("2040-01-01")
    assert ask("POST", "clock", {"reset": True})["now"] < "2040"
    assert "send" in ask("POST", "clock", {"sideways": 1}, status=400)["error"]


def test_learned_policy_allows_what_was_called(door, ask):
    key = door.cloud.account("company-a").root_key
    door.call(key, "ram", "2015-05-01", "CreateUser", UserName="bob")
    door.call(key, "ram", "2015-05-01", "GetUser", UserName="bob")
    door.call(key, "ram", "2015-05-01", "DeleteUser", UserName="bob")
    principal = "acs:ram::11223344:root"
    assert ask("GET", "learned")["principals"] == [principal]
    document = ask("GET", "learned", query=f"principal={quote(principal)}")
    assert document["Statement"] == [
        {"Action": "ram:CreateUser", "Effect": "Allow", "Resource": "acs:ram:*:11223344:user/*"},
        {"Action": ["ram:DeleteUser", "ram:GetUser"], "Effect": "Allow", "Resource": "acs:ram:*:11223344:user/bob"},
    ]
    assert "known" in ask("GET", "learned", query="principal=nobody", status=400)["error"]


@pytest.mark.parametrize("headers", [{"origin": "http://example.com"}, {"host": "example.com"}])
def test_web_pages_are_refused(ask, headers):
    assert "web pages" in ask("GET", "accounts", headers=headers, status=403)["error"]


@pytest.mark.parametrize(
    ("path", "body"), [("accounts", {"id": "a"}), ("faults", {"kind": "x"}), ("snapshot", {}), ("consistency", {})]
)
def test_bad_input_is_a_clear_error(ask, path, body):
    assert len(ask("POST", path, body, status=400)["error"]) > 10


def test_an_unknown_path_names_the_known_ones(ask):
    assert "POST /_fakes/reset" in ask("GET", "nothing", status=404)["error"]


@pytest.mark.parametrize("body", [b"[", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body):
    cloud = Cloud.of({"1": ""})
    administer(cloud)
    answer = cloud.handle(HttpRequest("POST", "/_fakes/reset", "", {"host": "localhost"}, body))
    assert answer.status == 400
