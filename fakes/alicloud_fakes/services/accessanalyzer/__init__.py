"""Access Analyzer 2024-02-01: what is wrong with a policy document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.product_errors import FORBIDDEN_RAM, refuse_as_most_products
from alicloud_fakes.pipeline.registry import Service

if TYPE_CHECKING:
    from alicloud_fakes.services.accessanalyzer.models import AccessAnalyzer

accessanalyzer: Service[AccessAnalyzer] = Service(
    "accessanalyzer",
    __name__,
    version="2024-02-01",
    host="accessanalyzer.aliyuncs.com",
    state="models:AccessAnalyzer",
    modules=("validate_policy",),
    refuse=refuse_as_most_products,
    denial=FORBIDDEN_RAM,
)
