"""RDS 2014-08-15: the databases of the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.rds.models import Rds

rds: Service[Rds] = Service(
    "rds",
    __name__,
    version="2014-08-15",
    host="rds.aliyuncs.com",
    state="models:Rds",
    modules=("instances",),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
