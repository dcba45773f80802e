"""Actions about all buckets of an account, or about none in particular."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.region_names import REGIONS
from alicloud_fakes.pipeline.declare import ActionRequest, NoParameters, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.configurations import CONFIGURATIONS, read_oss_configuration, shown
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss
from alicloud_fakes.services.oss.oss_answers import content_answer, xml_answer
from alicloud_fakes.services.oss.parameters import Content

_BLOCK = next(kind for kind in CONFIGURATIONS if kind.subresource == "publicAccessBlock")


class PutPublicAccessBlock(ActionRequest):
    body: Content = ""


class GetPublicAccessBlock(NoParameters):
    pass


class DeletePublicAccessBlock(NoParameters):
    pass


class DescribeRegions(ActionRequest):
    regions: Annotated[str, Wire("regions")] = ""


def _of_account(request: ActionRequest) -> str:
    return f"acs:oss:*:{request.call.signed_by.account.id}:*"


@oss.action(PutPublicAccessBlock, on=_of_account)
def put_public_access_block(oss: Oss, request: PutPublicAccessBlock) -> Reply:
    """Keep the public out of all buckets of the account, or let access control lists and policies decide."""
    oss.configurations[_BLOCK.subresource] = read_oss_configuration(_BLOCK, request)
    return content_answer()


@oss.action(GetPublicAccessBlock, on=_of_account)
def get_public_access_block(oss: Oss, _: GetPublicAccessBlock) -> Reply:
    """Show whether the public is kept out."""
    return shown(_BLOCK, oss.configurations.get(_BLOCK.subresource))


@oss.action(DeletePublicAccessBlock, on=_of_account)
def delete_public_access_block(oss: Oss, _: DeletePublicAccessBlock) -> Reply:
    """Let access control lists and policies decide again."""
    oss.configurations.pop(_BLOCK.subresource, None)
    return content_answer(204)


@oss.action(DescribeRegions, on=_of_account)
def describe_regions(_: Oss, request: DescribeRegions) -> Reply:
    """List the regions, or one of them, with their endpoints."""
    wanted = request.regions.removeprefix("oss-")
    if wanted and wanted not in REGIONS:
        raise OssError("NoSuchRegion")
    found = [
        {
            "Region": f"oss-{region}",
            "InternetEndpoint": f"oss-{region}.aliyuncs.com",
            "InternalEndpoint": f"oss-{region}-internal.aliyuncs.com",
            "AccelerateEndpoint": "oss-accelerate.aliyuncs.com",
        }
        for region in REGIONS
        if wanted in {"", region}
    ]
    return xml_answer("RegionInfoList", {"RegionInfo": found})
