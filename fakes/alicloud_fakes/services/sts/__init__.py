"""STS 2015-04-01: temporary credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import Service
from alicloud_fakes.services.sts.errors import sts_refusal

if TYPE_CHECKING:
    from alicloud_fakes.services.sts.models import Sts

sts: Service[Sts] = Service(
    "sts",
    __name__,
    version="2015-04-01",
    host="sts.aliyuncs.com",
    state="models:Sts",
    modules=("caller_identity", "roles", "oidc", "saml"),
    refuse=sts_refusal,
    denial=("NoPermission", "You are not authorized to do this action. You should be authorized by RAM."),
)
