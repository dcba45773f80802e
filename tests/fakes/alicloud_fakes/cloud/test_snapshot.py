"""Snapshots hold the whole state, and only data is read from one."""

from __future__ import annotations

import dataclasses
import importlib
import json

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from alicloud_fakes import Cloud
from alicloud_fakes.cloud import shape, snapshot
from alicloud_fakes.cloud.access_export import access_of
from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.services import services

# Each answer has new credentials, so two are never equal.
FRESH = {("sts", "AssumeRole"), ("sts", "AssumeRoleWithSAML"), ("sts", "AssumeRoleWithOIDC")}
TRUST = {
    "Version": "1",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::2:root"]}}],
}
OWNER = {
    "id": "1",
    "alias": "company-a",
    "policies": [
        {
            "name": "own",
            "document": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]},
        }
    ],
    "groups": [{"name": "operators", "policies": ["own"]}],
    "users": [
        {
            "name": "AAA",
            "groups": ["operators"],
            "password": "First-Password-1",
            "accessKey": {"id": "FAKEAAA", "secret": "s3cret"},
        }
    ],
    "roles": [{"name": "ecs-admin", "trust": TRUST, "policies": ["AliyunECSFullAccess"]}],
}


@pytest.fixture
def owner():
    cloud = Cloud(seed="x")
    account_from(cloud, OWNER, "account")
    return cloud


def test_a_restored_cloud_is_the_same_cloud(owner):
    taken = json.loads(json.dumps(snapshot.take(owner)))
    other = Cloud()
    snapshot.restore(other, taken)
    again = snapshot.take(other)
    assert {**again, "clock": 0} == {**taken, "clock": 0}
    account = other.account("company-a")
    assert other.keys["FAKEAAA"] is account.ram.users.get("AAA").keys["FAKEAAA"]
    assert account.cloud is other


def test_a_snapshot_is_restored_where_other_doors_have_classes_of_the_same_names(owner):
    """The stand-in has handlers called AccessKey and User."""
    importlib.import_module("alicloud_fakes.provider.grants")
    shape.field_types.cache_clear()
    snapshot.restore(Cloud(), snapshot.take(owner))


def test_passwords_are_not_in_a_snapshot(owner):
    assert "First-Password-1" not in json.dumps(snapshot.take(owner))


def test_a_session_outlives_its_cloud(door, owner):
    """Credentials that were issued before a snapshot work after it is restored, through either door."""
    account_from(door.cloud, {**OWNER, "id": "77", "alias": "other", "users": []}, "account")
    before = snapshot.take(door.cloud)
    key = door.cloud.account("77").root_key
    door.cloud.accounts.clear()
    snapshot.restore(door.cloud, before)
    identity = door.call(key, "sts", "2015-04-01", "GetCallerIdentity")
    assert identity["AccountId"] == "77"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "something"},
        {"version": 99},
        {"state": {"objects": [["os:system", {}]], "root": None}},
        {"state": {"objects": [["alicloud_fakes.cli:main", {}]], "root": None}},
        {"state": {"objects": [["alicloud_fakes.no_such_module:Thing", {}]], "root": None}},
        {"state": {"objects": [["alicloud_fakes.:Thing", {}]], "root": None}},
        {"state": {"objects": [], "root": {"x": 1}}},
        {"state": {"objects": [], "root": {"o": 5}}},
        {"state": {"root": None}},
        {"position": "many"},
    ],
)
def test_a_value_that_is_not_a_snapshot_changes_nothing(owner, change):
    taken = snapshot.take(owner)
    with pytest.raises(snapshot.SnapshotError):
        snapshot.restore(owner, {**taken, **change})
    assert {**snapshot.take(owner), "clock": 0} == {**taken, "clock": 0}


def strays(value, path=()):
    """Each place in a snapshot's state where a value stands."""
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from strays(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from strays(one, (*path, number))


def replaced(state, path, value):
    if not path:
        return value
    copy = dict(state) if isinstance(state, dict) else list(state)
    copy[path[0]] = replaced(state[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("stray", [5, "text", None, {"l": []}, {"d": []}])
def test_a_snapshot_of_another_shape_is_refused_whole_or_is_a_cloud(owner, stray):
    """Replace the value in each place of a snapshot: it is refused as a whole, or the cloud made from it works."""
    taken = json.loads(json.dumps(snapshot.take(owner)))
    before = snapshot.take(owner)["state"]
    refused = 0
    for path in strays(taken["state"]):
        other = Cloud()
        changed = {**taken, "state": replaced(taken["state"], path, stray)}
        try:
            snapshot.restore(other, changed)
        except snapshot.SnapshotError:
            assert other.accounts == {}
            refused += 1
        else:
            access_of(other)
            snapshot.take(other)
    assert refused > 100
    assert snapshot.take(owner)["state"] == before


def answers(door, key):
    """Answers of every action that only reads, and needs no more than a region."""
    found = {}
    for service in services().values():
        if service.name == "oss":  # speaks a protocol of its own, and has a test of its own
            continue
        for action in service.actions.values():
            if not action.reads or (service.name, action.name) in FRESH:
                continue
            try:
                body = door.call(key, service.name, service.version, action.name, RegionId="cn-hangzhou")
            except ClientException:
                continue  # needs more than that
            body.pop("RequestId", None)
            found[service.name, action.name] = body
    return found


def test_every_service_answers_as_before(door):
    """A snapshot holds the state of every service: after it is restored, each question has the same answer."""
    account_from(door.cloud, {**OWNER, "id": "77", "alias": "other", "users": []}, "account")
    account = door.cloud.account("77")
    key = account.root_key
    account.ecs.run("web")
    account.rds.create("orders", tags={"team": "ops"})
    account.slb.create("front", listeners={443: "https"})
    ecs = {"RegionId": "cn-hangzhou"}
    door.call(key, "ecs", "2014-05-26", "CreateSecurityGroup", SecurityGroupName="doors", **ecs)
    door.call(key, "ims", "2019-08-15", "CreateUser", UserPrincipalName="ann@other.onaliyun.com", DisplayName="ann")
    door.call(key, "ims", "2019-08-15", "CreateVirtualMFADevice", VirtualMFADeviceName="phone")
    door.call(key, "ram", "2015-05-01", "SetPasswordPolicy", MinimumPasswordLength="12")
    door.call(key, "ram", "2015-05-01", "SetSecurityPreference", LoginSessionDuration="3")
    before = answers(door, key)
    assert {service for service, _ in before} >= {"ram", "ims", "sts", "ecs", "rds", "slb"}
    taken = json.loads(json.dumps(snapshot.take(door.cloud)))
    door.cloud.accounts.clear()
    door.cloud.keys.clear()
    snapshot.restore(door.cloud, taken)
    assert answers(door, key) == before
    assert [one.description for one in door.cloud.account("77").rds.instances.values()] == ["orders"]


STATES = ("identity.account", "identity.models", *(f"services.{name}.models" for name in services() if name != "ram"))


@pytest.mark.parametrize("module", STATES)
def test_the_types_of_all_fields_of_the_state_are_known(module):
    found = importlib.import_module(f"alicloud_fakes.{module}")
    kinds = [one for one in vars(found).values() if dataclasses.is_dataclass(one) and one.__module__ == found.__name__]
    for kind in kinds:
        assert shape.field_types(kind).keys() >= {field.name for field in dataclasses.fields(kind)}
