"""The administration interface answers programs on this machine only."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import quote

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.models import Config

from alicloud_fakes import Cloud
from alicloud_fakes.admin import administer
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.core.messages import HttpRequest
from alicloud_fakes.http import Server


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


def test_the_administration_moves_the_clock(door, ask):
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
def test_a_value_that_is_not_a_json_object_is_refused(body):
    cloud = Cloud.of({"1": ""})
    administer(cloud)
    answer = cloud.handle(HttpRequest("POST", "/_fakes/reset", "", {"host": "localhost"}, body))
    assert answer.status == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", b'{"advance": 1e999}'),
        ("clock", b'{"advance": NaN}'),
        ("clock", b'{"advance": -1e18}'),
        ("clock", b'{"advance": 1' + b"0" * 400 + b"}"),
        ("clock", b'{"set": "9999-12-31T23:59:59Z"}'),
        ("clock", b'{"set": "0001-01-01T00:00:00+23:59"}'),
        ("consistency", b'{"delay": 1e999}'),
        ("faults", b'{"kind": "internal", "action": 5}'),
        ("faults", b'{"kind": "internal", "probability": 0.5, "seed": [1]}'),
        ("faults", b'{"kind": "slow", "seconds": NaN}'),
        ("accounts", b'{"id": "5", "users": [{"name": "u", "accessKey": {"id": "\\ud800", "secret": "s"}}]}'),
        ("accounts", b'{"id": "5", "users": [{"name": "u", "policies": 5}]}'),
    ],
)
def test_values_that_cannot_be_change_nothing(path, body):
    cloud = Cloud.of({"1": ""})
    administer(cloud)
    cloud.clock.freeze()
    before = cloud.clock.time()
    answer = cloud.handle(HttpRequest("POST", f"/_fakes/{path}", "", {"host": "localhost"}, body))
    assert answer.status == 400
    assert len(json.loads(answer.body)["error"]) > 10
    assert cloud.clock.time() == before
    assert list(cloud.accounts) == ["1"]
    assert cloud.faults.list() == []


@pytest.fixture
def over_http():
    """A server, and its administration as a program in any language would ask it."""
    cloud = Cloud.of({"11223344": "company-a"})
    administer(cloud)
    with Server(cloud) as server:

        def request(method, path, body=None):
            data = None if body is None else json.dumps(body).encode()
            asked = urllib.request.Request(f"{server.url}/_fakes/{path}", data, method=method)
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return json.loads(answer.read())

        key = cloud.account("company-a").root_key
        config = Config(access_key_id=key.id, access_key_secret=key.secret, endpoint=server.endpoint, protocol="HTTP")
        yield request, Client(config)


def test_faults_are_scripted_over_http(over_http, refused):
    ask, client = over_http
    scripted = ask("POST", "faults", {"kind": "throttling", "action": "ram:GetUser", "next": 1})["faults"]
    assert [(one["kind"], one["next"]) for one in scripted] == [("throttling", 1)]
    client.create_user(ram.CreateUserRequest(user_name="bob"))
    with refused("Throttling.User", 400):
        client.get_user(ram.GetUserRequest(user_name="bob"))
    assert client.get_user(ram.GetUserRequest(user_name="bob")).body.user.user_name == "bob"
    ask("POST", "faults", {"kind": "unavailable"})
    with refused("ServiceUnavailable", 503):
        client.list_users(ram.ListUsersRequest())
    assert ask("DELETE", "faults") == {"faults": []}
    assert len(client.list_users(ram.ListUsersRequest()).body.users.user) == 1


def test_eventual_consistency_and_the_clock_over_http(over_http, refused):
    ask, client = over_http
    assert ask("POST", "consistency", {"delay": 30}) == {"delay": 30}
    client.create_user(ram.CreateUserRequest(user_name="bob"))
    with refused("EntityNotExist.User", 404):
        client.get_user(ram.GetUserRequest(user_name="bob"))
    ask("POST", "clock", {"advance": 30})
    assert client.get_user(ram.GetUserRequest(user_name="bob")).body.user.user_name == "bob"
    client.create_user(ram.CreateUserRequest(user_name="eve"))
    ask("POST", "consistency", {"delay": 0})
    assert client.get_user(ram.GetUserRequest(user_name="eve")).body.user.user_name == "eve"


def test_half_of_a_surrogate_pair_can_be_kept_and_looked_at(door, ask, tmp_path):
    key = door.cloud.account("company-a").root_key
    trust = {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}],
    }
    tag = '[{"Key": "k", "Value": "\\ud800"}]'
    role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trust)}
    door.call(key, "ram", "2015-05-01", "CreateRole", Tag=tag, **role)
    taken = ask("GET", "snapshot")
    ask("POST", "snapshot", taken)
    state = StateFile(door.cloud, tmp_path / "state")
    state.open()
    state.close()
    again = Cloud()
    state = StateFile(again, tmp_path / "state")
    state.open()
    state.close()
    assert [role.name for role in again.account("company-a").ram.roles] == ["r"]


def test_a_snapshot_may_be_longer_than_a_request_of_the_api(over_http):
    ask, client = over_http
    client.create_user(ram.CreateUserRequest(user_name="bob"))
    taken = ask("GET", "snapshot")
    client.delete_user(ram.DeleteUserRequest(user_name="bob"))
    assert ask("POST", "snapshot", {**taken, "padding": "x" * 11_000_000}) == {"restored": True}
    assert client.get_user(ram.GetUserRequest(user_name="bob")).body.user.user_name == "bob"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "issuer"),
        ({"issuer": "http://issuer.example", "keys": [{"kty": "RSA"}]}, "issuer"),
        ({"issuer": "https://issuer.example"}, "keys"),
        ({"issuer": "https://issuer.example", "keys": []}, "keys"),
        ({"issuer": "https://issuer.example", "keys": ["x"]}, "keys"),
    ],
)
def test_keys_of_issuers_that_are_none(ask, body, field):
    assert ask("POST", "issuers", body, status=400)["error"].startswith(f"{field}: ")
    assert ask("GET", "issuers") == {"issuers": []}
