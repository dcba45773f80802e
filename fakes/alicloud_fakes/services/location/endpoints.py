"""Endpoints."""

from __future__ import annotations

import re
from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import ActionRequest, OneOf, Pattern, Wire
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.location import location
from alicloud_fakes.services.location.models import Location

# Products with one endpoint for all regions; the others have one in each.
_CENTRAL = {
    "ram": "ram.aliyuncs.com",
    "ims": "ims.aliyuncs.com",
    "location": "location.aliyuncs.com",
    "resourcemanager": "resourcemanager.aliyuncs.com",
    "bssopenapi": "business.aliyuncs.com",
}
# Regions whose endpoints are those of the first years. Source: endpoints.json of aliyun-python-sdk-core.
_FIRST_REGIONS = frozenset(
    {
        "cn-qingdao",
        "cn-beijing",
        "cn-hangzhou",
        "cn-shanghai",
        "cn-shenzhen",
        "cn-hongkong",
        "ap-southeast-1",
        "us-west-1",
        "us-east-1",
    }
)
_IN_FIRST_REGIONS = {
    "ecs": "ecs-cn-hangzhou.aliyuncs.com",
    "rds": "rds.aliyuncs.com",
    "slb": "slb.aliyuncs.com",
    "vpc": "vpc.aliyuncs.com",
}
_LOOPBACK = re.compile(r"(?:127\.[0-9.]+|localhost)(?::[0-9]+)?\Z")


class DescribeEndpoints(ActionRequest):
    id: Annotated[str, Pattern(r"[a-z0-9-]{2,40}"), Wire("Id")]
    service_code: Annotated[str, Pattern(r"[A-Za-z0-9_-]{1,64}")]
    type: Annotated[str, OneOf("openAPI", "innerAPI", "localAPI"), Wire("Type")] = "openAPI"


@location.action(DescribeEndpoints, access=AllowedCallers.SIGNED)
def describe_endpoints(_: Location, request: DescribeEndpoints) -> Reply:
    """Give the endpoint of a product in a region.

    Who asks on loopback gets the address that was asked: the fake answers for every product there, and a client must
    not be sent from it to the real cloud.
    """
    code = request.service_code.lower()
    if code not in _CENTRAL and "-" not in request.id:
        raise ApiError(404, "InvalidRegionId", "The specified region does not exist.")
    asked = request.call.http.headers.get("host", "")
    found = {
        "Endpoint": asked if _LOOPBACK.match(asked) else endpoint_of(code, request.id),
        "Id": request.id,
        "Namespace": "",
        # Misspelt by the product.
        "SerivceCode": request.service_code,
        "Type": request.type,
        "Protocols": {"Protocols": ["HTTP", "HTTPS"]},
    }
    return {"Success": True, "Endpoints": {"Endpoint": [found]}}


def endpoint_of(code: str, region: str) -> str:
    """The public endpoint of a product in a region. `code`: of the product, in lower case."""
    if code in _CENTRAL:
        return _CENTRAL[code]
    if code == "oss":
        return f"oss-{region}.aliyuncs.com"
    if region in _FIRST_REGIONS and code in _IN_FIRST_REGIONS:
        return _IN_FIRST_REGIONS[code]
    return f"{code}.{region}.aliyuncs.com"
