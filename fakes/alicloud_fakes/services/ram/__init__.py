"""RAM 2015-05-01: users, groups, roles, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import Service
from alicloud_fakes.services.ram.errors import refuse

if TYPE_CHECKING:
    from alicloud_fakes.identity.models import Ram

ram: Service[Ram] = Service(
    "ram",
    __name__,
    version="2015-05-01",
    host="ram.aliyuncs.com",
    state="models:Ram",
    modules=(
        "users",
        "groups",
        "roles",
        "policies",
        "attachments",
        "keys",
        "logins",
        "ram_settings",
        "mfa",
        "tagging",
        "linked",
        "diagnose",
    ),
    refuse=refuse,
    denial=("NoPermission", "You are not authorized to do this action."),
)
