"""Load balancers: lists and descriptions."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.clock import format_time
from alicloud_fakes.core.paging import paged
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, Tag, Wire
from alicloud_fakes.pipeline.filters import shows
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target, Targets
from alicloud_fakes.services.slb import slb
from alicloud_fakes.services.slb.models import LoadBalancer, Slb
from alicloud_fakes.services.slb.slb_targets import OfBalancer, find, target, target_of


class DescribeLoadBalancers(ActionRequest):
    region_id: str
    load_balancer_id: str = ""
    load_balancer_name: str = ""
    load_balancer_status: str = ""
    address: str = ""
    address_type: str = ""
    resource_group_id: str = ""
    server_id: str = ""
    address_ip_version: Annotated[str, Wire("AddressIPVersion")] = ""
    internet_charge_type: str = ""
    master_zone_id: str = ""
    network_type: str = ""
    pay_type: str = ""
    slave_zone_id: str = ""
    v_switch_id: str = ""
    vpc_id: str = ""
    tag: Annotated[list[Tag], Items(20)] | None = None
    page_number: Annotated[int, Clamp(1, 1_000_000)] = 1
    page_size: Annotated[int, Clamp(1, 100)] = 10


class DescribeLoadBalancerAttribute(OfBalancer):
    pass


def shown(balancer: LoadBalancer) -> dict[str, Any]:
    """A load balancer, as DescribeLoadBalancers answers it."""
    return {
        "LoadBalancerId": balancer.id,
        "LoadBalancerName": balancer.name,
        "LoadBalancerStatus": balancer.status,
        "LoadBalancerSpec": "slb.s1.small",
        "Address": balancer.address,
        "AddressType": balancer.address_type,
        "AddressIPVersion": "ipv4",
        "NetworkType": "classic" if balancer.address_type == "internet" else "vpc",
        "RegionId": balancer.region,
        "RegionIdAlias": balancer.region,
        "MasterZoneId": f"{balancer.region}-h",
        "SlaveZoneId": f"{balancer.region}-g",
        "InternetChargeType": "paybytraffic",
        "PayType": "PayOnDemand",
        "InstanceChargeType": "PayBySpec",
        "Bandwidth": 5120,
        "DeleteProtection": "off",
        "ResourceGroupId": balancer.resource_group,
        "CreateTime": format_time(balancer.created),
        "CreateTimeStamp": int(balancer.created * 1000),
        "Tags": {"Tag": [{"TagKey": key, "TagValue": value} for key, value in balancer.tags.items()]},
    }


def _ids(request: DescribeLoadBalancers) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in request.load_balancer_id.split(",") if one.strip()))


def _asked(request: DescribeLoadBalancers) -> Targets:
    ids = _ids(request)
    if ids:
        return tuple(target_of(request, one) for one in ids)
    keys: dict[str, str | tuple[str, ...]] = {}
    for tag in request.tag or ():
        keys[f"slb:tag/{tag.key}"] = keys[f"acs:ResourceTag/{tag.key}"] = tag.value
    return Target("loadbalancer/*", keys, request.resource_group_id)


@slb.action(DescribeLoadBalancers, on=_asked)
def describe_load_balancers(slb: Slb, request: DescribeLoadBalancers) -> Reply:
    """List load balancers of a region."""
    there = slb.in_region.get(request.region_id, {})
    ids = (
        dict.fromkeys(one.strip() for one in request.load_balancer_id.split(",")) if request.load_balancer_id else there
    )
    found = [there[one] for one in ids if one in there and _matches(there[one], request)]
    page, counts = paged(found, request)
    return {
        **counts,
        "LoadBalancers": {"LoadBalancer": [shown(balancer) for balancer in page]},
    }


def _matches(balancer: LoadBalancer, request: DescribeLoadBalancers) -> bool:
    return (
        request.load_balancer_name in {"", balancer.name}
        and request.load_balancer_status in {"", balancer.status}
        and request.address in {"", balancer.address}
        and request.address_type in {"", balancer.address_type}
        and request.resource_group_id in {"", balancer.resource_group}
        and (not request.server_id or request.server_id in balancer.servers)
        and all(balancer.tags.get(tag.key) == tag.value for tag in request.tag or ())
        and shows(shown, balancer, request, _SHOWN)
    )


# Filters on what the fake shows of a load balancer.
_SHOWN = {
    "AddressIPVersion": "address_ip_version",
    "InternetChargeType": "internet_charge_type",
    "MasterZoneId": "master_zone_id",
    "NetworkType": "network_type",
    "PayType": "pay_type",
    "SlaveZoneId": "slave_zone_id",
    "VSwitchId": "v_switch_id",
    "VpcId": "vpc_id",
}


@slb.action(DescribeLoadBalancerAttribute, on=target)
def describe_load_balancer_attribute(slb: Slb, request: DescribeLoadBalancerAttribute) -> Reply:
    """Show a load balancer with its listeners and servers."""
    balancer = find(slb, request)
    listeners = [balancer.listeners[key] for key in sorted(balancer.listeners)]
    return {
        **shown(balancer),
        "ListenerPorts": {"ListenerPort": sorted({listener.port for listener in listeners})},
        "ListenerPortsAndProtocal": {
            "ListenerPortAndProtocal": [
                {"ListenerPort": listener.port, "ListenerProtocal": listener.protocol} for listener in listeners
            ]
        },
        "ListenerPortsAndProtocol": {
            "ListenerPortAndProtocol": [
                {"ListenerPort": listener.port, "ListenerProtocol": listener.protocol, "Description": ""}
                for listener in listeners
            ]
        },
        "BackendServers": {
            "BackendServer": [
                {"ServerId": one.id, "Weight": one.weight, "Type": one.type, "Description": one.description}
                for one in balancer.servers.values()
            ]
        },
    }
