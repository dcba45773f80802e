"""Database instances."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.paging import page_of
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Length, Problem, Wire, Wrong
from alicloud_fakes.pipeline.filters import shows
from alicloud_fakes.pipeline.product_errors import refuse_as_most_products
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target, TargetKind
from alicloud_fakes.services.rds import rds
from alicloud_fakes.services.rds.models import DBInstance, Rds

DATABASE = TargetKind("rds", "dbinstance", "rds:ResourceTag")
DBInstanceId = Annotated[str, Length(64, 1)]


class DescribeDBInstances(ActionRequest):
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


class DescribeDBInstanceAttribute(ActionRequest):
    db_instance_id: DBInstanceId


class RestartDBInstance(DescribeDBInstanceAttribute):
    pass


def _named(request: DescribeDBInstanceAttribute | DescribeDBInstances) -> str | Target:
    account = request.call.signed_by.account
    return DATABASE.named(account.id, account.rds.instances, [request.db_instance_id])[0]


def _asked(request: DescribeDBInstances) -> str | Target:
    return _named(request) if request.db_instance_id else DATABASE.listed(_wanted(request), request.resource_group_id)


def _wanted(request: DescribeDBInstances) -> dict[str, str]:
    """The tags in a request: a JSON object in one parameter."""
    if not request.tags:
        return {}
    try:
        value: object = json.loads(request.tags)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise refuse_as_most_products(Wrong("Tags", Problem.FORMAT))
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
        and shows(shown, instance, request, _SHOWN)
    ]
    page, following, _ = page_of(
        found, request.page_number, request.page_size, request.next_token, request.max_results, by_default=30
    )
    reply: dict[str, Any] = {
        "TotalRecordCount": len(found),
        "PageNumber": request.page_number,
        "PageRecordCount": len(page),
        "Items": {"DBInstance": [shown(instance) for instance in page]},
    }
    if following:
        reply["NextToken"] = following
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
