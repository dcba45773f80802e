"""Database instances."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.paging import make_marker, open_marker
from alicloud_fakes.pipeline.declare import Clamp, Length, Problem, Request, Wire, Wrong
from alicloud_fakes.pipeline.products import refuse
from alicloud_fakes.pipeline.registry import Reply, Target
from alicloud_fakes.services.rds import rds
from alicloud_fakes.services.rds.models import DBInstance, Rds

DBInstanceId = Annotated[str, Length(64, 1)]


class DescribeDBInstances(Request):
    region_id: str
    db_instance_id: str = ""
    db_instance_status: str = ""
    engine: str = ""
    engine_version: str = ""
    db_instance_class: str = ""
    resource_group_id: str = ""
    search_key: str = ""
    zone_id: str = ""
    category: str = ""
    connection_mode: str = ""
    connection_string: str = ""
    db_instance_type: str = ""
    dedicated_host_group_id: str = ""
    dedicated_host_id: str = ""
    instance_network_type: str = ""
    pay_type: str = ""
    v_switch_id: str = ""
    vpc_id: str = ""
    tags: Annotated[str, Wire("Tags")] = ""
    page_number: Annotated[int, Clamp(1, 1_000_000)] = 1
    page_size: Annotated[int, Clamp(1, 100)] = 30
    max_results: Annotated[int, Clamp(1, 100)] | None = None
    next_token: str = ""


class DescribeDBInstanceAttribute(Request):
    db_instance_id: DBInstanceId


class RestartDBInstance(DescribeDBInstanceAttribute):
    pass


def _target(account: str, instance: DBInstance) -> Target:
    keys: dict[str, str | tuple[str, ...]] = {}
    for key, value in instance.tags.items():
        keys[f"rds:ResourceTag/{key}"] = keys[f"acs:ResourceTag/{key}"] = value
    if instance.resource_group:
        keys["acs:ResourceGroupId"] = instance.resource_group
    arn = f"acs:rds:{instance.region}:{account}:dbinstance/{instance.id}"
    return Target(arn, keys, instance.resource_group)


def _named(request: DescribeDBInstanceAttribute | DescribeDBInstances) -> str | Target:
    account = request.call.signed_by.account
    instance = account.rds.instances.get(request.db_instance_id)
    return _target(account.id, instance) if instance is not None else f"dbinstance/{request.db_instance_id}"


def _asked(request: DescribeDBInstances) -> str | Target:
    if request.db_instance_id:
        return _named(request)
    wanted = _wanted(request)
    keys: dict[str, str | tuple[str, ...]] = {}
    for key, value in wanted.items():
        keys[f"rds:ResourceTag/{key}"] = keys[f"acs:ResourceTag/{key}"] = value
    return Target("dbinstance/*", keys, request.resource_group_id)


def _wanted(request: DescribeDBInstances) -> dict[str, str]:
    """The tags in a request: a JSON object in one parameter."""
    if not request.tags:
        return {}
    try:
        value: object = json.loads(request.tags)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise refuse(Wrong("Tags", Problem.FORMAT))
    return {key: str(one) for key, one in cast("dict[str, object]", value).items()}


def find(rds: Rds, instance_id: str) -> DBInstance:
    """An instance, or InvalidDBInstanceId.NotFound."""
    instance = rds.instances.get(instance_id)
    if instance is None:
        raise ApiError(404, "InvalidDBInstanceId.NotFound", "The DBInstanceId provided does not exist in our records.")
    return instance


def shown(instance: DBInstance) -> dict[str, Any]:
    """An instance, as DescribeDBInstances answers it."""
    return {
        "DBInstanceId": instance.id,
        "DBInstanceDescription": instance.description,
        "RegionId": instance.region,
        "ZoneId": instance.zone,
        "Engine": instance.engine,
        "EngineVersion": instance.engine_version,
        "DBInstanceClass": instance.instance_class,
        "DBInstanceStatus": instance.status,
        "DBInstanceType": "Primary",
        "DBInstanceNetType": "Intranet",
        "DBInstanceStorageType": "cloud_essd",
        "InstanceNetworkType": "VPC",
        "ConnectionMode": "Standard",
        "ConnectionString": instance.address,
        "Category": "HighAvailability",
        "LockMode": "Unlock",
        "PayType": "Postpaid",
        "DeletionProtection": instance.deletion_protection,
        "ResourceGroupId": instance.resource_group,
        "CreateTime": instance.created,
        "ExpireTime": "",
        "ReadOnlyDBInstanceIds": {"ReadOnlyDBInstanceId": []},
    }


@rds.action(DescribeDBInstances, on=_asked)
def describe_db_instances(rds: Rds, request: DescribeDBInstances) -> Reply:
    """List instances of a region."""
    there = rds.in_region.get(request.region_id, {})
    tags = _wanted(request)
    if request.db_instance_id:
        candidates = [there[request.db_instance_id]] if request.db_instance_id in there else []
    else:
        candidates = list(there.values())
    found = [
        instance
        for instance in candidates
        if request.engine.lower() in {"", instance.engine.lower()}
        and request.engine_version in {"", instance.engine_version}
        and request.db_instance_status in {"", instance.status}
        and request.db_instance_class in {"", instance.instance_class}
        and request.resource_group_id in {"", instance.resource_group}
        and request.zone_id in {"", instance.zone}
        and (request.search_key in instance.id or request.search_key in instance.description)
        and all(instance.tags.get(key) == value for key, value in tags.items())
        and _as_shown(instance, request)
    ]
    by_token = bool(request.next_token) or request.max_results is not None
    size = (request.max_results or 30) if by_token else request.page_size
    start = _position(request.next_token) if by_token else (request.page_number - 1) * size
    page = found[start : start + size]
    reply: dict[str, Any] = {
        "TotalRecordCount": len(found),
        "PageNumber": request.page_number,
        "PageRecordCount": len(page),
        "Items": {"DBInstance": [shown(instance) for instance in page]},
    }
    if by_token and start + size < len(found):
        reply["NextToken"] = make_marker(str(start + size))
    return reply


# Filters on what the fake shows of an instance.
_SHOWN = {
    "Category": "category",
    "ConnectionMode": "connection_mode",
    "ConnectionString": "connection_string",
    "DBInstanceType": "db_instance_type",
    "DedicatedHostGroupId": "dedicated_host_group_id",
    "DedicatedHostIdForMaster": "dedicated_host_id",
    "InstanceNetworkType": "instance_network_type",
    "PayType": "pay_type",
    "VSwitchId": "v_switch_id",
    "VpcId": "vpc_id",
}


def _as_shown(instance: DBInstance, request: DescribeDBInstances) -> bool:
    wanted = {name: getattr(request, field) for name, field in _SHOWN.items()}
    if not any(wanted.values()):
        return True
    known = shown(instance)
    return all(value in {"", known.get(name, "")} for name, value in wanted.items())


def _position(token: str) -> int:
    text = open_marker(token, "NextToken") if token else "0"
    return int(text) if text.isdigit() and len(text) < 12 else 0


@rds.action(DescribeDBInstanceAttribute, on=_named)
def describe_db_instance_attribute(rds: Rds, request: DescribeDBInstanceAttribute) -> Reply:
    """Show an instance."""
    instance = find(rds, request.db_instance_id)
    known = shown(instance)
    del known["CreateTime"]
    attribute = {
        **known,
        "CreationTime": instance.created,
        "Port": instance.port,
        "DBInstanceStorage": 20,
        "DBInstanceMemory": 4096,
        "DBInstanceCPU": "2",
        "DBInstanceClassType": "x",
        "DBMaxQuantity": 999,
        "AccountMaxQuantity": 999,
        "MaxConnections": 2000,
        "MaxIOPS": 5000,
        "MaintainTime": "18:00Z-22:00Z",
        "AvailabilityValue": "100.0%",
        "SecurityIPList": "127.0.0.1",
    }
    return {"Items": {"DBInstanceAttribute": [attribute]}}


@rds.action(RestartDBInstance, on=_named)
def restart_db_instance(rds: Rds, request: RestartDBInstance) -> Reply:
    """Restart an instance. It runs again at once."""
    instance = find(rds, request.db_instance_id)
    if instance.status != "Running":
        text = "Current DB instance state does not support this operation."
        raise ApiError(403, "OperationDenied.DBInstanceStatus", text)
    instance.restarted = rds.account.cloud.clock.stamp()
    return None
