"""Products as the official Python SDKs describe them: actions, and the fields of requests and responses."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from collections.abc import Collection
from pathlib import Path
from types import ModuleType

# service of the fake: package of the SDK
PACKAGES: dict[str, str] = {
    "ram": "alibabacloud_ram20150501",
    "sts": "alibabacloud_sts20150401",
    "ims": "alibabacloud_ims20190815",
    "resourcemanager": "alibabacloud_resourcemanager20200331",
    "ecs": "alibabacloud_ecs20140526",
    "vpc": "alibabacloud_vpc20160428",
    "rds": "alibabacloud_rds20140815",
    "slb": "alibabacloud_slb20140515",
    "oss": "alibabacloud_oss20190517",
    "location": "alibabacloud_location20150612",
    "bss": "alibabacloud_bssopenapi20171214",
}
_ACTION = re.compile(r"""(?:\baction\s*=\s*|do_rpcrequest\()['"]([A-Za-z0-9]+)['"]""")
_FIELD = re.compile(r"""m\.get\('([^']+)'\) is not None""")


def installed(package: str) -> bool:
    """True if an SDK is installed."""
    return importlib.util.find_spec(package) is not None


def models(package: str) -> ModuleType:
    """The models of an SDK."""
    return importlib.import_module(f"{package}.models")


def sdk_actions(package: str, wanted: Collection[str]) -> dict[str, list[str] | None] | None:
    """The actions of an SDK, with the request fields of some of them.

    Args:
        package: package of the SDK.
        wanted: actions whose fields are read; the others get None.

    Returns:
        Fields by action; None when the SDK is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    client = Path(spec.origin).with_name("client.py").read_text(encoding="utf-8")
    names = sorted(set(_ACTION.findall(client)))
    module = models(package)
    if package == PACKAGES["oss"]:
        # The SDK has no names of parameters for OSS that are those on the wire.
        wanted = ()
    return {name: fields(module, name) if name in wanted else None for name in names}


def fields(module: ModuleType, action: str) -> list[str]:
    """The names of an action's parameters on the wire. Of structures only the outermost name."""
    request = getattr(module, f"{action}Request", None)
    if request is None:
        return []
    return sorted(set(_FIELD.findall(inspect.getsource(request.from_map))))
