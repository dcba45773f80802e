"""ECS 2014-05-26: the instances a delegate works on, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.ecs.models import Ecs

ecs: Service[Ecs] = Service(
    "ecs",
    __name__,
    version="2014-05-26",
    host="ecs.aliyuncs.com",
    state="models:Ecs",
    modules=(
        "instances",
        "instanceroles",
        "launching",
        "offers",
        "parts",
        "power",
        "regions_and_zones",
        "security_group_rules",
        "securitygroups",
        "ecs_tags",
    ),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
