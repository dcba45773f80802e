"""OSS 2019-05-17: buckets and objects, over a protocol of its own.

The actions are declared like those of every other service; `oss_protocol` reads them from paths, headers and XML. OSS
has no version on the wire, so the RPC gateway never reaches them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import Service
from alicloud_fakes.services.oss.errors import oss_refusal

if TYPE_CHECKING:
    from alicloud_fakes.services.oss.models import Oss

oss: Service[Oss] = Service(
    "oss",
    __name__,
    version="",
    host="oss-cn-hangzhou.aliyuncs.com",
    state="models:Oss",
    modules=(
        "buckets",
        "configurations",
        "namedconfigurations",
        "accountwide",
        "worm",
        "listing",
        "versionlists",
        "objects",
        "objecttags",
        "copying",
        "symlinks",
        "archives",
        "downloads",
        "multipart",
    ),
    refuse=oss_refusal,
    denial=("AccessDenied", "You do not have read or write permission on this resource."),
)
