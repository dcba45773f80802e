"""Accounts from a YAML file: everything in it is created, and a mistake in it is a clear error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.cloud.accounts import read_accounts
from alicloud_fakes.console import Console
from ram_policies.errors import InvalidInputError

SCENARIO = """
accounts:
  - id: "12345678"
    alias: company-b
    rootKey: {id: FAKEROOTB, secret: root-secret}
    policies:
      - name: assume-ecs-admin
        description: what operators need
        document:
          Version: "1"
          Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "acs:ram:*:11223344:role/ecs-admin"}]
    groups:
      - {name: operators, comments: of company A, policies: [assume-ecs-admin]}
    users:
      - {name: AAA, groups: [operators], password: First-Password-1, accessKey: {id: FAKEAAA, secret: aaa-secret}}
  - id: 11223344
    alias: company-a
    roles:
      - name: ecs-admin
        maxSessionDuration: 7200
        trust:
          Version: "1"
          Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {RAM: ["acs:ram::12345678:root"]}}]
        policies: [AliyunECSFullAccess]
    databases:
      - {description: orders, region: cn-shanghai, engine: PostgreSQL, engineVersion: "15.0", tags: {team: ops}}
    loadBalancers:
      - {name: front, listeners: {80: http, 443: https}}
"""


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def of(text: str | bytes, cloud: Cloud | None = None, **more: Any) -> Cloud:
        path = tmp_path / "accounts.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        cloud = Cloud() if cloud is None else cloud
        read_accounts(cloud, path, **more)
        return cloud

    return of


def test_the_scenario_in_a_file_works_through_the_official_clients(read: Any, door: Any, refused: Any) -> None:
    door.cloud.accounts.clear()
    door.cloud.aliases.clear()
    read(SCENARIO, door.cloud)
    operator = door.cloud.keys["FAKEAAA"]
    assume = {"RoleArn": "acs:ram::11223344:role/ecs-admin", "RoleSessionName": "AAA", "DurationSeconds": "7200"}
    given = door.call(operator, "sts", "2015-04-01", "AssumeRole", **assume)["Credentials"]
    session = type(
        "Session", (), {"access_key_id": given["AccessKeyId"], "access_key_secret": given["AccessKeySecret"]}
    )
    session.security_token = given["SecurityToken"]  # type: ignore[attr-defined] - made the line before
    door.call(session, "ecs", "2014-05-26", "DescribeInstances", RegionId="cn-hangzhou")
    with refused("Forbidden.RAM", 403):
        door.call(session, "rds", "2014-08-15", "DescribeDBInstances", RegionId="cn-hangzhou")
    root = door.cloud.account("company-b").root_key
    assert (root.id, root.secret) == ("FAKEROOTB", "root-secret")
    policy = door.call(root, "ram", "2015-05-01", "GetPolicy", PolicyName="assume-ecs-admin", PolicyType="Custom")
    assert policy["Policy"]["Description"] == "what operators need"
    assert (
        door.call(root, "ram", "2015-05-01", "GetGroup", GroupName="operators")["Group"]["Comments"] == "of company A"
    )
    console = Console(door.cloud).sign_in("AAA", "company-b", "First-Password-1")
    assert console.switch_role("company-a", "ecs-admin")


def test_databases_and_load_balancers_are_there_for_clients(read: Any, door: Any) -> None:
    door.cloud.accounts.clear()
    door.cloud.aliases.clear()
    read(SCENARIO, door.cloud)
    root = door.cloud.account("company-a").root_key
    found = door.call(root, "rds", "2014-08-15", "DescribeDBInstances", RegionId="cn-shanghai")["Items"]["DBInstance"]
    assert [(one["DBInstanceDescription"], one["Engine"], one["EngineVersion"]) for one in found] == [
        ("orders", "PostgreSQL", "15.0")
    ]
    door.call(root, "rds", "2014-08-15", "RestartDBInstance", DBInstanceId=found[0]["DBInstanceId"])
    balancers = door.call(root, "slb", "2014-05-15", "DescribeLoadBalancers", RegionId="cn-hangzhou")
    (balancer,) = balancers["LoadBalancers"]["LoadBalancer"]
    assert balancer["LoadBalancerName"] == "front"
    stop = {"RegionId": "cn-hangzhou", "LoadBalancerId": balancer["LoadBalancerId"], "ListenerPort": "443"}
    door.call(root, "slb", "2014-05-15", "StopLoadBalancerListener", **stop)


def test_accounts_that_are_to_be_left_are_left(read: Any) -> None:
    cloud = Cloud.of({"11223344": "kept"})
    read(SCENARIO, cloud, leave={"11223344"})
    assert cloud.account("11223344").ram.alias == "kept"
    assert cloud.account("company-b").ram.users.get("AAA") is not None


def user(text: str) -> str:
    return f"accounts: [{{id: '1', groups: [{{name: g}}], users: [{{name: u, {text}}}]}}]"


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ("", "--config", "has no list of accounts"),
        ("people: []", "--config", "has no list of accounts"),
        ("accounts: x", "accounts", "is not a list"),
        ("accounts: [1]", "accounts[0]", "is not a mapping"),
        ("accounts:\n\t- x", "--config", "is not YAML (line 2, column 1: found character"),
        (b"accounts: \xff", "--config", "is not UTF-8 or UTF-16 text"),
        ("accounts: !!python/object/apply:os.getcwd []", "--config", "could not determine a constructor"),
        pytest.param("accounts: " + "[" * 5000, "--config", "nested too deeply", id="deep"),
        ("accounts: [{alias: company-a}]", "account_id", "0 characters"),
        ("accounts: [{id: '1'}, {id: '1'}]", "account_id", "is there already"),
        ("accounts: [{id: '1', colour: red}]", "accounts[0].colour", "does not exist"),
        ("accounts: [{id: '1', alias: A_B}]", "alias", "no alias may"),
        ("accounts: [{id: '1', rootKey: [1]}]", "accounts[0].rootKey", "is not a mapping"),
        ("accounts: [{id: '1', rootKey: {id: LTAI5tAbc, secret: s}}]", "root_key_id", "looks like a live access key"),
        ("accounts: [{id: '1', rootKey: {id: 'a b', secret: s}}]", "root_key_id", "is not an access key ID"),
        ("accounts: [{id: '1', users: {a: b}}]", "accounts[0].users", "is not a list"),
        ("accounts: [{id: '1', users: [{displayName: x}]}]", "accounts[0].users[0]", "MissingUserName"),
        (user("groups: g"), "accounts[0].users[0].groups", "is not a list"),
        (user("groups: [5]"), "accounts[0].users[0].groups[0]", "is not a name"),
        (user("groups: [none]"), "accounts[0].users[0].groups", "EntityNotExist.Group"),
        (user("policies: AliyunECSFullAccess"), "accounts[0].users[0].policies", "is not a list"),
        (user("policies: 5"), "accounts[0].users[0].policies", "is not a list"),
        (user("policies: [Nothing]"), "accounts[0].users[0].policies", "is not a policy of this account"),
        (user("password: hunter"), "accounts[0].users[0].password", "Password.TooWeak"),
        (user("accessKey: {id: FAKEx}"), "accounts[0].users[0].accessKey", "is not a whole access key"),
        (
            "accounts: [{id: '1', policies: [{name: p, document: {Version: '1', Until: 2030-01-01}}]}]",
            "accounts[0].policies[0]",
            "put dates in quotes",
        ),
        (
            "accounts: [{id: '1', policies: [{name: p, document: &a {x: *a}}]}]",
            "--config",
            "is nested too deeply",
        ),
        (
            "accounts: [{id: '1', policies: [{name: p, document: {Version: 1, Statement: []}}]}]",
            "accounts[0].policies[0]",
            "MalformedPolicyDocument",
        ),
        ("accounts: [{id: '1', databases: [{engine: DB2}]}]", "accounts[0].databases[0].engine", "is not known"),
        ("accounts: [{id: '1', databases: [{region: Mars}]}]", "accounts[0].databases[0].region", "ID of a region"),
        ("accounts: [{id: '1', databases: [{tags: [a]}]}]", "accounts[0].databases[0].tags", "is not a mapping"),
        ("accounts: [{id: '1', databases: [{tags: {a: 5}}]}]", "accounts[0].databases[0].tags", "use quotes"),
        (
            "accounts: [{id: '1', databases: [{engineVersion: 8.0}]}]",
            "accounts[0].databases[0].engineVersion",
            "not a string",
        ),
        ("accounts: [{id: '1', loadBalancers: [5]}]", "accounts[0].loadBalancers[0]", "is not a mapping"),
        (
            "accounts: [{id: '1', loadBalancers: [{listeners: {0: tcp}}]}]",
            "accounts[0].loadBalancers[0].listeners",
            "port",
        ),
        (
            "accounts: [{id: '1', loadBalancers: [{listeners: {80: ftp}}]}]",
            "accounts[0].loadBalancers[0].listeners.80",
            "is not known",
        ),
        ("accounts: [{id: '1', roles: [{name: r}]}]", "accounts[0].roles[0]", "MissingAssumeRolePolicyDocument"),
    ],
)
def test_bad_input_names_the_field_and_leaves_no_account_behind(read: Any, text: str, field: str, says: str) -> None:
    cloud = Cloud()
    with pytest.raises(InvalidInputError) as caught:
        read(text, cloud)
    assert caught.value.field == field
    assert says in str(caught.value)
    assert "hunter" not in str(caught.value)
    # Entries before the mistake are complete; the entry with the mistake does not exist at all.
    assert all(not account.ram.users and not account.ram.policies for account in cloud.accounts.values())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_accounts(Cloud(), tmp_path / "none.yaml")
