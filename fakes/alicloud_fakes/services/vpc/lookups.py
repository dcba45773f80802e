"""Further views of networks and vSwitches: route tables, and the attributes of one vSwitch.

Source: Alibaba Cloud, VPC, DescribeRouteTableList, DescribeVSwitchAttributes.
"""

from __future__ import annotations

from typing import Any

from alicloud_fakes.core.paging import paged
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Targets
from alicloud_fakes.services.vpc import vpc
from alicloud_fakes.services.vpc.models import Vpc, Vpcs, route_table_of, router_of, shown_switch
from alicloud_fakes.services.vpc.networks import VSWITCH, PageNumber, PageSize, RegionId, Tags


class DescribeRouteTableList(ActionRequest):
    region_id: RegionId
    vpc_id: str = ""
    route_table_id: str = ""
    route_table_name: str = ""
    router_id: str = ""
    router_type: str = ""
    route_table_type: str = ""
    tag: Tags | None = None
    resource_group_id: str = ""
    page_number: PageNumber = 1
    page_size: PageSize = 10


class DescribeVSwitchAttributes(ActionRequest):
    v_switch_id: str
    region_id: str = ""
    dry_run: bool = False


def _system_table(state: Vpcs, network: Vpc) -> dict[str, Any]:
    return {
        "RouteTableId": route_table_of(network),
        "RouteTableName": "",
        "Description": "",
        "RouteTableType": "System",
        "RouterId": router_of(network),
        "RouterType": "VRouter",
        "AssociateType": "VSwitch",
        "RoutePropagationEnable": True,
        "Status": "Available",
        "CreationTime": network.created,
        "OwnerId": int(state.account.id),
        "ResourceGroupId": network.resource_group,
        "VpcId": network.id,
        "VSwitchIds": {"VSwitchId": [one.id for one in state.switches_of(network)]},
        "GatewayIds": {"GatewayIds": []},
        "Tags": {"Tag": []},
    }


@vpc.action(DescribeRouteTableList, on=lambda _: "routetable/*")
def describe_route_table_list(state: Vpcs, request: DescribeRouteTableList) -> Reply:
    """List route tables: each network has that of the system, and there are no others."""
    wanted = {
        "VpcId": request.vpc_id,
        "RouteTableId": request.route_table_id,
        "RouteTableName": request.route_table_name,
        "RouterId": request.router_id,
        "RouterType": request.router_type,
        "RouteTableType": request.route_table_type,
        "ResourceGroupId": request.resource_group_id,
    }
    tables = [_system_table(state, one) for one in state.vpcs.values() if one.region == request.region_id]
    found = [one for one in tables if all(value in {"", one[name]} for name, value in wanted.items())]
    if request.tag:
        found = []
    page, counts = paged(found, request)
    return {
        **counts,
        "RouterTableList": {"RouterTableListType": page},
    }


def _target(request: DescribeVSwitchAttributes) -> Targets:
    account = request.call.signed_by.account
    return VSWITCH.named(account.id, account.state("vpc").switches, [request.v_switch_id])


@vpc.action(DescribeVSwitchAttributes, on=_target)
def describe_v_switch_attributes(state: Vpcs, request: DescribeVSwitchAttributes) -> Reply:
    """Show a vSwitch. One that does not exist is shown empty, which is how clients learn that it is gone."""
    found = state.switches.get(request.v_switch_id)
    if found is None:
        return {"VSwitchId": ""}
    table = route_table_of(state.vpcs[found.vpc])
    return {
        **shown_switch(state, found),
        "RouteTable": {"RouteTableId": table, "RouteTableType": "System"},
    }
