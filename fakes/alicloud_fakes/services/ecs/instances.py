"""Instances: describe, stop, start."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.declare import Clamp, Request
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.registry import Reply
from alicloud_fakes.services.ecs import ecs
from alicloud_fakes.services.ecs.models import Ecs, Instance


class DescribeInstances(Request):  # noqa: D101
    region_id: str
    instance_ids: list[str] | None = None
    instance_name: str = ""
    status: str = ""
    page_number: Annotated[int, Clamp(1, 1_000_000)] = 1
    page_size: Annotated[int, Clamp(1, 100)] = 10


class StopInstance(Request):  # noqa: D101
    instance_id: str
    region_id: str = ""
    force_stop: bool = False


class StartInstance(Request):  # noqa: D101
    instance_id: str
    region_id: str = ""


def _resource(request: StopInstance | StartInstance) -> str:
    return f"instance/{request.instance_id}"


def shown(instance: Instance) -> dict[str, Any]:
    """An instance, as DescribeInstances answers it."""
    return {
        "InstanceId": instance.id,
        "InstanceName": instance.name,
        "RegionId": instance.region,
        "ZoneId": instance.zone,
        "InstanceType": instance.type,
        "ImageId": instance.image,
        "Status": instance.status,
        "CreationTime": instance.created[:-4] + "Z",
        "VpcAttributes": {"PrivateIpAddress": {"IpAddress": [instance.private_ip]}},
        "ResourceGroupId": instance.resource_group,
        "Tags": {"Tag": [{"TagKey": key, "TagValue": value} for key, value in instance.tags.items()]},
    }


@ecs.action(DescribeInstances, on=lambda _: "instance/*")
def describe_instances(ecs: Ecs, request: DescribeInstances) -> Reply:
    """List instances of a region."""
    found = [
        instance
        for instance in ecs.instances.values()
        if instance.region == request.region_id
        and (request.instance_ids is None or instance.id in request.instance_ids)
        and request.status in {"", instance.status}
        and request.instance_name in {"", instance.name}
    ]
    start = (request.page_number - 1) * request.page_size
    return {
        "TotalCount": len(found),
        "PageNumber": request.page_number,
        "PageSize": request.page_size,
        "NextToken": "",
        "Instances": {"Instance": [shown(instance) for instance in found[start : start + request.page_size]]},
    }


def find(ecs: Ecs, instance_id: str) -> Instance:
    """An instance, or InvalidInstanceId.NotFound."""
    instance = ecs.instances.get(instance_id)
    if instance is None:
        raise ApiError(404, "InvalidInstanceId.NotFound", "The specified InstanceId does not exist.")
    return instance


def _switch(ecs: Ecs, instance_id: str, before: str, after: str) -> Reply:
    instance = find(ecs, instance_id)
    if instance.status != before:
        text = "The current status of the resource does not support this operation."
        raise ApiError(403, "IncorrectInstanceStatus", text)
    instance.status = after
    return None


@ecs.action(StopInstance, on=_resource)
def stop_instance(ecs: Ecs, request: StopInstance) -> Reply:
    """Stop an instance."""
    return _switch(ecs, request.instance_id, "Running", "Stopped")


@ecs.action(StartInstance, on=_resource)
def start_instance(ecs: Ecs, request: StartInstance) -> Reply:
    """Start an instance."""
    return _switch(ecs, request.instance_id, "Stopped", "Running")
