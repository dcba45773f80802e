"""Endpoints."""

from __future__ import annotations

import re
from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import OneOf, Pattern, Request, Wire
from alicloud_fakes.pipeline.registry import Access, Reply
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
_LOOPBACK = re.compile(r"(?:127\.[0-9.]+|localhost)(?::[0-9]+)?\Z")


class DescribeEndpoints(Request):
    id: Annotated[str, Pattern(r"[a-z0-9-]{2,40}"), Wire("Id")]
    service_code: Annotated[str, Pattern(r"[A-Za-z0-9_-]{1,64}")]
    type: Annotated[str, OneOf("openAPI", "innerAPI", "localAPI"), Wire("Type")] = "openAPI"


@location.action(DescribeEndpoints, access=Access.SIGNED)
def describe_endpoints(_: Location, request: DescribeEndpoints) -> Reply:
    """Give the endpoint of a product in a region.

    Who asks on loopback gets the address that was asked: the fake answers for every product there, and a client must
    not be sent from it to the real cloud.
    """
    code = request.service_code.lower()
    if code not in _CENTRAL and "-" not in request.id:
        raise ApiError(404, "InvalidRegionId", "The specified region does not exist.")
    asked = request.call.http.headers.get("host", "")
    public = _CENTRAL.get(code) or f"{code}.{request.id}.aliyuncs.com"
    found = {
        "Endpoint": asked if _LOOPBACK.match(asked) else public,
        "Id": request.id,
        "Namespace": "",
        # Misspelt by the product.
        "SerivceCode": request.service_code,
        "Type": request.type,
        "Protocols": {"Protocols": ["HTTP", "HTTPS"]},
    }
    return {"Success": True, "Endpoints": {"Endpoint": [found]}}
