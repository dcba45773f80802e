"""BssOpenApi 2017-12-14: the call by which the alicloud provider finds out which site an account is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.bss.models import Bss

bss: Service[Bss] = Service(
    "bss",
    __name__,
    version="2017-12-14",
    host="business.aliyuncs.com",
    state="models:Bss",
    modules=("instances",),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
    ram_code="bssapi",
)
