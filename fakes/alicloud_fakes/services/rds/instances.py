"""Database instances."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.declare import Clamp, Request
from alicloud_fakes.core.registry import Reply
from alicloud_fakes.services.rds import rds
from alicloud_fakes.services.rds.models import DBInstance, Rds


class DescribeDBInstances(Request):  # noqa: D101
    region_id: str
    db_instance_id: str = ""
    engine: str = ""
    page_number: Annotated[int, Clamp(1, 1_000_000)] = 1
    page_size: Annotated[int, Clamp(1, 100)] = 30


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
        "PayType": "Postpaid",
        "CreateTime": instance.created,
    }


@rds.action(DescribeDBInstances, on=lambda r: f"dbinstance/{r.db_instance_id or '*'}")
def describe_db_instances(rds: Rds, request: DescribeDBInstances) -> Reply:
    """List instances of a region."""
    found = [
        instance
        for instance in rds.instances.values()
        if instance.region == request.region_id
        and request.db_instance_id in {"", instance.id}
        and request.engine.lower() in {"", instance.engine.lower()}
    ]
    start = (request.page_number - 1) * request.page_size
    page = found[start : start + request.page_size]
    return {
        "TotalRecordCount": len(found),
        "PageNumber": request.page_number,
        "PageRecordCount": len(page),
        "Items": {"DBInstance": [shown(instance) for instance in page]},
    }
