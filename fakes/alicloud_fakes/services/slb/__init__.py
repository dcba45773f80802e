"""SLB 2014-05-15: classic load balancers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.slb.models import Slb

slb: Service[Slb] = Service(
    "slb",
    __name__,
    version="2014-05-15",
    host="slb.aliyuncs.com",
    state="models:Slb",
    modules=("balancers", "listeners", "servers"),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
