"""Purchases of an account: in the fake, none."""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Wire
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.bss import bss
from alicloud_fakes.services.bss.models import Bss, Site


class QueryAvailableInstances(ActionRequest):
    product_code: str = ""
    product_type: str = ""
    subscription_type: str = ""
    region: str = ""
    renew_status: str = ""
    instance_ids: Annotated[str, Wire("InstanceIDs")] = ""
    create_time_start: str = ""
    create_time_end: str = ""
    end_time_start: str = ""
    end_time_end: str = ""
    page_num: Annotated[int, Clamp(1, 1_000_000)] = 1
    page_size: Annotated[int, Clamp(1, 100)] = 20


@bss.action(QueryAvailableInstances, access=AllowedCallers.SIGNED)
def query_available_instances(bss: Bss, request: QueryAvailableInstances) -> Reply:
    """List subscriptions. The alicloud provider learns from the error that an account is international."""
    if bss.site is Site.INTERNATIONAL:
        raise ApiError(400, "NotApplicable", "This API is not applicable for caller.")
    none: list[object] = []
    page = {"TotalCount": 0, "PageNum": request.page_num, "PageSize": request.page_size, "InstanceList": none}
    return {"Success": True, "Code": "Success", "Message": "Successful!", "Data": page}
