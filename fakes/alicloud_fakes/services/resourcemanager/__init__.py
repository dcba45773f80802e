"""Resource Manager 2020-03-31: resource groups, and RAM's roles and policies as Resource Manager shows them.

The roles and policies are those of RAM, and so are the permissions: ``ram:CreateRole``, ``ram:AttachPolicy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import Service
from alicloud_fakes.services.ram.errors import refuse

if TYPE_CHECKING:
    from alicloud_fakes.services.resourcemanager.models import ResourceManager

resourcemanager: Service[ResourceManager] = Service(
    "resourcemanager",
    __name__,
    version="2020-03-31",
    host="resourcemanager.aliyuncs.com",
    state="models:ResourceManager",
    modules=("groups", "roles", "policies", "attachments", "tagging"),
    refuse=refuse,
    denial=("NoPermission", "You are not authorized to do this action."),
    ram_code="ram",
)
