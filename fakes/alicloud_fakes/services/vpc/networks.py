"""Networks and vSwitches: create, describe, delete, tag.

Source: Alibaba Cloud, VPC API 2016-04-28.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from alicloud_fakes.core.errors import ApiError, missing
from alicloud_fakes.core.paging import paged
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, Length, OneOf, Pattern, Tag, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.tags import TagRules
from alicloud_fakes.pipeline.targets import TargetKind, Targets, keys_of_request_tags
from alicloud_fakes.services.vpc import vpc
from alicloud_fakes.services.vpc.models import (
    Vpc,
    Vpcs,
    VSwitch,
    network_of,
    part_of,
    route_table_of,
    router_of,
    shown_switch,
    shown_vpc,
)

VPC, VSWITCH = TargetKind("vpc", "vpc", "vpc:tag"), TargetKind("vpc", "vswitch", "vpc:tag")
TAG_RULES = TagRules(
    bad_key=lambda: ApiError(400, "InvalidTagKey.Malformed", "The specified Tag.n.Key is not valid."),
    bad_value=lambda: ApiError(400, "InvalidTagValue.Malformed", "The specified Tag.n.Value is not valid."),
    too_many=lambda: ApiError(400, "QuotaExceeded.TagNumPerResource", "The maximum number of tags is exceeded."),
    longest_value=128,
    reserved_values=("acs:",),
)
RegionId: TypeAlias = Annotated[str, Pattern(r"[a-z]{2,3}-[a-z0-9-]{2,40}")]
NetworkName: TypeAlias = Annotated[str, Pattern(r"(?!https?://).{1,128}")]
Description: TypeAlias = Annotated[str, Pattern(r"(?!https?://)[\s\S]{1,256}")]
Tags: TypeAlias = Annotated[list[Tag], Items(20)]
PageNumber: TypeAlias = Annotated[int, Clamp(1, 1_000_000)]
PageSize: TypeAlias = Annotated[int, Clamp(1, 50)]
ClientToken: TypeAlias = Annotated[str, Length(64)]
TaggedType: TypeAlias = Annotated[str, OneOf("VPC", "VSWITCH")]
_DEFAULT_CIDR = "172.16.0.0/12"


class CreateVpc(ActionRequest):
    region_id: RegionId
    cidr_block: str = _DEFAULT_CIDR
    vpc_name: NetworkName = ""
    description: Description = ""
    resource_group_id: Annotated[str, Length(64)] = ""
    tag: Tags | None = None
    client_token: ClientToken = ""
    dry_run: bool = False


class DescribeVpcs(ActionRequest):
    region_id: RegionId
    vpc_id: str = ""
    vpc_name: str = ""
    is_default: bool | None = None
    resource_group_id: str = ""
    tag: Tags | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10
    dry_run: bool = False


class DescribeVpcAttribute(ActionRequest):
    vpc_id: str
    region_id: str = ""
    is_default: bool | None = None
    dry_run: bool = False


class DeleteVpc(ActionRequest):
    vpc_id: str
    region_id: str = ""
    force_delete: bool = False
    dry_run: bool = False


class CreateVSwitch(ActionRequest):
    vpc_id: str
    zone_id: Annotated[str, Length(64, 1)]
    cidr_block: str
    region_id: str = ""
    v_switch_name: NetworkName = ""
    description: Description = ""
    tag: Tags | None = None
    client_token: ClientToken = ""


class DescribeVSwitches(ActionRequest):
    region_id: str = ""
    vpc_id: str = ""
    v_switch_id: str = ""
    v_switch_name: str = ""
    zone_id: str = ""
    is_default: bool | None = None
    resource_group_id: str = ""
    tag: Tags | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10
    dry_run: bool = False


class DeleteVSwitch(ActionRequest):
    v_switch_id: str
    region_id: str = ""
    dry_run: bool = False


class TagResources(ActionRequest):
    region_id: RegionId
    resource_type: TaggedType
    resource_id: Annotated[list[str], Items(50)]
    tag: Tags


class UnTagResources(ActionRequest):
    region_id: RegionId
    resource_type: TaggedType
    resource_id: Annotated[list[str], Items(50)]
    tag_key: Annotated[list[str], Items(20), Wire("TagKey")] | None = None
    all: bool = False


class ListTagResources(ActionRequest):
    region_id: RegionId
    resource_type: TaggedType
    resource_id: Annotated[list[str], Items(50)] | None = None
    tag: Tags | None = None
    next_token: str = ""
    max_results: Annotated[int, Clamp(1, 50)] = 20


def _account(request: ActionRequest) -> str:
    return request.call.signed_by.account.id


def _vpcs(request: ActionRequest) -> Vpcs:
    return request.call.signed_by.account.state("vpc")


def _vpc_target(request: Any) -> Targets:  # noqa: ANN401 - any of the requests that name a network
    if request.vpc_id:
        return VPC.named(_account(request), _vpcs(request).vpcs, request.vpc_id.split(","))
    wanted = {tag.key: tag.value for tag in request.tag or ()}
    return VPC.listed(wanted, request.resource_group_id)


def _new_switch_target(request: CreateVSwitch) -> Targets:
    return (*VPC.named(_account(request), _vpcs(request).vpcs, [request.vpc_id]), VSWITCH.new(request.tag, ""))


def _switch_target(request: DescribeVSwitches | DeleteVSwitch) -> Targets:
    if request.v_switch_id:
        return VSWITCH.named(_account(request), _vpcs(request).switches, request.v_switch_id.split(","))
    assert isinstance(request, DescribeVSwitches)  # noqa: S101 - to delete, one has to be named
    wanted = {tag.key: tag.value for tag in request.tag or ()}
    return VSWITCH.listed(wanted, request.resource_group_id)


def _tagged_targets(request: TagResources | UnTagResources | ListTagResources) -> Targets:
    kind, ids = (VPC if request.resource_type == "VPC" else VSWITCH), request.resource_id
    return kind.named(_account(request), _of_type(_vpcs(request), request.resource_type), ids or ["*"])


def _of_type(state: Vpcs, resource_type: str) -> dict[str, Vpc] | dict[str, VSwitch]:
    return state.vpcs if resource_type == "VPC" else state.switches


def find_vpc(state: Vpcs, vpc_id: str) -> Vpc:
    """A network, or InvalidVpcId.NotFound."""
    found = state.vpcs.get(vpc_id)
    if found is None:
        raise ApiError(404, "InvalidVpcId.NotFound", "Specified VPC does not exist.")
    return found


def find_switch(state: Vpcs, switch_id: str) -> VSwitch:
    """A vSwitch, or InvalidVSwitchId.NotFound."""
    found = state.switches.get(switch_id)
    if found is None:
        raise ApiError(404, "InvalidVSwitchId.NotFound", "Specified virtual switch does not exist.")
    return found


def _check_dry_run(request: Any) -> None:  # noqa: ANN401 - any of the requests that can be dry runs
    if request.dry_run:
        raise ApiError(400, "DryRunOperation", "Request validation has been passed with DryRun flag set.")


@vpc.action(CreateVpc, on=lambda r: VPC.new(r.tag, r.resource_group_id))
def create_vpc(state: Vpcs, request: CreateVpc) -> Reply:
    """Create a network. It is there at once."""
    cidr = str(network_of(request.cidr_block or _DEFAULT_CIDR))
    given = TAG_RULES.added({}, request.tag)
    _check_dry_run(request)
    known = state.vpcs.get(state.tokens.get(request.client_token, ""))
    if known is None:
        now = state.account.cloud.clock.stamp()
        known = Vpc(state.new_id("vpc"), request.vpc_name, request.region_id, cidr, now, request.description)
        known.resource_group, known.tags = request.resource_group_id, given
        state.vpcs[known.id] = known
        if request.client_token:
            state.tokens[request.client_token] = known.id
    return {
        "VpcId": known.id,
        "VRouterId": router_of(known),
        "RouteTableId": route_table_of(known),
        "ResourceGroupId": known.resource_group,
    }


@vpc.action(DescribeVpcs, on=_vpc_target)
def describe_vpcs(state: Vpcs, request: DescribeVpcs) -> Reply:
    """List networks of a region."""
    _check_dry_run(request)
    ids = request.vpc_id.split(",") if request.vpc_id else None
    found = [
        one
        for one in state.vpcs.values()
        if one.region == request.region_id
        and (ids is None or one.id in ids)
        and request.vpc_name in {"", one.name}
        and request.is_default is not True
        and request.resource_group_id in {"", one.resource_group}
        and tags.carries(one.tags, request.tag)
    ]
    page, counts = paged(found, request)
    return {
        **counts,
        "Vpcs": {
            "Vpc": [
                {**shown_vpc(state, one), "RouterTableIds": {"RouterTableIds": [route_table_of(one)]}} for one in page
            ]
        },
    }


@vpc.action(DescribeVpcAttribute, on=_vpc_target)
def describe_vpc_attribute(state: Vpcs, request: DescribeVpcAttribute) -> Reply:
    """Show a network."""
    _check_dry_run(request)
    found = find_vpc(state, request.vpc_id)
    if request.is_default:
        raise ApiError(404, "InvalidVpcId.NotFound", "Specified VPC does not exist.")
    return {
        **shown_vpc(state, found),
        "AssociatedCens": {"AssociatedCen": []},
        "CloudResources": {"CloudResourceSetType": []},
    }


@vpc.action(DeleteVpc, on=_vpc_target)
def delete_vpc(state: Vpcs, request: DeleteVpc) -> Reply:
    """Delete a network that has no vSwitches; with ForceDelete these go as well."""
    found = find_vpc(state, request.vpc_id)
    inside = state.switches_of(found)
    if inside and not request.force_delete:
        raise ApiError(400, "DependencyViolation.VSwitch", "Specified object has dependent resources: VSwitch.")
    _check_dry_run(request)
    for one in inside:
        del state.switches[one.id]
    del state.vpcs[found.id]
    return None


@vpc.action(CreateVSwitch, on=_new_switch_target)
def create_v_switch(state: Vpcs, request: CreateVSwitch) -> Reply:
    """Create a vSwitch in a network. It is there at once."""
    network = find_vpc(state, request.vpc_id)
    if not request.zone_id.startswith(network.region):
        raise ApiError(404, "InvalidZoneId.NotFound", "Specified zone does not exist.")
    known = state.switches.get(state.tokens.get(request.client_token, ""))
    if known is None:
        cidr = str(part_of(request.cidr_block, network, state.switches_of(network)))
        given = TAG_RULES.added({}, request.tag)
        now = state.account.cloud.clock.stamp()
        known = VSwitch(
            state.new_id("vsw"), request.v_switch_name, network.region, request.zone_id, network.id, cidr, now,
            request.description, network.resource_group, given,
        )  # fmt: skip
        state.switches[known.id] = known
        if request.client_token:
            state.tokens[request.client_token] = known.id
    return {"VSwitchId": known.id}


@vpc.action(DescribeVSwitches, on=_switch_target)
def describe_v_switches(state: Vpcs, request: DescribeVSwitches) -> Reply:
    """List vSwitches, of a region or of a network."""
    if not request.region_id and not request.vpc_id:
        raise missing("RegionId")
    _check_dry_run(request)
    ids = request.v_switch_id.split(",") if request.v_switch_id else None
    found = [
        one
        for one in state.switches.values()
        if request.region_id in {"", one.region}
        and request.vpc_id in {"", one.vpc}
        and (ids is None or one.id in ids)
        and request.v_switch_name in {"", one.name}
        and request.zone_id in {"", one.zone}
        and request.is_default is not True
        and request.resource_group_id in {"", one.resource_group}
        and tags.carries(one.tags, request.tag)
    ]
    page, counts = paged(found, request)
    return {
        **counts,
        "VSwitches": {"VSwitch": [shown_switch(state, one) for one in page]},
    }


@vpc.action(DeleteVSwitch, on=_switch_target)
def delete_v_switch(state: Vpcs, request: DeleteVSwitch) -> Reply:
    """Delete a vSwitch."""
    found = find_switch(state, request.v_switch_id)
    _check_dry_run(request)
    del state.switches[found.id]
    return None


def _named(state: Vpcs, request: TagResources | UnTagResources) -> list[Vpc | VSwitch]:
    find = find_vpc if request.resource_type == "VPC" else find_switch
    return [find(state, one) for one in dict.fromkeys(request.resource_id)]


@vpc.action(TagResources, on=_tagged_targets, context=lambda r: keys_of_request_tags(r.tag))
def tag_resources(state: Vpcs, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the resources or on none."""
    TAG_RULES.add(_named(state, request), request.tag)
    return None


@vpc.action(UnTagResources, on=_tagged_targets)
def untag_resources(state: Vpcs, request: UnTagResources) -> Reply:
    """Remove tags, some or all. Keys win over All."""
    tags.check_keys(request.tag_key, request.all)
    tags.remove_tags(_named(state, request), request.tag_key)
    return None


@vpc.action(ListTagResources, on=_tagged_targets)
def list_tag_resources(state: Vpcs, request: ListTagResources) -> Reply:
    """List tags, of some resources or of all that carry some tags."""
    known = _of_type(state, request.resource_type)
    ids = dict.fromkeys(request.resource_id) if request.resource_id is not None else known
    there = [(one, known[one]) for one in ids if one in known and known[one].region == request.region_id]
    page = tags.tag_page(there, request.tag, request.next_token, request.max_results)
    return {"NextToken": page.following, "TagResources": {"TagResource": page.shown(request.resource_type)}}
