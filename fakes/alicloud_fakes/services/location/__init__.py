"""Location 2015-06-12: which endpoint a product has in a region. Clients ask before their first call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.location.models import Location

location: Service[Location] = Service(
    "location",
    __name__,
    version="2015-06-12",
    host="location.aliyuncs.com",
    state="models:Location",
    modules=("endpoints",),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
