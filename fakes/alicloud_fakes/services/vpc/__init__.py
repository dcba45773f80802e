"""VPC 2016-04-28: networks and the vSwitches in them, as names that instances are put into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.vpc.models import Vpcs

vpc: Service[Vpcs] = Service(
    "vpc",
    __name__,
    version="2016-04-28",
    host="vpc.aliyuncs.com",
    state="models:Vpcs",
    modules=("networks", "lookups"),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
