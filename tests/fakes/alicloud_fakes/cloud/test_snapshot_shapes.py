"""Something else in any place of a snapshot: it is refused whole, or what it gives is a cloud that answers."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes import Cloud
from alicloud_fakes.cloud import object_graph, snapshot
from alicloud_fakes.cloud.access_export import access_of
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity.account import Account
from alicloud_fakes.services import services

REGION = {"RegionId": "cn-hangzhou"}
MADE = [
    ("ram", "CreateUser", {"UserName": "ann"}),
    ("ram", "CreateAccessKey", {"UserName": "ann"}),
    ("ram", "CreateGroup", {"GroupName": "team"}),
    ("ram", "AddUserToGroup", {"UserName": "ann", "GroupName": "team"}),
    ("ram", "CreateVirtualMFADevice", {"VirtualMFADeviceName": "phone"}),
    ("ram", "SetPasswordPolicy", {"MinimumPasswordLength": "12"}),
    ("ram", "SetSecurityPreference", {"LoginSessionDuration": "3"}),
    ("ecs", "CreateSecurityGroup", {**REGION, "SecurityGroupName": "doors"}),
    ("vpc", "CreateVpc", {**REGION, "CidrBlock": "10.0.0.0/8"}),
    ("resourcemanager", "CreateResourceGroup", {"Name": "prod", "DisplayName": "prod"}),
]


def furnished() -> dict[str, Any]:
    cloud = Cloud.of({"11223344": "company-a"}, seed="shapes")
    account = cloud.account("company-a")
    for service, action, parameters in MADE:
        cloud.act(account, service, action, parameters)
    account.ecs.run("web")
    account.rds.create("orders", tags={"team": "ops"})
    account.slb.create("front", listeners={443: "https"})
    account.oss.create("pictures")
    return json.loads(json.dumps(snapshot.take(cloud)))


TAKEN = furnished()
GONE = object()


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each place in JSON where a value stands."""
    if path:
        yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*path, key))


PLACES = list(places(TAKEN))
OBJECTS = len(TAKEN["state"]["objects"])
OTHER_VALUES = st.one_of(
    st.sampled_from([GONE, None, True, -1, 0, 2.5, 10**30, float("nan"), float("inf"), "", "text", "\ud800"]),
    st.sampled_from([[], {}, [[]], {"l": []}, {"d": []}, {"s": []}, {"t": [1]}, {"c": "cloud"}, {"b": "AA=="}]),
    st.builds(lambda number: {"o": number}, st.integers(-1, OBJECTS)),
    st.just({"e": ["alicloud_fakes.pipeline.platform:Enforcement", "on"]}),
)


def changed(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    found = changed(value[path[0]], path[1:], other)
    if found is GONE:
        del copy[path[0]]
    else:
        copy[path[0]] = found
    return copy


def read_everything(cloud: Cloud) -> int:
    """The number of actions that answered: each that reads, and needs no more than a region."""
    answered = 0
    for account in cloud.accounts.values():
        for service in services().values():
            reading = [
                name for name, one in service.actions.items() if one.reads and service.name not in {"oss", "sts"}
            ]
            for name in reading:
                with contextlib.suppress(ApiError):
                    cloud.act(account, service.name, name, REGION)
                    answered += 1
    return answered


def test_a_snapshot_that_was_taken_answers() -> None:
    cloud = Cloud()
    snapshot.restore(cloud, TAKEN)
    assert read_everything(cloud) > 40
    assert OBJECTS > 15


@given(st.sampled_from(PLACES), OTHER_VALUES)
def test_any_other_value_in_any_place(place: tuple[Any, ...], value: Any) -> None:
    cloud = Cloud.of({"77": ""})
    before = snapshot.take(cloud)["state"]
    try:
        snapshot.restore(cloud, changed(TAKEN, place, value))
    except snapshot.SnapshotError:
        assert snapshot.take(cloud)["state"] == before
    else:
        access_of(cloud)
        json.dumps(snapshot.take(cloud))
        read_everything(cloud)


@pytest.mark.parametrize("name", sorted(Cloud().service_names))
def test_the_state_of_each_service_says_what_it_holds(name: str) -> None:
    """A class whose fields have no types can hold anything: each is a dataclass, but for the account."""
    cloud = Cloud()
    written = object_graph.encode(cloud.add_account("1").state(name), {"cloud": cloud})
    kinds = {object_graph.class_of(kind) for kind, _ in written["objects"]}
    assert kinds
    assert {kind for kind in kinds if not dataclasses.is_dataclass(kind)} <= {Account}
