"""IMS 2019-08-15: RAM's newer face for users, groups, credentials and sign-in.

It shows the same users and groups as RAM; users are addressed by UserPrincipalName or UserId. Permissions are RAM's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import Service
from alicloud_fakes.services.ram.errors import refuse

if TYPE_CHECKING:
    from alicloud_fakes.services.ims.models import Ims

ims: Service[Ims] = Service(
    "ims",
    __name__,
    version="2019-08-15",
    host="ims.aliyuncs.com",
    state="models:Ims",
    modules=(
        "users",
        "groups",
        "keys",
        "keypolicies",
        "logins",
        "mfa",
        "ims_settings",
        "summary",
        "tagging",
        "saml",
        "oidc",
    ),
    refuse=refuse,
    denial=("NoPermission", "You are not authorized to do this action."),
    ram_code="ram",
)
